"""Keeping scans, and the running sum of each code's: one row read for a page, whatever was scanned before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from trace.scanning.scan_tables import ScanMarkRow, ScanRow
from trace.scanning.scans import (
    COPIED_CITIES,
    COPIED_DEVICES,
    NEVER,
    PER_NETWORK,
    Scan,
    ScanState,
    counted_devices,
)
from trace.tables import insert_rows

_MOST_CITIES: Final = 4 * COPIED_CITIES
_MOST_DEVICES: Final = 4 * COPIED_DEVICES
"""Distinct ones kept for each code: enough to see that it was copied, and a bound on the row's size."""


def add_scans(session: Session, scans: Sequence[Scan]) -> int:
    """Write scans and add them to the sums of their codes, in a few statements; returns how many."""
    insert_rows(
        session,
        ScanRow,
        (
            {"serial": s.serial, "at_ms": s.at_ms, "city": s.city, "device": s.device, "network": s.network}
            for s in scans
        ),
    )
    by_serial: dict[int, list[Scan]] = {}
    for scan in scans:
        by_serial.setdefault(scan.serial, []).append(scan)
    known = _marks(session, sorted(by_serial))
    insert_rows(
        session,
        ScanMarkRow,
        (
            {"serial": serial} | _added(None, some)
            for serial, some in by_serial.items()
            if serial not in known
        ),
    )
    for serial, row in known.items():
        session.execute(
            update(ScanMarkRow)
            .where(col(ScanMarkRow.serial) == serial)
            .values(_added(row, by_serial[serial]))
        )
    return len(scans)


def scan_state(session: Session, serial: int) -> ScanState:
    """Return what the scans of a code add up to; `NEVER` when there was none."""
    row = session.get(ScanMarkRow, serial)
    if row is None:
        return NEVER
    return summed(row.count, row.first_ms, row.last_ms, row.cities, row.devices, row.first_city)


def summed(
    count: int, first_ms: int, last_ms: int, cities: str, devices: str, first_city: str | None
) -> ScanState:
    """Return the state that the columns of a `ScanMarkRow` say."""
    return ScanState(
        count=count,
        first_ms=first_ms,
        last_ms=last_ms,
        cities=len(cities.split()),
        devices=counted_devices(_pairs(devices)),
        first_city=first_city,
    )


def forget_scans(session: Session, before_ms: int) -> int:
    """Delete single scans older than `before_ms`; their sums stay. Returns how many."""
    gone = session.connection().execute(delete(ScanRow).where(col(ScanRow.at_ms) < before_ms))
    return gone.rowcount


def _marks(session: Session, serials: Sequence[int]) -> dict[int, ScanMarkRow]:
    rows = session.execute(
        select(ScanMarkRow)
        .where(col(ScanMarkRow.serial).in_(serials))
        .order_by(col(ScanMarkRow.serial))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalars()
    return {row.serial: row for row in rows}


def _added(row: ScanMarkRow | None, scans: Sequence[Scan]) -> dict[str, object]:
    """Return the columns of a sum after `scans`, in the order they were made."""
    ordered = sorted(scans, key=lambda scan: scan.at_ms)
    first = ordered[0]
    cities = _kept(row.cities if row else "", (s.city for s in ordered if s.city), _MOST_CITIES)
    devices = _kept_devices(row.devices if row else "", ordered)
    earlier = row is not None and row.first_ms <= first.at_ms
    copied = len(cities) >= COPIED_CITIES or counted_devices(_pairs(" ".join(devices))) >= COPIED_DEVICES
    return {
        "count": (row.count if row else 0) + len(ordered),
        "first_ms": row.first_ms if row is not None and earlier else first.at_ms,
        "last_ms": max(row.last_ms if row else 0, ordered[-1].at_ms),
        "first_city": row.first_city if row is not None and earlier else first.city,
        "cities": " ".join(cities),
        "devices": " ".join(devices),
        "copied": copied or (row is not None and row.copied),
    }


def _kept(words: str, more: Iterable[str], most: int) -> list[str]:
    return list(dict.fromkeys([*words.split(), *more]))[:most]


def _kept_devices(words: str, scans: Iterable[Scan]) -> list[str]:
    """Keep of each network as many as count: one with many browsers would fill the row and hide others."""
    seen = dict.fromkeys([*words.split(), *(f"{scan.network}:{scan.device}" for scan in scans)])
    found: list[str] = []
    of_network: Counter[str] = Counter()
    for network, device in _pairs(" ".join(seen)):
        if of_network[network] < PER_NETWORK and len(found) < _MOST_DEVICES:
            of_network[network] += 1
            found.append(f"{network}:{device}")
    return found


def _pairs(devices: str) -> list[tuple[str, str]]:
    return [(network, device) for network, _, device in (each.partition(":") for each in devices.split())]
