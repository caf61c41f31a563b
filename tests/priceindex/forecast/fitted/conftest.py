"""One warm pool for all tests of a file that do not break it; it ends with the file."""

from collections.abc import Iterator

import pytest

from priceindex.forecast.fitted.workers import FittedPool


@pytest.fixture(scope="module")
def pool() -> Iterator[FittedPool]:
    """A pool of one process."""
    with FittedPool(1) as made:
        yield made
