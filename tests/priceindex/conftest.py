"""A small market in each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.priceindex.small_market import SmallMarket


@pytest.fixture
def market(database_url: str) -> Iterator[SmallMarket]:
    """An empty market with a founded log, on SQLite and on PostgreSQL."""
    made = SmallMarket(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def sqlite_market(sqlite_url: str) -> Iterator[SmallMarket]:
    """The same on SQLite alone, for tests that are not about the database."""
    made = SmallMarket(sqlite_url)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def bozhou(shared: Path) -> bytes:
    """The 11,396 real quotes of the Bozhou market, 2025-02-27 to 2025-12-31."""
    return (shared / "data" / "prices" / "bozhou_daily_2025.csv").read_bytes()
