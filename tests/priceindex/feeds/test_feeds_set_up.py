"""Feeds as configured sources: set up once, due by their interval, taken by one process."""

from typing import Any

import pytest

from priceindex.feeds.feed_errors import FeedExists, MalformedFeed, UnknownFeed
from priceindex.feeds.feed_polls import Outcome, Poll, feed_health, note_poll, polls_of
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.feeds import FeedNew, add_feed, claim_poll, due_feeds, feed, feeds, put_off, switch_feed
from tests.priceindex.small_market import SmallMarket

NEW = FeedNew(name="site", address="https://prices.example.org/x.csv?key=secret", every_minutes=30)
HALF_HOUR_MS = 30 * 60_000


def changed(**parts: Any) -> FeedNew:
    return FeedNew.model_validate(NEW.model_dump() | parts)


def test_a_feed_set_up_twice_is_one_feed_and_another_of_its_name_is_refused(market: SmallMarket) -> None:
    with market.write() as session:
        made = add_feed(session, NEW, "operator", 5)
        assert add_feed(session, NEW, "operator", 9) == made
        assert (made.source, made.next_ms, made.enabled) == ("site", 5, True)
        with pytest.raises(FeedExists):
            add_feed(session, changed(every_minutes=60), "operator", 9)
        assert feeds(session) == [made]
        assert "secret" not in made.shown
        with pytest.raises(UnknownFeed):
            feed(session, "other")


def test_a_due_feed_is_taken_by_one_process_and_due_again_after_its_interval(market: SmallMarket) -> None:
    with market.write() as session:
        add_feed(session, NEW, "operator", 0)
        [due] = due_feeds(session, 0)
        assert [claim_poll(session, due, 1000), claim_poll(session, due, 1000)] == [True, False]
        assert due_feeds(session, 1000 + HALF_HOUR_MS - 1) == []
        assert [each.name for each in due_feeds(session, 1000 + HALF_HOUR_MS)] == ["site"]


def test_patience_a_source_asked_for_moves_the_next_poll_and_never_forward(
    sqlite_market: SmallMarket,
) -> None:
    with sqlite_market.write() as session:
        add_feed(session, NEW, "operator", 100)
        put_off(session, "site", 5_000)
        put_off(session, "site", 50)
        assert feed(session, "site").next_ms == 5_000


def test_a_disabled_feed_is_never_due(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        add_feed(session, NEW, "operator", 0)
        switch_feed(session, "site", on=False, at_ms=1)
        assert due_feeds(session, 10**15) == []
        assert switch_feed(session, "site", on=True, at_ms=7).next_ms == 7


@pytest.mark.parametrize(
    "parts",
    [
        {"address": "ftp://prices.example.org/x"},
        {"address": "file:///etc/passwd"},
        {"address": "https://user:word@prices.example.org/x"},
        {"address": "https:///x.csv"},
        {"address": "https://价格.example/x.csv"},
        {"shape": "unknown"},
        {"shape": "prose", "form": "csv"},
        {"shape": "table", "form": "text"},
        {"shape": "collectors-form", "form": "html"},
    ],
)
def test_a_feed_that_could_never_work_is_not_set_up(
    sqlite_market: SmallMarket, parts: dict[str, object]
) -> None:
    with sqlite_market.write() as session, pytest.raises(MalformedFeed):
        add_feed(session, changed(**parts), "operator", 0)


@pytest.mark.parametrize("told", ['{"colour":"red"}', '{"day":"2025-12-30"}', '{"rate_days":-1}', "[]"])
def test_a_setting_that_does_not_exist_is_refused(told: str) -> None:
    with pytest.raises(MalformedFeed):
        FeedSettings.read(told)


def test_settings_are_kept_as_what_differs_and_read_back_equal() -> None:
    told = FeedSettings(market="亳州", day="received", unit="元/市斤", tier="web")
    assert FeedSettings.read(told.text()) == told
    assert FeedSettings().text() == "{}"


def test_the_health_of_a_feed_follows_from_its_polls(market: SmallMarket) -> None:
    told = [
        Poll(feed="site", at_ms=1, outcome=Outcome.NEW, rows=10, written=9),
        Poll(feed="site", at_ms=2, outcome=Outcome.NEW, rows=12, written=0),
        Poll(feed="site", at_ms=3, outcome=Outcome.UNCHANGED),
        Poll(feed="site", at_ms=4, outcome=Outcome.FAILED, message_zh="无", message_en="none"),
        Poll(feed="other", at_ms=9, outcome=Outcome.NEW, rows=1, written=1),
    ]
    with market.write() as session:
        for each in told:
            note_poll(session, each)
        health = feed_health(session, "site")
        assert polls_of(session, "site", 2) == [told[3], told[2]]
    assert (health.last, health.last_answer_ms, health.last_new_ms, health.last_rows) == (told[3], 3, 1, 12)
