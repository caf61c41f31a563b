"""What the scans of one code add up to, as it is kept: numbers, and words separated by spaces.

Pure: a sum and some scans give the next sum. What is kept of a code is bounded, however often it is scanned.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from trace.scanning.scans import (
    COPIED_CITIES,
    COPIED_DEVICES,
    PER_NETWORK,
    Scan,
    ScanState,
    counted_devices,
)

_MOST_CITIES: Final = 4 * COPIED_CITIES
_MOST_DEVICES: Final = 4 * COPIED_DEVICES
"""Distinct ones kept for each code: enough to see that it was copied, and a bound on the row's size."""


class ScanSum(NamedTuple):
    """The columns of a `ScanMarkRow` but for its serial, in their order."""

    times: int
    first_ms: int
    last_ms: int
    first_city: str | None
    cities: str
    devices: str
    copied: bool

    @property
    def state(self) -> ScanState:
        """What the sum says of its code."""
        return summed(self.times, self.first_ms, self.last_ms, self.cities, self.devices, self.first_city)


def summed(
    count: int, first_ms: int, last_ms: int, cities: str, devices: str, first_city: str | None
) -> ScanState:
    """Return the state that the columns of a `ScanMarkRow` say."""
    return ScanState(
        count=count,
        first_ms=first_ms,
        last_ms=last_ms,
        cities=len(cities.split()),
        devices=_counted(devices),
        first_city=first_city,
    )


def surely_one(cities: str, devices: str) -> bool:
    """Say of two columns of a `ScanMarkRow` that they cannot be those of a copied label, without counting.

    >>> surely_one("341600 110100", "n:a n:b"), surely_one("341600 110100 310100", "n:a")
    (True, False)
    """
    return cities.count(" ") < COPIED_CITIES - 1 and devices.count(" ") < COPIED_DEVICES - 1


def sum_with(before: ScanSum | None, scans: Sequence[Scan]) -> ScanSum:
    """Return the sum of a code after at least one more scan of it, whatever their order.

    >>> one = Scan(serial=1, at_ms=5, city="341600", device="a", network="n")
    >>> sum_with(sum_with(None, [one]), [one]).times
    2
    """
    first = min(scans, key=lambda scan: scan.at_ms)
    last_ms = max(scan.at_ms for scan in scans)
    cities = dict.fromkeys(scan.city for scan in scans if scan.city)
    devices = dict.fromkeys(f"{scan.network}:{scan.device}" for scan in scans)
    if before is None:
        begun = ScanSum(0, first.at_ms, last_ms, first.city, "", "", copied=False)
    elif before.first_ms <= first.at_ms:
        begun = before
    else:
        begun = before._replace(first_ms=first.at_ms, first_city=first.city)
    times, last_ms = begun.times + len(scans), max(begun.last_ms, last_ms)
    if cities.keys() <= set(begun.cities.split()) and devices.keys() <= set(begun.devices.split()):
        return begun._replace(times=times, last_ms=last_ms)
    kept_cities = _kept(begun.cities, cities)
    kept_devices = _kept_devices(begun.devices, devices)
    copied = len(kept_cities) >= COPIED_CITIES or _counted(kept_devices) >= COPIED_DEVICES
    return ScanSum(
        times,
        begun.first_ms,
        last_ms,
        begun.first_city,
        " ".join(kept_cities),
        kept_devices,
        begun.copied or copied,
    )


def _kept(words: str, more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*words.split(), *more]))[:_MOST_CITIES]


def _kept_devices(words: str, more: Iterable[str]) -> str:
    """Keep of each network as many as count: one with many browsers would fill the row and hide others."""
    found: list[str] = []
    of_network: Counter[str] = Counter()
    for pair in dict.fromkeys([*words.split(), *more]):
        network = pair.partition(":")[0]
        if of_network[network] < PER_NETWORK and len(found) < _MOST_DEVICES:
            of_network[network] += 1
            found.append(pair)
    return " ".join(found)


def _counted(devices: str) -> int:
    """Count kept devices: of a few, none can be too many of one network."""
    pairs = devices.split()
    if len(pairs) <= PER_NETWORK:
        return len(pairs)
    return counted_devices(
        (network, device) for network, _, device in (each.partition(":") for each in pairs)
    )
