"""One try: a signed POST to a checked address, its answer's status, and nothing of its body.

The address passes the same guard as those of feeds, for the very number that is connected to. Redirects
are not followed. The whole try ends within `TRY_SECONDS`, however slowly the other side drips.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import httpx

from priceindex.feeds.address_guard import AddressGuard, Placed
from priceindex.feeds.feed_errors import AddressRefused
from priceindex.feeds.http_feed import retry_after_s

USER_AGENT: Final = "daodi-webhooks/0.1"
TRY_SECONDS: Final = 15.0
"""The specification recommends 15 to 30 s for the receiver to answer."""
_CONNECT: Final = httpx.Timeout(TRY_SECONDS, connect=5.0)


class Fault(StrEnum):
    """Why a try got no answer."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    NOT_TRUSTED = "not_trusted"
    REFUSED = "address_refused"

    def words(self, language: str) -> str:
        """Name the fault for people.

        >>> Fault.TOO_SLOW.words("zh"), Fault.REFUSED.words("en")
        ('未在时限内应答', 'the address leads inside')
        """
        zh, en = _WORDS[self]
        return zh if language == "zh" else en


_WORDS: Final = {
    Fault.UNREACHABLE: ("连接不上或连接中断", "no connection, or it broke"),
    Fault.TOO_SLOW: ("未在时限内应答", "no answer in time"),
    Fault.NOT_TRUSTED: ("证书无效", "its certificate is not valid"),
    Fault.REFUSED: ("地址指向内网或本机", "the address leads inside"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one try."""

    status: int | None = None
    fault: Fault | None = None
    asked_s: float | None = None
    """Seconds its Retry-After asks for."""
    took_ms: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it: any status from 200 to 299."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing more (410)."""
        return self.status == httpx.codes.GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends to checked addresses."""

    guard: AddressGuard
    monotonic_ms: Callable[[], int]
    seconds: float = TRY_SECONDS

    def send(self, address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Try once; whatever goes wrong is an outcome."""
        begun_ms = self.monotonic_ms()
        status: int | None = None
        fault: Fault | None = None
        asked_s: float | None = None
        try:
            placed = self.guard.place(httpx.URL(address))
            status, asked_s = asyncio.run(_post(placed, headers, body, self.seconds))
        except AddressRefused:
            fault = Fault.REFUSED
        except (TimeoutError, httpx.TimeoutException):
            fault = Fault.TOO_SLOW
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            fault = Fault.NOT_TRUSTED if _about_certificate(error) else Fault.UNREACHABLE
        return Outcome(status=status, fault=fault, asked_s=asked_s, took_ms=self.monotonic_ms() - begun_ms)


async def _post(
    placed: Placed, headers: Mapping[str, str], body: bytes, seconds: float
) -> tuple[int, float | None]:
    """Post and return status and Retry-After; the answer's body stays unread."""
    sent = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "host": placed.host,
        **headers,
    }
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(timeout=_CONNECT, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST",
            placed.url,
            headers=sent,
            content=body,
            extensions={"sni_hostname": placed.server_name},
        ) as answer,
    ):
        told = answer.headers
        return answer.status_code, retry_after_s(told.get("retry-after"), told.get("date"))


def _about_certificate(error: BaseException) -> bool:
    """Whether an SSL fault about a certificate stands among the causes of an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
