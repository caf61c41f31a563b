"""Who scanned what: the shoppers of the demo city, and the people who bought copies.

A scan names a pack by its lot and number, because codes depend on the keys of the service that
loads the city. Places are prefectures, devices are salted hashes, as `trace.scanning` wants them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from daodi_city.almanac import DAY_MS, LAST_DAY, at_ms

CITIES = (
    "110100",
    "310100",
    "420100",
    "610100",
    "510100",
    "340100",
    "210100",
    "620100",
    "440100",
    "330100",
    "320100",
    "370100",
    "410100",
    "430100",
)
"""GB/T 2260 codes of the prefectures people scan from."""

_SALT = b"daodi demo city: not a secret, these phones do not exist"


@dataclass(frozen=True, slots=True)
class Packed:
    """The packs of one lot, ready to be scanned."""

    lot: str
    packs: int
    from_ms: int
    """When the first of them reaches a shopper."""


@dataclass(frozen=True, slots=True)
class PackScan:
    """One scan of one pack."""

    lot: str | None
    """The lot whose pack it is; None: a label of a roll that no pack carries."""
    pack: int
    """Which pack of the lot, or which label of the roll, counted from 0."""
    at_ms: int
    city: str
    device: str
    roll: str | None = None
    """Name of the roll."""


def shop(rng: np.random.Generator, packed: Sequence[Packed]) -> Iterator[PackScan]:
    """Yield everyday scans: two packs in five, once to three times, one phone, one or two cities."""
    phones = iter(range(1_000_000))
    for lot in packed:
        home = CITIES[int(rng.integers(8))]
        for pack in np.flatnonzero(rng.random(lot.packs) < 0.4).tolist():
            phone = next(phones)
            for scan in range(int(rng.integers(1, 4))):
                # Only the second scan may come from elsewhere: one pack stays below the copying rule.
                away = scan == 1 and rng.random() < 0.15
                city = CITIES[int(rng.integers(len(CITIES)))] if away else home
                yield PackScan(lot.lot, pack, _after(rng, lot.from_ms), city, device(phone))


def copies(rng: np.random.Generator, lot: Packed, pack: int) -> Iterator[PackScan]:
    """Yield the scans of one copied code: sixty within a month, from every city, each from another phone."""
    for number in range(60):
        at = lot.from_ms + int(rng.integers(0, 30 * DAY_MS))
        yield PackScan(lot.lot, pack, at, CITIES[number % len(CITIES)], device(2_000_000 + number))


def device(phone: int) -> str:
    """Return the salted hash of an invented phone."""
    return hashlib.blake2b(phone.to_bytes(8, "big"), key=_SALT, digest_size=16).hexdigest()


def _after(rng: np.random.Generator, from_ms: int) -> int:
    """Return a moment within four months, and before the city stands still."""
    latest = at_ms(LAST_DAY, 20)
    return from_ms + int(rng.integers(0, max(min(120 * DAY_MS, latest - from_ms), DAY_MS // 4)))
