"""The HTTP status of every error of forecasts and warnings; `api.statuses` joins it to the rest."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import priceindex.forecast.forecast_errors as forecast
from ledger.errors import DaodiError

FORECAST_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {
    HTTPStatus.INTERNAL_SERVER_ERROR: (forecast.PanelMisshapen,),
}
"""Leaf error classes by their status."""
