"""Every value is written once, under the release that first said it, and read back as of any moment."""

import datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlmodel import Session

from priceindex import service
from priceindex.errors import UnknownNode
from priceindex.releases.series import COUNTS, UNPUBLISHED, Frequency
from tests.priceindex.releases.issuing import (
    DAY_MS,
    UNTIL,
    computed,
    correct,
    fill,
    publish,
    published,
    say,
)
from tests.priceindex.small_market import NOW_MS, SmallMarket, day, quote

LATER_MS = NOW_MS + DAY_MS
ALL: tuple[str, str, str, Frequency] = ("bozhou", "composite", "all", "day")


def count(session: Session, what: str) -> int:
    return int(session.connection().execute(text(what)).scalar_one())


def test_a_further_day_writes_one_point_a_daily_series(market: SmallMarket) -> None:
    """The base is March: what April adds moves nothing that was said."""
    fill(market)
    say(market, [quote(8000, "2025-04-01"), quote(6000, "2025-04-01", "茯苓", "丁")], NOW_MS)
    publish(market, computed(market, until=day("2025-04-01")))
    with market.read() as session:
        before = count(session, "select count(*) from price_point")
        daily = count(session, "select count(*) from price_series where frequency = 'day'")
    say(market, [quote(8000, "2025-04-02"), quote(6000, "2025-04-02", "茯苓", "丁")], LATER_MS)
    publish(market, computed(market, LATER_MS, day("2025-04-02")), LATER_MS)
    with market.read() as session:
        wrote = (
            "select count(*) from price_point where vintage = 2 and series_id in "
            "(select series_id from price_series where frequency = 'day')"
        )
        assert count(session, wrote) == daily
        assert count(session, "select count(*) from price_point where vintage = 1") == before


def test_each_release_reads_back_as_it_was_whatever_came_later(market: SmallMarket) -> None:
    first = published(market)
    runs = [computed(market)]
    correct(market, 8100, "2025-03-20", LATER_MS)
    runs.append(computed(market, LATER_MS))
    second = publish(market, runs[-1], LATER_MS)
    say(market, [quote(7900, "2025-04-01"), quote(6000, "2025-04-01", "茯苓", "丁")], LATER_MS + 1)
    runs.append(computed(market, LATER_MS + 1, day("2025-04-01")))
    third = publish(market, runs[-1], LATER_MS + 1)
    with market.read() as session:
        for release, run in zip((first, second, third), runs, strict=True):
            stored = {
                (s.level, s.node, s.frequency): s for s in service.all_series(session, release.release_id)
            }
            assert stored == {(s.level, s.node, s.frequency): s for s in run.all_series()}
        assert [first.ordinal, second.ordinal, third.ordinal] == [1, 2, 3]


def test_a_series_is_read_as_it_was_public_at_a_moment(market: SmallMarket) -> None:
    first = published(market)
    correct(market, 8100, "2025-03-20", LATER_MS)
    second = publish(market, computed(market, LATER_MS), LATER_MS)
    with market.read() as session:

        def last(at_ms: int) -> Decimal | None:
            return service.observations(session, *ALL, as_of_ms=at_ms)[-1].point.value

        assert last(NOW_MS) == last(LATER_MS - 1) == first.headline
        assert last(LATER_MS) == second.headline != first.headline
        with pytest.raises(UnknownNode):
            service.observations(session, *ALL, as_of_ms=NOW_MS - 1)
        assert service.indices(session, as_of_ms=NOW_MS - 1) == []


def test_since_gives_only_what_a_reader_has_not_seen(market: SmallMarket) -> None:
    published(market)
    correct(market, 8100, "2025-03-20", LATER_MS)
    publish(market, computed(market, LATER_MS), LATER_MS)
    with market.read() as session:
        seen = service.observations(session, *ALL, as_of_ms=LATER_MS, since_ms=NOW_MS)
        herb = service.observations(
            session, "bozhou", "herb", "茯苓", "day", as_of_ms=LATER_MS, since_ms=NOW_MS
        )
        assert service.observations(session, *ALL, as_of_ms=LATER_MS, since_ms=LATER_MS) == []
    # The base is March itself, so that a quote of the 20th moves its mean and with it every day.
    assert {each.vintage for each in seen} == {2}
    assert len(seen) == 20
    assert herb == []


def test_all_vintages_of_a_value_are_kept_with_their_releases(market: SmallMarket) -> None:
    first = published(market)
    correct(market, 8100, "2025-03-20", LATER_MS)
    second = publish(market, computed(market, LATER_MS), LATER_MS)
    with market.read() as session:
        told = service.vintages(session, *ALL, UNTIL)
        history = service.observations(session, *ALL, as_of_ms=LATER_MS, history=True)
    assert [(each.point.value, each.status, each.release_id) for each in told] == [
        (first.headline, "P", first.release_id),
        (second.headline, "R", second.release_id),
    ]
    assert len(history) == 40
    assert [each for each in history if each.point.day == UNTIL] == told


def test_a_day_that_leaves_the_index_is_withdrawn_and_stays_in_the_older_release(
    market: SmallMarket,
) -> None:
    """A quote of a day of its own is decided away: the day is an index day no more."""
    fill(market)
    say(market, [quote(8000, "2025-03-25")], NOW_MS)
    first = publish(market, computed(market, until=day("2025-03-31")))
    say(market, [quote(8000, "2025-03-26"), quote(6000, "2025-03-26", "茯苓", "丁")], LATER_MS)
    with market.write() as session:
        session.connection().execute(
            text("update price_quote set status = 'quarantined' where day = :day"),
            {"day": (day("2025-03-25") - datetime.date(1970, 1, 1)).days},
        )
    second = publish(market, computed(market, LATER_MS, day("2025-03-31")), LATER_MS)
    with market.read() as session:
        days = [point.day for point in service.values(session, second.release_id, "composite", "all").points]
        before = [point.day for point in service.values(session, first.release_id, "composite", "all").points]
        new = service.observations(session, *ALL, as_of_ms=LATER_MS, since_ms=NOW_MS)
        assert service.all_series(session, second.release_id)
    assert day("2025-03-25") in before
    assert day("2025-03-25") not in days
    assert [each.withdrawn for each in new if each.point.day == day("2025-03-25")] == [True]


def test_a_node_that_leaves_the_basket_is_not_in_the_later_release(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    say(sqlite_market, [quote(9000, "2025-03-05", "川芎", "选")], NOW_MS)
    first = publish(sqlite_market, computed(sqlite_market))
    with sqlite_market.write() as session:
        session.connection().execute(
            text(
                "update price_quote set status = 'quarantined' where cell_id in "
                "(select cell_id from price_cell where herb = '川芎')"
            )
        )
    second = publish(sqlite_market, computed(sqlite_market, LATER_MS), LATER_MS)
    with sqlite_market.read() as session:
        assert "川芎" in [line.node for line in service.nodes(session, first.release_id, "herb")]
        assert "川芎" not in [line.node for line in service.nodes(session, second.release_id, "herb")]
        with pytest.raises(UnknownNode):
            service.values(session, second.release_id, "herb", "川芎")
        assert service.values(session, first.release_id, "herb", "川芎").last.value is not None


def test_every_point_tells_what_it_rests_on(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.read() as session:
        series = service.values(session, release.release_id, "composite", "all")
    assert set(series.counts) == set(COUNTS)
    last = series.last
    assert (last.quoted, last.markets, last.grades, last.sources, last.market_bp) == (2, 1, 2, 1, 10_000)
    assert UNPUBLISHED not in series.units


def test_the_newest_value_of_every_index_stands_in_one_list(market: SmallMarket) -> None:
    release = published(market)
    with market.read() as session:
        lines = service.indices(session, as_of_ms=NOW_MS)
        nodes = service.nodes(session, release.release_id)
        herbs = service.indices(session, as_of_ms=NOW_MS, level="herb")
    daily = [line for line in lines if line.frequency == "day"]
    assert [(line.level, line.node, line.newest.point.value) for line in daily] == [
        (node.level, node.node, node.last_value) for node in nodes
    ]
    assert {line.node for line in herbs} == {"白芍", "茯苓"}
