"""How often one address may look up codes: counted in Redis over all workers, in memory without it.

When Redis is silent each worker counts for itself: the limit gets looser by the number of workers, never
open. Lookups of codes that do not exist have a tighter limit of their own, against guessing.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.breaker import Breaker
from api.errors import TooManyRequests
from api.settings import Settings
from api.window_counts import WindowCounts

if TYPE_CHECKING:
    import redis

Bucket: TypeAlias = Literal["scan", "unknown_code", "complaint", "read", "write"]
"""What is counted: any lookup of a code, one of a code that does not exist, a complaint; and any reading or
writing use of the API."""

_KEY: Final = "daodi:limits"


@dataclass(frozen=True, slots=True)
class RateStanding:
    """How one caller stands with one limit after a request was counted, or refused."""

    bucket: Bucket
    amount: int
    window_seconds: int
    left: int
    reset_seconds: int
    """How long until the running window ends; at least 1."""
    refused: bool


class Limiter:
    """Counts requests by bucket and address. Safe between threads; a slow Redis costs a call its time-out."""

    def __init__(self, settings: Settings, client: "redis.Redis | None", breaker: Breaker) -> None:
        self._rates: dict[Bucket, RateLimitItem] = {
            "scan": parse(settings.scan_rate),
            "unknown_code": parse(settings.unknown_code_rate),
            "complaint": parse(settings.complaint_rate),
            "read": parse(settings.read_rate),
            "write": parse(settings.write_rate),
        }
        self._guesses = self._rates["unknown_code"].amount
        self._guess_seconds = self._rates["unknown_code"].get_expiry()
        self._scans, self._scan_seconds = self._rates["scan"].amount, self._rates["scan"].get_expiry()
        self._breaker = breaker
        self._here = WindowCounts()
        self._shared: SlidingWindowCounterRateLimiter | None = None
        if client is not None:
            storage = RedisStorage("redis://", connection_pool=client.connection_pool, key_prefix=_KEY)
            self._shared = SlidingWindowCounterRateLimiter(storage)

    def count(self, bucket: Bucket, address: str) -> None:
        """Count one request of `address`; raises `TooManyRequests` with the seconds to wait.

        Waits for Redis up to its time-out: call it from a `def` endpoint, not from an `async` one.
        """
        rate, caller = self._rates[bucket], one_caller(address)

        def here() -> None:
            if not self._here.hit(bucket, caller, rate.amount, rate.get_expiry()):
                raise _refused(self._here.wait_seconds(bucket, caller))

        self._ask(here, lambda limiter: limiter.hit(rate, bucket, caller), rate, bucket, caller)

    def require(self, bucket: Bucket, address: str) -> None:
        """Raise `TooManyRequests` when nothing of `bucket` is left for `address`; counts nothing itself.

        Without it the right guess among too many would still be told from the wrong ones.
        """
        rate, caller = self._rates[bucket], one_caller(address)

        def here() -> None:
            if not self._here.test(bucket, caller, rate.amount):
                raise _refused(self._here.wait_seconds(bucket, caller))

        self._ask(here, lambda limiter: limiter.test(rate, bucket, caller), rate, bucket, caller)

    def spend(self, bucket: Bucket, kind: str, name: str) -> RateStanding:
        """Count one request of a caller, a `kind` of ``address`` or another, and say what it has left.

        Waits for Redis as `count` does; where that is away, this worker counts alone.
        """
        rate = self._rates[bucket]
        caller = f"{kind} {one_caller(name) if kind == 'address' else name}"
        seconds = rate.get_expiry()

        def standing(*, may: bool, left: int, wait: float) -> RateStanding:
            return RateStanding(bucket, rate.amount, seconds, left, max(1, math.ceil(wait)), refused=not may)

        def here() -> RateStanding:
            may = self._here.hit(bucket, caller, rate.amount, seconds)
            left = self._here.left(bucket, caller, rate.amount)
            return standing(may=may, left=left, wait=self._here.wait_seconds(bucket, caller))

        shared = self._shared
        if shared is None:
            return here()
        import redis

        def asked() -> RateStanding:
            may = shared.hit(rate, bucket, caller)
            stats = shared.get_window_stats(rate, bucket, caller)
            return standing(may=may, left=stats.remaining, wait=stats.reset_time - time.time())

        return self._breaker.call(asked, here, expected=redis.RedisError)

    def admit(self, address: str) -> None:
        """Count one scan of `address`, unless it has guessed too often; raises `TooManyRequests`.

        In the memory of this worker, so at once: only where nothing `waits`.
        """
        caller = one_caller(address)
        if not self._here.test("unknown_code", caller, self._guesses):
            raise _refused(self._here.wait_seconds("unknown_code", caller))
        if not self._here.hit("scan", caller, self._scans, self._scan_seconds):
            raise _refused(self._here.wait_seconds("scan", caller))

    def admit_guess(self, address: str) -> None:
        """Do the same for a scan of what is no code of ours, and count the guess."""
        caller = one_caller(address)
        if not self._here.hit("unknown_code", caller, self._guesses, self._guess_seconds):
            raise _refused(self._here.wait_seconds("unknown_code", caller))
        if not self._here.hit("scan", caller, self._scans, self._scan_seconds):
            raise _refused(self._here.wait_seconds("scan", caller))

    @property
    def waits(self) -> bool:
        """Whether counting may wait for another machine: never done where requests are answered in turn."""
        return self._shared is not None

    def _ask(
        self,
        here: Callable[[], None],
        may: Callable[[SlidingWindowCounterRateLimiter], bool],
        rate: RateLimitItem,
        *names: str,
    ) -> None:
        shared = self._shared
        if shared is None:
            here()
            return
        import redis

        def asked() -> None:
            if not may(shared):
                raise _refused(shared.get_window_stats(rate, *names).reset_time - time.time())

        self._breaker.call(asked, here, expected=redis.RedisError)


def _refused(wait_seconds: float) -> TooManyRequests:
    return TooManyRequests(seconds=max(1, math.ceil(wait_seconds)))


@lru_cache(maxsize=4096)
def one_caller(address: str) -> str:
    """Return what is counted as one: an IPv4 address, or the /64 network an IPv6 subscriber chooses from.

    >>> one_caller("2001:db8::1") == one_caller("2001:db8::ffff:2") != one_caller("2001:db8:0:1::1")
    True
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((int(known) >> 64 << 64, 64)))
