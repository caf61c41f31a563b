"""A small log in each database, as the ledger's own tests use it, and a service, as the api's do."""

from tests.api.conftest import app, client, laid_once, published, service_url, settings, station, token_with
from tests.ledger.conftest import log_of_two, sqlite_log
from tests.priceindex.conftest import sqlite_market

__all__ = [
    "app",
    "client",
    "laid_once",
    "log_of_two",
    "published",
    "service_url",
    "settings",
    "sqlite_log",
    "sqlite_market",
    "station",
    "token_with",
]
