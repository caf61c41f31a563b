"""A family goes from trial to official to its end, step by step, each with its reason in the log."""

import pytest

from priceindex.errors import TrialTooShort
from priceindex.releases import standing
from priceindex.releases.release_errors import NotPublishing, StandingRefused
from priceindex.releases.standing import Standing
from tests.priceindex.logged import publics
from tests.priceindex.releases.issuing import (
    BOZHOU,
    DAY_MS,
    become,
    computed,
    correct,
    made_official,
    publish,
    published,
)
from tests.priceindex.small_market import NOW_MS, SmallMarket


def now(market: SmallMarket, at_ms: int) -> Standing:
    with market.read() as session:
        return standing.standing_of(session, "bozhou", at_ms).standing


def test_a_family_is_a_draft_until_its_first_release_and_on_trial_after_it(market: SmallMarket) -> None:
    assert now(market, NOW_MS) is Standing.DRAFT
    published(market)
    assert now(market, NOW_MS - 1) is Standing.DRAFT
    assert now(market, NOW_MS) is Standing.TRIAL


def test_official_takes_the_days_of_trial_its_text_asks_for(market: SmallMarket) -> None:
    with pytest.raises(StandingRefused):
        become(market, Standing.OFFICIAL, NOW_MS)
    published(market)
    with pytest.raises(TrialTooShort):
        become(market, Standing.OFFICIAL, NOW_MS + 182 * DAY_MS)
    assert BOZHOU.publication.trial_days == 183
    become(market, Standing.OFFICIAL, NOW_MS + 183 * DAY_MS)
    assert now(market, NOW_MS + 183 * DAY_MS) is Standing.OFFICIAL
    assert now(market, NOW_MS + 183 * DAY_MS - 1) is Standing.TRIAL


def test_every_step_is_stated_in_the_log_with_its_reason_and_no_name(market: SmallMarket) -> None:
    at_ms = made_official(market)
    become(market, Standing.SUSPENDED, at_ms + 1, "来源中断")
    market.settle()
    said = publics(market, "index.standing")
    assert [(each["before"], each["standing"], each["reason"]) for each in said] == [
        ("trial", "official", "董事会决定"),
        ("official", "suspended", "来源中断"),
    ]
    assert "王五" not in str(said)


def test_a_suspended_family_publishes_nothing_until_it_is_resumed(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    correct(sqlite_market, 8100, "2025-03-20", NOW_MS + 1)
    run = computed(sqlite_market, NOW_MS + 1)
    become(sqlite_market, Standing.SUSPENDED, NOW_MS + 2)
    with pytest.raises(NotPublishing):
        publish(sqlite_market, run, NOW_MS + 3)
    become(sqlite_market, Standing.TRIAL, NOW_MS + 4)
    assert publish(sqlite_market, run, NOW_MS + 5).ordinal == 2


def test_what_is_terminated_stays_so(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    become(sqlite_market, Standing.TERMINATED, NOW_MS + 1)
    for wanted in Standing:
        with pytest.raises(StandingRefused):
            become(sqlite_market, wanted, NOW_MS + 2)
    with pytest.raises(NotPublishing):
        publish(sqlite_market, computed(sqlite_market), NOW_MS + 3)


def test_a_suspension_is_no_way_around_the_trial(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    become(sqlite_market, Standing.SUSPENDED, NOW_MS + 1)
    with pytest.raises(TrialTooShort):
        become(sqlite_market, Standing.OFFICIAL, NOW_MS + 2)
