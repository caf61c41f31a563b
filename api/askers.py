"""Who asked about a code, as coarse as it is kept: prefecture and salted hashes, and never an address.

What an address comes to is remembered for the few hundred who asked last: one phone asks about many codes.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from api.scan_places import ScanPlaces, network_of
from ledger.keys import SigningKey
from trace.scanning.scans import PlainScan

_LONGEST_AGENT: Final = 400
_REMEMBERED: Final = 1024


@dataclass(frozen=True, slots=True)
class Asker:
    """One phone, as a scan keeps it."""

    city: str | None
    device: str
    network: str

    def scan(self, serial: int, at_ms: int) -> PlainScan:
        """Return that it asked about the code of `serial`."""
        return serial, at_ms, self.city, self.device, self.network


class Askers:
    """Tells phones apart without saying which they are."""

    def __init__(self, key: SigningKey, places: ScanPlaces) -> None:
        """Hash under a secret of this service: nobody who reads the table can try addresses out."""
        self._key = hashlib.sha256(b"daodi scan device\n" + key.seed).digest()
        self._places = places
        self.seen = lru_cache(maxsize=_REMEMBERED)(self._seen)
        """Return the asker at an address with a `User-Agent`; remembered in memory alone."""

    def _seen(self, address: str, agent: str) -> Asker:
        return Asker(
            city=self._places.city_of(address),
            device=self._hashed(f"{address}\n{agent[:_LONGEST_AGENT]}"),
            network=self._hashed(network_of(address)),
        )

    def _hashed(self, seen: str) -> str:
        return hashlib.blake2b(seen.encode(), key=self._key, digest_size=9).hexdigest()
