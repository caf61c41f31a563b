"""Polling feeds in the service: due, archived, read, taken in; each fault kept and none forgotten."""

from collections.abc import Iterator

import pytest
from sqlmodel import func, select

from api.station import Station
from priceindex import archive, book
from priceindex.feeds.feed_errors import FeedDisabled, UnknownFeed
from priceindex.feeds.feed_polls import Outcome, feed_health
from priceindex.feeds.feed_tables import FeedPollRow
from priceindex.feeds.feeds import feed, switch_feed
from priceindex.feeds.readers import read_again
from priceindex.quotes import Status
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.feed_station import FeedStation, polled, rows

CSV = {"content-type": "text/csv"}
CHALLENGE = b"<!DOCTYPE html><script>challenge()</script>"


@pytest.fixture
def at(station: Station) -> Iterator[FeedStation]:
    with polled(station) as opened:
        yield opened


@ON_BOTH_DATABASES
def test_a_due_feed_is_asked_archived_read_and_taken_in_once(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(200, CSV | {"ETag": '"v1"'}, rows(3)), (304, {}, b"")]
    [poll] = at.polling.poll_due()
    assert (poll.outcome, poll.rows, poll.written, poll.faults) == (Outcome.NEW, 3, 3, 0)
    assert at.polling.poll_due() == []
    at.later()
    [again] = at.polling.poll_due()
    assert again.outcome is Outcome.UNCHANGED
    assert at.site.asked[1]["if-none-match"] == '"v1"'
    with at.station.database.read() as session:
        assert poll.body_sha256 is not None
        kept = archive.archived(session, poll.body_sha256)
        assert kept.raw.content == rows(3)
        assert "secret" not in kept.raw.name
        [first, *_] = book.quotes(session)
        assert (first.source, first.archive_sha256, first.submitter) == (
            "site",
            poll.body_sha256,
            "poll site",
        )
        assert len(read_again(session, poll.body_sha256, "site").quotes) == 3


def test_a_body_nobody_can_read_is_archived_all_the_same_and_asked_for_again(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(200, CSV | {"ETag": '"v1"'}, b"a,b\n1,2\n"), (200, CSV, rows(2))]
    [poll] = at.polling.poll_due()
    assert poll.outcome is Outcome.UNREADABLE
    assert poll.message("en") != poll.message("zh")
    with at.station.database.read() as session:
        assert poll.body_sha256 is not None
        assert archive.body(session, poll.body_sha256) == b"a,b\n1,2\n"
    at.later()
    assert at.polling.poll_due()[0].written == 2
    assert "if-none-match" not in at.site.asked[1]


def test_a_bad_row_stays_out_and_the_good_ones_come_in(at: FeedStation) -> None:
    at.set_up()
    bad = rows(2) + "\n白芍,九号,安徽,亳州,2025-03-01,5-5-6.5\n".encode()
    at.site.answers = [(200, CSV, bad)]
    [poll] = at.polling.poll_due()
    assert (poll.rows, poll.written, poll.faults) == (3, 2, 1)


@pytest.mark.parametrize("count", [2, 25])
def test_a_body_with_far_other_rows_than_the_last_waits_in_quarantine(at: FeedStation, count: int) -> None:
    at.set_up()
    at.site.answers = [(200, CSV, rows(10)), (200, CSV, rows(count, fen=8600))]
    at.polling.poll_due()
    at.later()
    [poll] = at.polling.poll_due()
    assert poll.quarantined == poll.written == count
    assert str(count) in poll.message("en")
    with at.station.database.read() as session:
        waiting = book.quotes(session, status=Status.QUARANTINED)
        assert {each.rules for each in waiting} == {("row-count-off",)}


def test_between_half_and_twice_as_many_rows_are_taken_in(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(200, CSV, rows(10)), (200, CSV, rows(5, 8600)), (200, CSV, rows(10, 8700))]
    for _ in range(3):
        [poll] = at.polling.poll_due()
        assert poll.quarantined == 0
        at.later()


def test_a_source_that_needs_no_such_check_says_so(at: FeedStation) -> None:
    at.set_up(settings={"rows": "any"})
    at.site.answers = [(200, CSV, rows(10)), (200, CSV, rows(1, 8600))]
    at.polling.poll_due()
    at.later()
    assert at.polling.poll_due()[0].quarantined == 0


def test_a_challenge_page_is_a_fault_of_the_host_and_five_open_its_breaker(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(202, {"content-type": "text/html"}, CHALLENGE)] * 5 + [(200, CSV, rows(1))]
    for _ in range(5):
        [poll] = at.polling.poll_due()
        assert poll.outcome is Outcome.FAILED
        at.later()
    at.now_ms -= 29 * 60_000
    assert at.polling.poll("site").outcome is Outcome.RESTING
    assert len(at.site.asked) == 5
    at.later(15)
    assert at.polling.poll("site").outcome is Outcome.NEW
    with at.station.database.read() as session:
        assert session.exec(select(func.count()).select_from(FeedPollRow)).one() == 7
        assert feed_health(session, "site").last_rows == 1


def test_patience_a_source_asks_for_is_kept_over_the_feeds_own_interval(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(429, {"Retry-After": "7200"}, b""), (200, CSV, rows(1))]
    assert at.polling.poll_due()[0].outcome is Outcome.FAILED
    at.later(60)
    assert at.polling.poll_due() == []
    at.later(60)
    assert at.polling.poll_due()[0].outcome is Outcome.NEW


def test_one_feed_that_fails_holds_up_no_other(at: FeedStation) -> None:
    at.set_up()
    at.set_up(name="other", address="http://127.0.0.1:1/x.csv")
    at.site.answers = [(200, CSV, rows(1))]
    outcomes = {each.feed: each.outcome for each in at.polling.poll_due()}
    assert outcomes == {"site": Outcome.NEW, "other": Outcome.FAILED}


def test_changes_of_a_trend_table_are_compared_with_the_book(at: FeedStation) -> None:
    at.set_up(shape="trend-table")
    head = "品名,规格,产地,市场,日期,价格,走势,周涨跌\n"
    first = (head + "白芍,统,安徽,亳州,2025-03-01,60,平,\n").encode()
    second = (head + "白芍,统,安徽,亳州,2025-03-08,65,慢,8.33%\n").encode()
    at.site.answers = [(200, CSV, first), (200, CSV, second)]
    at.polling.poll_due()
    at.later()
    [poll] = at.polling.poll_due()
    assert (poll.written, poll.claims_agreed, poll.claims_differed) == (1, 1, 0)
    with at.station.database.read() as session:
        assert [each.trend for each in book.quotes(session)] == ["慢", "平"]


def test_a_disabled_or_unknown_feed_is_not_asked(at: FeedStation) -> None:
    at.set_up()
    at.station.writer.submit(lambda session: switch_feed(session, "site", on=False, at_ms=at.now_ms))
    assert at.polling.poll_due() == []
    with pytest.raises(FeedDisabled):
        at.polling.poll("site")
    with pytest.raises(UnknownFeed):
        at.polling.poll("none")
    assert at.site.asked == []


def test_a_poll_by_hand_moves_the_next_one(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(200, CSV, rows(1))]
    at.polling.poll("site")
    with at.station.database.read() as session:
        assert feed(session, "site").next_ms == at.now_ms + 30 * 60_000
