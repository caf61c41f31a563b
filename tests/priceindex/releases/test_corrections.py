"""Final values change with a notice or not at all; values on trial are provisional."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from priceindex import service
from priceindex.releases.corrections import correction
from priceindex.releases.notices import NoticeNew, announce, notices
from priceindex.releases.point_planning import plan
from priceindex.releases.publication_calendar import period_of
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_errors import (
    BehindPublished,
    NothingRevised,
    NoticeNeeded,
    OutsideSeries,
)
from priceindex.releases.series import Frequency
from tests.priceindex.logged import publics
from tests.priceindex.releases.issuing import (
    DAY_MS,
    MAKER,
    OPERATOR,
    UNTIL,
    approve,
    computed,
    correct,
    made_official,
    make,
    publish,
    published,
    say,
)
from tests.priceindex.small_market import NOW_MS, SmallMarket, day, quote

JULY = day("2026-07-04")
ALL: tuple[str, str, str, Frequency] = ("bozhou", "composite", "all", "day")


def official_release(market: SmallMarket) -> int:
    """An official release through a day of July 2026; returns its moment."""
    at_ms = made_official(market)
    say(market, [quote(8200, "2026-07-04"), quote(6100, "2026-07-04", "茯苓", "丁")], at_ms)
    made = make(market, computed(market, at_ms, JULY), at_ms)
    approve(market, made, made.due_ms)
    return made.due_ms


def test_values_on_trial_are_revised_without_a_notice(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    correct(sqlite_market, 8100, "2025-03-20", NOW_MS + 1)
    publish(sqlite_market, computed(sqlite_market, NOW_MS + 1), NOW_MS + 1)
    with sqlite_market.read() as session:
        assert notices(session, as_of_ms=NOW_MS + DAY_MS) == []
        told = service.observations(session, *ALL, as_of_ms=NOW_MS + 400 * DAY_MS)
    assert {(each.status, each.final) for each in told} == {("R", False)}


def test_a_final_value_changes_with_a_notice_that_names_both_values(market: SmallMarket) -> None:
    at_ms = official_release(market)
    with market.read() as session:
        before = {o.point.day: o.point.value for o in service.observations(session, *ALL, as_of_ms=at_ms)}
    correct(market, 8600, "2025-03-20", at_ms + 1)
    run = computed(market, at_ms + 1, JULY)
    with pytest.raises(NoticeNeeded):
        make(market, run, at_ms + 2)
    made = make(market, run, at_ms + 2, reason="三月二十日白芍报价有误，经电话核实更正")
    approve(market, made, at_ms + 3)
    market.settle()
    with market.read() as session:
        (notice,) = notices(session, "bozhou", as_of_ms=at_ms + 3)
        after = {o.point.day: o.point.value for o in service.observations(session, *ALL, as_of_ms=at_ms + 3)}
        assert notices(session, as_of_ms=at_ms + 2) == []
    changed = [on for on in after if after[on] != before[on]]
    # The week that holds the first changed day begins before it, and its value changes too.
    assert notice.first_day == period_of("week", min(changed))[0]
    assert notice.last_day == max(changed)
    assert (notice.node, notice.wrong, notice.corrected) == (
        "all",
        before[notice.last_day],
        after[notice.last_day],
    )
    assert notice.values_changed >= len(changed)
    (said,) = publics(market, "index.notice")
    assert (said["reason"], said["wrong"]) == (notice.reason, str(notice.wrong))
    assert "王五" not in str(said)


def test_a_value_becomes_final_with_age_and_with_nothing_else(sqlite_market: SmallMarket) -> None:
    at_ms = official_release(sqlite_market)
    with sqlite_market.read() as session:
        young = service.observations(session, *ALL, as_of_ms=at_ms + 9 * DAY_MS)[-1]
        old = service.observations(session, *ALL, as_of_ms=at_ms + 10 * DAY_MS)[-1]
    assert (young.point.day, young.status, young.final) == (JULY, "P", False)
    assert (old.status, old.final) == ("F", True)
    assert old.vintage == young.vintage


def test_a_small_change_of_a_provisional_composite_needs_no_notice_and_a_large_one_does(
    sqlite_market: SmallMarket,
) -> None:
    at_ms = official_release(sqlite_market)
    correct(sqlite_market, 8200 + 400, "2026-07-04", at_ms + 1)
    with pytest.raises(NoticeNeeded):
        make(sqlite_market, computed(sqlite_market, at_ms + 1, JULY), at_ms + 2)
    say(sqlite_market, [quote(8200, "2026-07-04"), quote(6101, "2026-07-04", "茯苓", "丁")], at_ms + 3)
    run = computed(sqlite_market, at_ms + 3, JULY)
    looser = run.family.publication.model_copy(update={"notice_over_points": "0.1"})
    lenient = replace(run.family, publication=looser)
    with sqlite_market.read() as session:
        said = service.observations(session, *ALL, as_of_ms=at_ms)[-1].point.value
        planned = plan(session, run.family, run.all_series(), ReleaseStatus.OFFICIAL, at_ms + 4)
        strictly, leniently = (
            correction(session, family, planned, 4, at_ms + 4) for family in (run.family, lenient)
        )
    moved = abs((run.series("composite", "all").last.value or 0) - (said or 0))
    assert Decimal("0.05") < moved < Decimal("0.1")
    assert strictly is not None
    assert leniently is None


def test_a_correction_that_corrects_nothing_is_refused(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    say(sqlite_market, [quote(8000, "2025-04-01"), quote(6000, "2025-04-01", "茯苓", "丁")], NOW_MS + 1)
    run = computed(sqlite_market, NOW_MS + 1, day("2025-04-01"))
    with pytest.raises(NothingRevised):
        publish(sqlite_market, run, NOW_MS + 2, reason="更正")


def test_earlier_days_are_corrected_through_the_newest(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    correct(sqlite_market, 8100, "2025-03-18", NOW_MS + 1)
    short = computed(sqlite_market, NOW_MS + 1, UNTIL - datetime.timedelta(days=2))
    with pytest.raises(BehindPublished):
        publish(sqlite_market, short, NOW_MS + 2)
    corrected = publish(sqlite_market, computed(sqlite_market, NOW_MS + 1), NOW_MS + 2, "漏报")
    assert corrected.release_id.endswith("-r1")


def test_a_wrong_release_is_announced_before_it_is_corrected(market: SmallMarket) -> None:
    release = published(market)
    new = NoticeNew(first_day=day("2025-03-19"), last_day=UNTIL, reason="发现单位有误，更正另行发布")
    with market.write() as session:
        told = announce(session, OPERATOR, release.release_id, new, MAKER, NOW_MS + 5)
        outside = new.model_copy(update={"first_day": day("2026-01-01"), "last_day": day("2026-01-02")})
        with pytest.raises(OutsideSeries):
            announce(session, OPERATOR, release.release_id, outside, MAKER, NOW_MS + 5)
    market.settle()
    assert (told.wrong, told.corrected, told.values_changed) == (release.headline, None, 0)
    with market.read() as session:
        assert notices(session, release_id=release.release_id, as_of_ms=NOW_MS + 5) == [told]
    assert [each["notice"] for each in publics(market, "index.notice")] == [told.notice_id]
