"""A small log in each database."""

from collections.abc import Iterator

import pytest

from tests.ledger.small_log import SmallLog


@pytest.fixture
def log_of_two(database_url: str) -> Iterator[SmallLog]:
    """A log whose own key and one grower's key are registered, nothing integrated; on both databases."""
    log = SmallLog(database_url)
    yield log
    log.engine.dispose()


@pytest.fixture
def sqlite_log(sqlite_url: str) -> Iterator[SmallLog]:
    """The same on SQLite alone, for tests that are not about the database."""
    log = SmallLog(sqlite_url)
    yield log
    log.engine.dispose()
