"""When a delivery that failed is tried again: growing waits over about a day, then it is given up."""

from typing import Final

WAITS_S: Final = (5, 60, 300, 900, 3_600, 7_200, 14_400, 21_600, 36_000)
"""Seconds after the first try, the second, and so on: ten tries over 23 hours and a half at the least."""
JITTER: Final = 0.1
"""Each wait grows by up to this share of itself, by chance: servers that failed together are not all asked
together."""
LONGEST_ASKED_S: Final = 6 * 3_600
"""A server that asks for more patience (Retry-After) than this is tried again after this."""


def wait_ms(tries: int, chance: float, asked_s: float | None = None) -> int | None:
    """Return how long to wait after so many failed tries; None: it is given up.

    `chance` lies from 0 up to 1; `asked_s` is what the server's Retry-After asked for.

    >>> [wait_ms(tries, 0.0) for tries in (1, 2, 9, 10)]
    [5000, 60000, 36000000, None]
    >>> wait_ms(1, 1.0), wait_ms(1, 0.0, asked_s=120.0)
    (5500, 120000)
    """
    if tries > len(WAITS_S):
        return None
    planned = WAITS_S[tries - 1] * (1 + JITTER * chance)
    return int(1000 * max(planned, min(asked_s or 0.0, LONGEST_ASKED_S)))
