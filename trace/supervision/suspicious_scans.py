"""Suspicious scans 可疑扫码: codes somebody scanned that should not be on any goods, or on several at once.

A scan after a sale is what a consumer does, and is not listed.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CompoundSelect, Row, Select, and_, func, select, union
from sqlmodel import Session, col

from trace.coding.code_keys import CodeKeys
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.coding.trace_code import encode_many
from trace.scanning.scan_tables import ScanMarkRow
from trace.tables import PartyRow, table_of
from trace.vocabulary import Word

_MARK, _RUN, _BATCH = table_of(ScanMarkRow), table_of(CodeRunRow), table_of(CodeBatchRow)
_NEVER_USED: Final = (CodeStatus.RESERVED.value, CodeStatus.PRINTED.value)
_OVER: Final = (CodeStatus.SPOILED.value, CodeStatus.RETIRED.value, CodeStatus.DESTROYED.value)


class Suspicion(Word):
    """Why scans of a code are suspicious."""

    COPIED = "copied", "疑似复制", "looks copied"
    NOT_ACTIVATED = "not_activated", "未激活被扫", "scanned before it was in use"
    SPOILED = "spoiled", "印废后被扫", "scanned after it was spoiled"
    RETIRED = "retired", "停用后被扫", "scanned after it was retired"
    DESTROYED = "destroyed", "销毁后被扫", "scanned after it was destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspiciousScans:
    """One code and what its scans add up to."""

    serial: int
    code: str
    party: str
    """USCC of whom the code was issued to."""
    name: str
    lot: str | None
    status: CodeStatus
    suspicions: tuple[Suspicion, ...]
    scans: int
    first_ms: int
    last_ms: int
    first_city: str | None
    """GB/T 2260 code."""


def suspicious_scans(
    session: Session,
    code_keys: CodeKeys,
    since_ms: int,
    until_ms: int,
    *,
    party: str | None = None,
    area: str = "",
    after: int | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[SuspiciousScans]:
    """List the codes scanned from `since_ms` up to, not including, `until_ms`, by serial.

    `party` is whom the codes were issued to, `area` begins the GB/T 2260 code of its seat; `after` is the
    serial of the last one seen, `offset` passes over so many.
    """
    of_code = (_RUN.c.lot_id, _RUN.c.status, _RUN.c.status_ms, _BATCH.c.party, _BATCH.c.key_version)
    wanted = _within(
        select(_MARK, _MARK.c.count.label("scans"), *of_code, col(PartyRow.name)), since_ms, until_ms, area
    )
    wanted = wanted.order_by(_MARK.c.serial).offset(offset).limit(limit)
    if party is not None:
        wanted = wanted.where(_BATCH.c.party == party)
    if after is not None:
        wanted = wanted.where(_MARK.c.serial > after)
    return [_found(row, code_keys) for row in session.connection().execute(wanted)]


def count_suspicious(session: Session, since_ms: int, until_ms: int, *, area: str = "") -> int:
    """Count the codes `suspicious_scans` would list in that time."""
    counted = _within(select(func.count()), since_ms, until_ms, area)
    return int(session.connection().execute(counted).scalar_one())


def _within(wanted: Select[Any], since_ms: int, until_ms: int, area: str) -> Select[Any]:
    """Return `wanted` of the codes with suspicious scans in a time, of firms of an area."""
    # Runs never overlap: the one that holds a serial is the last that begins at or before it.
    begins = _RUN.alias("begins")
    begun = select(func.max(begins.c.first_serial)).where(begins.c.first_serial <= _MARK.c.serial)
    return (
        wanted.select_from(_MARK)
        .join(_RUN, _RUN.c.first_serial == begun.correlate(_MARK).scalar_subquery())
        .join(_BATCH, _BATCH.c.batch_id == _RUN.c.batch_id)
        .join(PartyRow, col(PartyRow.uscc) == _BATCH.c.party)
        .where(_MARK.c.serial.in_(_suspicious(since_ms, until_ms)), col(PartyRow.division).startswith(area))
    )


def _suspicious(since_ms: int, until_ms: int) -> CompoundSelect[tuple[int]]:
    """Return the serials, each found by an index: most codes are scanned, and few of them are suspicious."""
    within = and_(_MARK.c.last_ms >= since_ms, _MARK.c.first_ms < until_ms)
    of_run = _MARK.c.serial.between(_RUN.c.first_serial, _RUN.c.last_serial)
    later = and_(_RUN.c.status.in_(_OVER), _MARK.c.last_ms > _RUN.c.status_ms)
    return union(
        select(_MARK.c.serial).where(_MARK.c.copied.is_(True), within),
        select(_MARK.c.serial).join(_RUN, of_run).where(within, _RUN.c.status.in_(_NEVER_USED)),
        select(_MARK.c.serial).join(_RUN, of_run).where(within, later),
    )


def _found(row: Row[Any], code_keys: CodeKeys) -> SuspiciousScans:
    status = CodeStatus(row.status)
    return SuspiciousScans(
        serial=row.serial,
        code=encode_many(row.serial, 1, code_keys, row.key_version)[0],
        party=row.party,
        name=row.name,
        lot=row.lot_id,
        status=status,
        suspicions=tuple(_why(status, later=row.last_ms > row.status_ms, copied=bool(row.copied))),
        scans=row.scans,
        first_ms=row.first_ms,
        last_ms=row.last_ms,
        first_city=row.first_city,
    )


def _why(status: CodeStatus, *, later: bool, copied: bool) -> list[Suspicion]:
    found = [Suspicion.COPIED] if copied else []
    if status.value in _NEVER_USED:
        found.append(Suspicion.NOT_ACTIVATED)
    elif status.value in _OVER and later:
        found.append(Suspicion(status.value))
    return found
