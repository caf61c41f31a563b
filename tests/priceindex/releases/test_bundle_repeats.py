"""A bundle that holds the same quote twice is refused: it would weigh twice and no one would see it."""

import json

import pytest

from ledger.canonical import canonical
from priceindex import service
from priceindex.errors import MalformedBundle
from tests.priceindex.releases.issuing import computed, fill
from tests.priceindex.small_market import SmallMarket


@pytest.mark.parametrize("dearer", [0, 100])
@pytest.mark.parametrize("place", [0, 5, -1])
def test_the_same_quote_twice_is_refused_whatever_price_it_names(
    sqlite_market: SmallMarket, place: int, dearer: int
) -> None:
    fill(sqlite_market)
    told = json.loads(computed(sqlite_market).bundle)
    at = range(len(told["quotes"]["cell"]))[place]
    for name, column in told["quotes"].items():
        column.insert(at + 1, column[at] + (dearer if name == "fen" else 0))
    with pytest.raises(MalformedBundle, match="repeated"):
        service.verify_bundle(canonical(told))
