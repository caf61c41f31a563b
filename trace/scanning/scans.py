"""Who asked about a code, how often, from where, and whether that looks like a copied label.

A scan is kept without address or account: a coarse city (GB/T 2260) and two salted hashes, of the phone
and of its network. Nothing here can find a copy that few people scan: the page says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

COPIED_CITIES: Final = 3
COPIED_DEVICES: Final = 5
"""One pack is bought once: scans from this many cities, or devices, are those of copied labels.

In a simulation of 60 days, 60 cities and 8 % of packs scanned, with 3 % of places wrong, they find 98.5 %
of codes copied 100 times and accuse 0.06 % of genuine ones (`scripts/bench/trace_parts/clones.py` redoes
it); distinct cities and devices find what travel speed does not. Below 20 copies nothing can.
"""
PER_NETWORK: Final = 2
"""Devices of one network that count: or one person with many browsers could make a pack doubtful."""


class Scan(NamedTuple):
    """One question about a code."""

    serial: int
    """Serial of the code."""
    at_ms: int
    city: str | None
    """GB/T 2260 code cut to the prefecture, or None when the place is not known."""
    device: str
    """Salted hash: the same phone gives the same text, and nobody can say which phone."""
    network: str
    """Salted hash of the network it asked from."""


PlainScan: TypeAlias = tuple[int, int, str | None, str, str]
"""The same without names: what waits by thousands costs the garbage collector nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanState:
    """What the scans of one code add up to."""

    count: int
    first_ms: int | None
    last_ms: int | None
    cities: int
    devices: int
    """Distinct devices, at most two of one network."""
    first_city: str | None = None
    """Where it was asked for first, if that is known."""

    @property
    def copied(self) -> bool:
        """Whether more people asked from more places than one pack can explain."""
        return self.cities >= COPIED_CITIES or self.devices >= COPIED_DEVICES


NEVER: Final = ScanState(count=0, first_ms=None, last_ms=None, cities=0, devices=0)


def counted_devices(seen: Iterable[tuple[str, str]]) -> int:
    """Count distinct (network, device) pairs, at most two of one network.

    >>> counted_devices([("home", "a"), ("home", "b"), ("home", "c"), ("shop", "a")])
    3
    """
    by_network: dict[str, set[str]] = {}
    for network, device in seen:
        by_network.setdefault(network, set()).add(device)
    return sum(min(len(devices), PER_NETWORK) for devices in by_network.values())


def add_up(scans: Sequence[Scan]) -> ScanState:
    """Add up all scans of one code.

    >>> add_up([Scan(serial=1, at_ms=5, city="341600", device="a", network="n")]).count
    1
    """
    if not scans:
        return NEVER
    first = min(scans, key=lambda scan: scan.at_ms)
    return ScanState(
        count=len(scans),
        first_ms=first.at_ms,
        last_ms=max(scan.at_ms for scan in scans),
        cities=len({scan.city for scan in scans if scan.city is not None}),
        devices=counted_devices((scan.network, scan.device) for scan in scans),
        first_city=first.city,
    )
