"""What a source did long ago counts less: half as much for every thirty days."""

from datetime import timedelta

import pytest

from priceindex.reputation.measures import Measure, measures
from tests.priceindex.reputation.test_scores import FIRST, told
from tests.priceindex.small_market import NOW_MS, SmallMarket


def test_a_slow_quote_of_thirty_days_ago_counts_half_a_prompt_one(
    sqlite_market: SmallMarket,
) -> None:
    told(sqlite_market, "fair", [8500], lag_days=9)
    told(sqlite_market, "fair", [8500], first=FIRST + timedelta(days=30))
    with sqlite_market.read() as session:
        trials = measures(session, NOW_MS)["fair"][Measure.TIMELY]
    assert trials.well == pytest.approx(1.0)
    assert trials.of == pytest.approx(1.5)
