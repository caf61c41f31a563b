"""Quotes over HTTP: asked politely, retried with patience, and believed only when they are data.

An answer of 200 proves nothing: sites behind a challenge answer 200 or 202 with a page for browsers.
So the status must be 200, the media type and the first bytes must not be a page's, and the length
stays within a limit that is checked while reading, not after.
"""

import email.utils
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx
import stamina

from priceindex.errors import BodyTooLarge, FeedRefused, FeedUnreachable, NotPrices
from priceindex.feeds.contract import RawBody
from priceindex.feeds.csv_feed import read_csv
from priceindex.feeds.state import FRESH, FeedState
from priceindex.quotes import ReadResult

USER_AGENT: Final = "daodi-price-feed/0.1"
"""Says who asks, so that a source can reach or refuse us."""
SIZE_LIMIT_BYTES: Final = 32 * 1024 * 1024
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
LONGEST_WAIT_S: Final = 60.0
"""A source that asks for more patience than this is left alone until the next poll."""
_RETRIED: Final = frozenset((429, 502, 503, 504))
_PAGE: Final = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)", re.IGNORECASE
)


class _AskAgain(Exception):
    """The source answered that a later try may succeed."""

    def __init__(self, status: int, wait_s: float | None) -> None:
        self.status = status
        self.wait_s = wait_s
        super().__init__(f"status {status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFeed:
    """A CSV of quotes at an address."""

    url: str
    source: str
    client: httpx.Client
    """Carries time limits and proxies; make it with `timeout=TIMEOUT`."""
    clock: Callable[[], int]
    """Gives epoch milliseconds."""
    state: FeedState = FRESH
    """What the last good fetch told, for a conditional request."""
    size_limit_bytes: int = SIZE_LIMIT_BYTES
    attempts: int = 4

    def fetch(self) -> RawBody | None:
        """Get the body, or None when the source says it has not changed since `state`.

        Connection faults and 429, 502, 503, 504 are tried again with growing waits, or after the
        time that Retry-After asks for. Raises `FeedUnreachable`, `FeedRefused`, `NotPrices` or
        `BodyTooLarge`.
        """
        host = _host(self.url)
        try:
            for attempt in stamina.retry_context(
                on=_backoff, attempts=self.attempts, timeout=4 * LONGEST_WAIT_S
            ):
                with attempt:
                    return self._ask(host)
        except _AskAgain as fault:
            raise FeedRefused(host=host, status=fault.status) from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise FeedUnreachable(host=host, fault=type(fault).__name__) from fault
        raise FeedUnreachable(host=host, fault="no attempt was made")

    def parse(self, raw: RawBody) -> ReadResult:
        """Read the quotes out of the body."""
        return read_csv(raw.content, raw.name, self.source)

    def _ask(self, host: str) -> RawBody | None:
        headers = {
            "user-agent": USER_AGENT,
            "accept": "text/csv, text/plain;q=0.5",
            **self.state.conditions(),
        }
        with self.client.stream("GET", self.url, headers=headers) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED and self.state != FRESH:
                return None
            _check_status(answer, host)
            content = b"".join(self._within_limit(answer, host))
        _check_prices(content, answer.headers.get("content-type", ""), host)
        return RawBody(
            name=self.url,
            content=content,
            media_type=answer.headers.get("content-type", "application/octet-stream"),
            received_ms=self.clock(),
            headers={name.lower(): value for name, value in answer.headers.items()},
        )

    def _within_limit(self, answer: httpx.Response, host: str) -> Iterator[bytes]:
        length = 0
        for chunk in answer.iter_bytes():
            length += len(chunk)
            if length > self.size_limit_bytes:
                raise BodyTooLarge(host=host, limit_bytes=self.size_limit_bytes)
            yield chunk


def _backoff(fault: Exception) -> bool | float:
    """Whether, and after how many seconds if the source said so, to try again."""
    if isinstance(fault, _AskAgain):
        return True if fault.wait_s is None else fault.wait_s
    return isinstance(fault, httpx.TransportError)


def _check_status(answer: httpx.Response, host: str) -> None:
    status = answer.status_code
    if status in _RETRIED:
        wait_s = retry_after_s(answer.headers.get("retry-after"), answer.headers.get("date"))
        if wait_s is None or wait_s <= LONGEST_WAIT_S:
            raise _AskAgain(status, wait_s)
    if 200 < status < 300:
        raise NotPrices(
            host=host, why_zh=f"状态为 {status}，不是 200", why_en=f"the status is {status}, not 200"
        )
    if status != httpx.codes.OK:
        raise FeedRefused(host=host, status=status)


def retry_after_s(value: str | None, date: str | None) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110, section 10.2.3); None when it asks nothing.

    A date is taken against the answer's own Date header, so that no clock of ours matters.

    >>> retry_after_s("120", None)
    120.0
    >>> retry_after_s("Wed, 21 Oct 2026 07:28:05 GMT", "Wed, 21 Oct 2026 07:28:00 GMT")
    5.0
    """
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
        return max(0.0, (until - email.utils.parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return None


def _check_prices(content: bytes, media_type: str, host: str) -> None:
    if not content.strip():
        raise NotPrices(host=host, why_zh="内容为空", why_en="it is empty")
    if "html" in media_type.lower() or _PAGE.match(content):
        raise NotPrices(host=host, why_zh="这是网页而不是数据文件", why_en="it is a web page")


def _host(url: str) -> str:
    """The host of an address, for messages: never the query, which may hold a key."""
    try:
        return httpx.URL(url).host or "?"
    except httpx.InvalidURL:
        return "?"
