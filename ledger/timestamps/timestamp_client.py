"""Asks one timestamp authority over HTTP (RFC 3161, section 3.4) within bounds of size and time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from ledger.errors import Said
from ledger.timestamps.timestamp import MAX_ANSWER
from ledger.timestamps.timestamp_errors import AuthorityRefused, AuthorityUnreachable

_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"


@dataclass(frozen=True, slots=True)
class TimestampClient:
    """One authority as seen from the log. What it answers is not believed until it is verified."""

    url: str
    http: httpx.Client
    """Carries the time limits of a connection; it must not follow redirects."""
    monotonic_s: Callable[[], float]
    """Seconds of a clock that never goes back, for `patience_s`."""
    patience_s: float
    """How long one whole answer may take, however slowly its bytes drip in."""

    def ask(self, der: bytes) -> bytes:
        """Send a TimeStampReq and return the answer's bytes.

        Raises `AuthorityUnreachable` or `AuthorityRefused`.
        """
        headers = {"content-type": _QUERY, "accept": _REPLY, "accept-encoding": "identity"}
        begun = self.monotonic_s()
        try:
            with self.http.stream("POST", self.url, content=der, headers=headers) as answer:
                kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
                if answer.status_code != httpx.codes.OK or kind != _REPLY:
                    raise _refused(f"HTTP {answer.status_code} {kind[:60]!a}")
                content = b""
                for chunk in answer.iter_raw():
                    content += chunk
                    if len(content) > MAX_ANSWER:
                        raise AuthorityRefused(reason=Said("应答过长", "its answer is too long"))
                    if self.monotonic_s() - begun > self.patience_s:
                        raise AuthorityUnreachable(reason=Said("应答过慢", "its answer is too slow"))
                return content
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            name = type(fault).__name__
            raise AuthorityUnreachable(reason=Said(name, name)) from fault


def _refused(what: str) -> AuthorityRefused:
    return AuthorityRefused(reason=Said(what, what))
