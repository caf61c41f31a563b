"""Where a scan came from, as coarse as it is kept: the prefecture of its network address, from a table.

The operator may give a table of address ranges (columns first, last, division), as the trade in such
tables sells them; nothing is asked of anybody else at run time. Without one a scan has no city.
"""

import csv
import ipaddress
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.errors import BadScanPlaces
from trace.errors import TraceError
from trace.identifiers import check_gb2260

_PREFIX: Final = {4: 24, 6: 48}
"""Bits of an address that name its network: what one household or shop usually has."""


@dataclass(frozen=True, slots=True)
class ScanPlaces:
    """Address ranges by IP version: first, last, division; in order."""

    ranges: Mapping[int, Sequence[tuple[int, int, str]]]

    @classmethod
    def read(cls, path: Path | None) -> "ScanPlaces":
        """Read a table, or none; raises `BadScanPlaces` naming the first line that is wrong."""
        found: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
        if path is None:
            return cls(found)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for number, row in enumerate(csv.DictReader(file), start=2):
                    version, line = _range(row, path, number)
                    found[version].append(line)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise BadScanPlaces(file=path, row="–", why=str(error)) from error
        return cls({version: sorted(lines) for version, lines in found.items()})

    def city_of(self, address: str) -> str | None:
        """Return the GB/T 2260 code of the prefecture an address is in, or None where the table has none.

        >>> ScanPlaces.read(None).city_of("192.0.2.1") is None
        True
        """
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return None
        lines, number = self.ranges[parsed.version], int(parsed)
        place = bisect_right(lines, number, key=lambda line: line[0]) - 1
        if place < 0 or number > lines[place][1]:
            return None
        return lines[place][2][:4] + "00"


def network_of(address: str) -> str:
    """Return the network an address belongs to: its first 24 bits, or 48 of an IPv6 address.

    >>> network_of("192.0.2.77"), network_of("2001:db8:1:2::3"), network_of("unknown")
    ('192.0.2.0/24', '2001:db8:1::/48', 'unknown')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, _PREFIX[parsed.version]), strict=False))


def _range(row: dict[str, str], path: Path, number: int) -> tuple[int, tuple[int, int, str]]:
    try:
        first, last = ipaddress.ip_address(row["first"].strip()), ipaddress.ip_address(row["last"].strip())
        check_gb2260(row["division"].strip())
    except (KeyError, ValueError, AttributeError, TraceError) as error:
        raise BadScanPlaces(file=path, row=number, why=str(error)) from error
    if first.version != last.version or int(first) > int(last):
        raise BadScanPlaces(file=path, row=number, why=f"{first} – {last}")
    return first.version, (int(first), int(last), row["division"].strip())
