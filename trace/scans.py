"""Who asked about a code, how often, and whether that looks like a copied label.

A scan is kept without address or account: a coarse city (GB/T 2260) and a salted device hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from trace.tables import ScanRow, insert_rows

COPIED_CITIES: Final = 3
COPIED_DEVICES: Final = 5
"""One pack is bought once: scans from this many cities, or devices, are those of copied labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One question about a code."""

    code: str
    at_ms: int
    city: str | None
    """GB/T 2260 code cut to the prefecture, or None when the place is not known."""
    device: str
    """Salted hash: the same phone gives the same text, and nobody can say which phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanState:
    """What the scans of one code add up to."""

    count: int
    first_ms: int | None
    last_ms: int | None
    cities: int
    devices: int

    @property
    def copied(self) -> bool:
        """Whether more people asked from more places than one pack can explain."""
        return self.cities >= COPIED_CITIES or self.devices >= COPIED_DEVICES


NEVER: Final = ScanState(count=0, first_ms=None, last_ms=None, cities=0, devices=0)


def add_scans(session: Session, scans: Sequence[Scan]) -> int:
    """Write scans in one statement; returns how many."""
    insert_rows(
        session,
        ScanRow,
        ({"code": s.code, "at_ms": s.at_ms, "city": s.city, "device": s.device} for s in scans),
    )
    return len(scans)


def scan_state(session: Session, code: str) -> ScanState:
    """Add up the scans of `code`; `NEVER` when there was none."""
    count, first, last, cities, devices = session.execute(
        select(
            func.count(),
            func.min(col(ScanRow.at_ms)),
            func.max(col(ScanRow.at_ms)),
            func.count(func.distinct(ScanRow.city)),
            func.count(func.distinct(ScanRow.device)),
        ).where(col(ScanRow.code) == code)
    ).one()
    return ScanState(count=count, first_ms=first, last_ms=last, cities=cities, devices=devices)
