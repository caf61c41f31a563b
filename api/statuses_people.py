"""The HTTP status of every error of accounts, of repeated requests and of what is noted of access."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from ledger.errors import DaodiError

PEOPLE_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {}
