"""One warm pool for all tests that do not break it."""

from collections.abc import Iterator

import pytest

from priceindex.forecast.fitted.workers import FittedPool


@pytest.fixture(scope="session")
def pool() -> Iterator[FittedPool]:
    """A pool of one process."""
    with FittedPool(1) as made:
        yield made
