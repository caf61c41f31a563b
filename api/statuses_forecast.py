"""The HTTP status of every error of forecasts and warnings; `api.statuses` joins it to the rest."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import priceindex.forecast.forecast_errors as forecast
import priceindex.forecast.track.track_errors as track
import priceindex.warning.warning_errors as warning
from ledger.errors import DaodiError

FORECAST_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {
    HTTPStatus.NOT_FOUND: (
        track.UnknownForecast,
        track.NoForecastYet,
        warning.UnknownWarning,
        warning.UnknownRule,
        warning.HealthHerbUnknown,
    ),
    HTTPStatus.CONFLICT: (
        track.ForecastUnreadable,
        track.NoReleaseYet,
        track.NothingToForecast,
        track.ForecastTooLate,
        forecast.ForecastStands,
        forecast.FitsSwitchedOff,
        forecast.NodeNotFitted,
        warning.WarningEnded,
        warning.WarningNotClosed,
        warning.WarningTaken,
        warning.HealthHerbListed,
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        track.ForecastAltered,
        track.ForecastMissing,
        track.ForecastUnlogged,
        track.ForecastBackdated,
        track.ForecastDiffers,
        track.ForecastSetDiffers,
        forecast.SeriesMisshapen,
        forecast.DaysNotRising,
        forecast.BoundsCrossed,
        forecast.IndicatorMisshapen,
        forecast.TreeMisshapen,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (forecast.FitsEnded, forecast.FitTakesTooLong),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        forecast.ForecasterUnknown,
        forecast.SeriesMalformed,
        forecast.SeriesFileColumns,
        forecast.SeriesFileCell,
        forecast.RegressorsMalformed,
        forecast.RegressorIncomplete,
        warning.SnoozePast,
    ),
}
"""Leaf error classes by their status."""
