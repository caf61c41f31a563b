"""What the scans of one code add up to, as it is kept: numbers, and words separated by spaces.

Pure: a sum and some scans give the next sum. What is kept of a code is bounded, however often it is scanned.
"""

from collections.abc import Sequence
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
    begun = before or ScanSum(0, scans[0].at_ms, scans[0].at_ms, scans[0].city, "", "", copied=False)
    times, first_ms, last_ms, first_city, cities, devices, copied = begun
    for scan in scans:
        if scan.at_ms < first_ms:
            first_ms, first_city = scan.at_ms, scan.city
        last_ms = max(last_ms, scan.at_ms)
        if scan.city and not _holds(cities, scan.city):
            cities = _with_city(cities, scan.city)
        pair = f"{scan.network}:{scan.device}"
        if not _holds(devices, pair):
            devices = _with_device(devices, pair)
    copied = copied or (not surely_one(cities, devices) and _copied(cities, devices))
    return ScanSum(times + len(scans), first_ms, last_ms, first_city, cities, devices, copied)


def _holds(words: str, word: str) -> bool:
    return word in words and word in words.split()


def _with_city(cities: str, city: str) -> str:
    return f"{cities} {city}".lstrip() if cities.count(" ") < _MOST_CITIES - 1 else cities


def _with_device(devices: str, pair: str) -> str:
    """Keep of each network as many as count: one with many browsers would fill the row and hide others."""
    network, pairs = pair.partition(":")[0], devices.split()
    of_network = sum(each.partition(":")[0] == network for each in pairs)
    if of_network >= PER_NETWORK or len(pairs) >= _MOST_DEVICES:
        return devices
    return " ".join((*pairs, pair))


def _copied(cities: str, devices: str) -> bool:
    return len(cities.split()) >= COPIED_CITIES or _counted(devices) >= COPIED_DEVICES


def _counted(devices: str) -> int:
    """Count kept devices: of a few, none can be too many of one network."""
    pairs = devices.split()
    if len(pairs) <= PER_NETWORK:
        return len(pairs)
    return counted_devices(
        (network, device) for network, _, device in (each.partition(":") for each in pairs)
    )
