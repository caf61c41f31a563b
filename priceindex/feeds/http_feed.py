"""Quotes over HTTP: asked politely, retried with patience, and believed only when they are data.

An answer of 200 proves nothing (`body_checks`); the length stays within a limit and the whole answer within
a time that are checked while reading, not after; every address, a redirect's too, passes the guard.
"""

import email.utils
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx
import stamina

from ledger.errors import Said
from priceindex.errors import BodyTooLarge, FeedRefused, FeedUnreachable, NotPrices
from priceindex.feeds.address_guard import AddressGuard
from priceindex.feeds.body_checks import ACCEPT, check_body
from priceindex.feeds.contract import RawBody
from priceindex.feeds.feed_errors import AddressRefused
from priceindex.feeds.grid import Form
from priceindex.feeds.host_turns import HostTurns
from priceindex.feeds.state import FRESH, FeedState

USER_AGENT: Final = "daodi-price-feed/0.1"
"""Says who asks, so that a source can reach or refuse us."""
SIZE_LIMIT_BYTES: Final = 32 * 1024 * 1024
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
LONGEST_WAIT_S: Final = 60.0
"""A source that asks for more patience than this is left alone until the next poll."""
_RETRIED: Final = frozenset((429, 502, 503, 504))
_MOVED: Final = frozenset((301, 302, 303, 307, 308))
_REDIRECTS: Final = 3
ANSWER_SECONDS: Final = 120.0
"""A whole answer may take this long: a source that drips byte after byte holds nobody up."""


class _AskAgain(Exception):
    """The source answered that a later try may succeed."""

    def __init__(self, status: int, wait_s: float | None) -> None:
        self.status = status
        self.wait_s = wait_s
        super().__init__(f"status {status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFeed:
    """A body of quotes at an address."""

    url: str
    client: httpx.Client
    """Carries time limits and proxies; make it with `timeout=TIMEOUT`, `follow_redirects=False`."""
    clock: Callable[[], int]
    """Gives epoch milliseconds."""
    monotonic: Callable[[], float]
    """Gives seconds that only grow."""
    guard: AddressGuard
    turns: HostTurns
    form: Form = Form.CSV
    """What the body must be written in."""
    state: FeedState = FRESH
    """What the last good fetch told, for a conditional request."""
    size_limit_bytes: int = SIZE_LIMIT_BYTES
    attempts: int = 4

    def fetch(self) -> RawBody | None:
        """Get the body, or None when the source says it has not changed since `state`.

        Connection faults and 429, 502, 503, 504 are tried again with growing waits, or after the
        time that Retry-After asks for. Raises `FeedUnreachable`, `FeedRefused` (whose part `wait_s` is what
        Retry-After asked for beyond our patience), `NotPrices`, `BodyTooLarge` or `AddressRefused`.
        """
        host = host_of(self.url)
        try:
            for attempt in stamina.retry_context(
                on=_backoff, attempts=self.attempts, timeout=4 * LONGEST_WAIT_S
            ):
                with attempt:
                    return self._ask(host)
        except _AskAgain as fault:
            raise FeedRefused(host=host, status=fault.status, wait_s=fault.wait_s) from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise FeedUnreachable(host=host, fault=type(fault).__name__) from fault
        raise FeedUnreachable(host=host, fault="no attempt was made")

    def _ask(self, host: str) -> RawBody | None:
        url = httpx.URL(self.url)
        for _ in range(_REDIRECTS + 1):
            found = self._answer(url, host)
            if not isinstance(found, httpx.URL):
                return found
            url = found
        why = Said(zh="重定向次数过多", en="it redirects too often")
        raise AddressRefused(host=host, why=why)

    def _answer(self, url: httpx.URL, host: str) -> RawBody | httpx.URL | None:
        """Ask one address once: its body, None for unchanged, or where it sends us."""
        placed = self.guard.place(url)
        headers = {
            "user-agent": USER_AGENT,
            "accept": ACCEPT[self.form],
            "host": placed.host,
            **self.state.conditions(),
        }
        until_s = self.monotonic() + ANSWER_SECONDS
        extensions = {"sni_hostname": placed.server_name}
        with (
            self.turns.turn(placed.server_name),
            self.client.stream("GET", placed.url, headers=headers, extensions=extensions) as answer,
        ):
            if answer.status_code == httpx.codes.NOT_MODIFIED and self.state != FRESH:
                return None
            if answer.status_code in _MOVED and "location" in answer.headers:
                return _moved(url, answer.headers["location"], host)
            _check_status(answer, host)
            content = b"".join(self._within_limits(answer, host, until_s))
        media_type = answer.headers.get("content-type", "")
        check_body(content, media_type, host, self.form)
        return RawBody(
            name=shown_address(self.url),
            content=content,
            media_type=media_type or "application/octet-stream",
            received_ms=self.clock(),
            headers={name.lower(): value for name, value in answer.headers.items()},
        )

    def _within_limits(self, answer: httpx.Response, host: str, until_s: float) -> Iterator[bytes]:
        length = 0
        for chunk in answer.iter_bytes():
            length += len(chunk)
            if length > self.size_limit_bytes:
                raise BodyTooLarge(host=host, limit_bytes=self.size_limit_bytes)
            if self.monotonic() > until_s:
                raise FeedUnreachable(host=host, fault="SlowAnswer")
            yield chunk


def _moved(url: httpx.URL, location: str, host: str) -> httpx.URL:
    """Where a redirect leads; from a protected connection never to an open one."""
    target = url.join(location)
    if url.scheme == "https" and target.scheme != "https":
        why = Said(zh="从 https 转向 http", en="it leads from https to http")
        raise AddressRefused(host=host, why=why)
    return target


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
        raise FeedRefused(host=host, status=status, wait_s=wait_s)
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
    if value.strip().isascii() and value.strip().isdigit():
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
        return max(0.0, (until - email.utils.parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return None


def host_of(url: str) -> str:
    """The host of an address, for messages and turns: never the query, which may hold a key.

    >>> host_of("https://example.org/quotes.csv?key=secret")
    'example.org'
    """
    try:
        return httpx.URL(url).host or "?"
    except httpx.InvalidURL:
        return "?"


def shown_address(url: str) -> str:
    """An address without its query, user and fragment, which may hold secrets.

    >>> shown_address("https://example.org/quotes.csv?key=secret")
    'https://example.org/quotes.csv'
    """
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        return "?"
    return str(found.copy_with(query=None, fragment=None, userinfo=b""))
