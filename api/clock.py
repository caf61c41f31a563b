"""Time and chance as arguments: what a running service passes to code that must not fetch them."""

import secrets
import time


def system_clock() -> int:
    """Return the time now, in milliseconds since 1970-01-01T00:00Z."""
    return time.time_ns() // 1_000_000


def monotonic_ms() -> int:
    """Return milliseconds from an unspecified start that never step back: for ages and limits."""
    return time.monotonic_ns() // 1_000_000


def system_randomness(count: int) -> bytes:
    """Return `count` unpredictable bytes from the operating system.

    >>> len(system_randomness(32))
    32
    """
    return secrets.token_bytes(count)
