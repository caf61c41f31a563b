"""The revision triangle says how values changed from release to release."""

from decimal import Decimal

import pytest

from priceindex import service
from priceindex.errors import UnknownNode
from priceindex.releases.series import Frequency
from tests.priceindex.releases.issuing import DAY_MS, computed, correct, publish, published
from tests.priceindex.small_market import NOW_MS, SmallMarket

ALL: tuple[str, str, str, Frequency] = ("bozhou", "composite", "all", "day")


def test_the_triangle_holds_each_value_as_it_stood_after_each_release(market: SmallMarket) -> None:
    releases = [published(market)]
    for turn, fen in enumerate((8100, 8200), start=1):
        correct(market, fen, "2025-03-20", NOW_MS + turn * DAY_MS)
        releases.append(publish(market, computed(market, NOW_MS + turn * DAY_MS), NOW_MS + turn * DAY_MS))
    with market.read() as session:
        found = service.triangle(session, *ALL, 3)
        said = [service.values(session, each.release_id, "composite", "all").points for each in releases]
    assert [head.release_id for head in found.vintages] == [each.release_id for each in releases]
    for row, period in enumerate(found.periods):
        told = [next(point.value for point in points if point.day == period) for points in said]
        assert list(found.values[row]) == told
    revisions = [row[-1] - row[0] for row in found.values if row[-1] is not None and row[0] is not None]
    assert found.mean_absolute_revision == sum(map(abs, revisions), Decimal(0)) / 3 > 0
    assert found.mean_revision == sum(revisions, Decimal(0)) / 3


def test_what_was_never_revised_has_no_revision(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    with sqlite_market.read() as session:
        found = service.triangle(session, *ALL, 5)
        with pytest.raises(UnknownNode):
            service.triangle(session, "bozhou", "herb", "人参", "day", 5)
        with pytest.raises(UnknownNode):
            service.triangle(session, *ALL, 5, as_of_ms=NOW_MS - 1)
    assert found.mean_absolute_revision == 0
    assert len(found.periods) == 5
