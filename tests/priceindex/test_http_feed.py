"""The HTTP feed against a real server on loopback that misbehaves on demand."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import stamina

from priceindex.errors import BodyTooLarge, FeedRefused, FeedUnreachable, NotPrices
from priceindex.feeds.csv_feed import read_csv
from priceindex.feeds.feed_errors import AddressRefused
from priceindex.feeds.grid import Form
from priceindex.feeds.http_feed import HttpFeed, retry_after_s
from priceindex.feeds.state import FRESH, FeedState, remember, state_of
from tests.priceindex.price_site import ANYWHERE, BODY, Answer, Source, hasty
from tests.priceindex.small_market import SmallMarket


@pytest.fixture
def source() -> Iterator[Source]:
    made = Source()
    yield made
    made.close()


@pytest.fixture
def feed(source: Source) -> Iterator[Callable[..., HttpFeed]]:
    """Makes a feed on the source; retries happen, but without their waits."""
    with httpx.Client() as client, stamina.set_testing(True, attempts=4, cap=True):
        yield lambda **parts: HttpFeed(
            url=parts.pop("url", source.url),
            client=client,
            clock=lambda: 42,
            monotonic=parts.pop("monotonic", time.monotonic),
            guard=parts.pop("guard", ANYWHERE),
            turns=hasty(),
            **parts,
        )


def csv_answer(**headers: str) -> Answer:
    return 200, {"content-type": "text/csv; charset=utf-8", **headers}, BODY


def test_a_body_is_fetched_and_its_quotes_are_read(source: Source, feed: Callable[..., HttpFeed]) -> None:
    source.answers = [csv_answer()]
    raw = feed().fetch()
    assert raw is not None
    assert (raw.content, raw.received_ms) == (BODY, 42)
    assert [one.fen_per_kg for one in read_csv(raw.content, raw.name, "site").quotes] == [8500]
    assert source.asked[0]["user-agent"].startswith("daodi-price-feed")


def test_the_second_request_is_conditional_and_unchanged_means_no_body(
    source: Source, feed: Callable[..., HttpFeed], sqlite_market: SmallMarket
) -> None:
    modified = "Sat, 01 Mar 2025 08:00:00 GMT"
    source.answers = [csv_answer(ETag='"v1"', **{"Last-Modified": modified}), (304, {}, b"")]
    raw = feed().fetch()
    with sqlite_market.write() as session:
        assert state_of(session, source.url) == FRESH
        remember(session, source.url, raw, 42)
    with sqlite_market.read() as session:
        state = state_of(session, source.url)
    assert state == FeedState('"v1"', modified)
    assert feed(state=state).fetch() is None
    assert source.asked[1]["if-none-match"] == '"v1"'
    assert source.asked[1]["if-modified-since"] == modified
    assert "if-none-match" not in source.asked[0]
    with sqlite_market.write() as session:
        remember(session, source.url, None, 99)
    with sqlite_market.read() as session:
        assert state_of(session, source.url) == state


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_asked_again(source: Source, feed: Callable[..., HttpFeed], status: int) -> None:
    source.answers = [(status, {"Retry-After": "3"}, b""), (status, {}, b""), csv_answer()]
    raw = feed().fetch()
    assert raw is not None
    assert len(source.asked) == 3


def test_a_source_that_stays_down_is_given_up_after_four_tries(
    source: Source, feed: Callable[..., HttpFeed]
) -> None:
    source.answers = [(503, {}, b"")] * 4
    with pytest.raises(FeedRefused) as refused:
        feed().fetch()
    assert refused.value.parts["status"] == 503
    assert len(source.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500, 301])
def test_what_does_not_pass_is_not_asked_again(
    source: Source, feed: Callable[..., HttpFeed], status: int
) -> None:
    source.answers = [(status, {}, b"")]
    with pytest.raises(FeedRefused):
        feed().fetch()
    assert len(source.asked) == 1


def test_a_source_that_asks_for_an_hour_is_left_alone(source: Source, feed: Callable[..., HttpFeed]) -> None:
    source.answers = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(FeedRefused):
        feed().fetch()
    assert len(source.asked) == 1


def test_the_wait_a_source_asks_for_is_kept(source: Source) -> None:
    """Without the testing mode: Retry-After 1 means at least a second between the two requests."""
    source.answers = [(503, {"Retry-After": "1"}, b""), csv_answer()]
    with httpx.Client() as client:
        started = time.monotonic()
        raw = HttpFeed(
            url=source.url,
            client=client,
            clock=lambda: 42,
            monotonic=time.monotonic,
            guard=ANYWHERE,
            turns=hasty(),
        ).fetch()
    assert raw is not None
    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"content-type": "text/html"}, b"a,b\n"),
        (200, {"content-type": "text/csv"}, b"  <!DOCTYPE html><title>verify you are human</title>"),
        (200, {"content-type": "text/csv"}, b"\xef\xbb\xbf<HTML><body>"),
        (200, {"content-type": "text/csv"}, b" \n"),
        (202, {"content-type": "text/csv"}, BODY),
        (204, {}, b""),
    ],
)
def test_a_success_that_is_a_page_or_nothing_is_not_data(
    source: Source, feed: Callable[..., HttpFeed], answer: Answer
) -> None:
    source.answers = [answer]
    with pytest.raises(NotPrices) as refused:
        feed().fetch()
    assert "secret" not in refused.value.message("en")


def test_a_body_over_the_limit_is_dropped_while_it_is_read(
    source: Source, feed: Callable[..., HttpFeed]
) -> None:
    source.answers = [(200, {"content-type": "text/csv"}, BODY * 1000)]
    with pytest.raises(BodyTooLarge):
        feed(size_limit_bytes=1000).fetch()


def test_an_unasked_304_is_refused(source: Source, feed: Callable[..., HttpFeed]) -> None:
    source.answers = [(304, {}, b"")]
    with pytest.raises(FeedRefused):
        feed().fetch()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.csv", "http://[bad/x"])
def test_a_source_that_cannot_be_reached_is_named_by_its_host_alone(
    feed: Callable[..., HttpFeed], url: str
) -> None:
    with pytest.raises(FeedUnreachable):
        feed(url=url).fetch()


def test_an_address_of_another_kind_is_refused(feed: Callable[..., HttpFeed]) -> None:
    with pytest.raises(AddressRefused):
        feed(url="ftp://127.0.0.1/x.csv").fetch()


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:27:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 0.0),
        ("soon", "Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("Wed, 21 Oct 2026 07:28:30 GMT", None, None),
        (None, None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    value: str | None, date: str | None, seconds: float | None
) -> None:
    assert retry_after_s(value, date) == seconds


def test_a_redirect_is_followed_and_the_body_is_known_by_the_first_address(
    source: Source, feed: Callable[..., HttpFeed]
) -> None:
    source.answers = [(302, {"Location": "/elsewhere.csv"}, b""), csv_answer()]
    raw = feed().fetch()
    assert raw is not None
    assert raw.name == source.url.partition("?")[0]
    assert len(source.asked) == 2


def test_a_body_cut_short_is_asked_for_again(source: Source, feed: Callable[..., HttpFeed]) -> None:
    cut = (200, {"content-type": "text/csv", "content-length": str(len(BODY) + 40)}, BODY)
    source.answers = [cut, csv_answer()]
    raw = feed().fetch()
    assert raw is not None
    assert raw.content == BODY
    assert len(source.asked) == 2


def test_an_answer_that_takes_too_long_is_given_up(source: Source, feed: Callable[..., HttpFeed]) -> None:
    source.answers = [csv_answer()]
    ticks = iter(range(0, 100_000, 1000))
    with pytest.raises(FeedUnreachable) as refused:
        feed(monotonic=lambda: float(next(ticks))).fetch()
    assert refused.value.parts["fault"] == "SlowAnswer"


def test_patience_beyond_ours_is_told_to_whoever_polls(source: Source, feed: Callable[..., HttpFeed]) -> None:
    source.answers = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(FeedRefused) as refused:
        feed().fetch()
    assert refused.value.parts["wait_s"] == 3600.0


@pytest.mark.parametrize(
    ("form", "content", "media"),
    [
        (Form.JSON, BODY, "application/json"),
        (Form.XLSX, BODY, "application/octet-stream"),
        (Form.CSV, b'[{"herb": "x"}]', "text/csv"),
        (Form.CSV, b"PK\x03\x04....", "text/csv"),
        (Form.HTML, BODY, "text/csv"),
        (Form.TEXT, b"<html><body>verify", "text/html"),
    ],
)
def test_a_body_of_another_form_than_set_up_is_not_data(
    source: Source, feed: Callable[..., HttpFeed], form: Form, content: bytes, media: str
) -> None:
    source.answers = [(200, {"content-type": media}, content)]
    with pytest.raises(NotPrices):
        feed(form=form).fetch()


def test_a_page_is_taken_where_a_page_is_meant(source: Source, feed: Callable[..., HttpFeed]) -> None:
    page = b"<!DOCTYPE html><table><tr><td>1</td></tr></table>"
    source.answers = [(200, {"content-type": "text/html"}, page)]
    raw = feed(form=Form.HTML).fetch()
    assert raw is not None
    assert raw.content == page
