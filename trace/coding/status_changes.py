"""What a party says of its codes: printed 印制, spoiled 印废, retired 停用; judged, then stated."""

import uuid
from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from trace.coding.code_appliers import STATUS_KINDS, apply_status
from trace.coding.code_errors import (
    CodeCannotBecome,
    CodeRangeWrong,
    CodesNotYours,
    ContainerNotEmpty,
    NoCodesNamed,
)
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state, code_text
from trace.coding.code_tables import CodeBatchRow
from trace.coding.code_words import NEXT, CodeStatus, Level
from trace.coding.pack_finding import find_ranges
from trace.coding.runs import Range, merged, runs_in
from trace.declaring import Declarer
from trace.said import Said


def ranges_named(session: Session, codes: Sequence[str], code_keys: CodeKeys) -> list[Range]:
    """Return the serials of issued codes; raises `MalformedCode`, `ForgedCode` or `UnknownCode`."""
    serials = (code_state(session, code, code_keys).serial for code in codes)
    return merged((serial, serial) for serial in serials)


def range_between(session: Session, first: str, last: str, code_keys: CodeKeys) -> list[Range]:
    """Return the serials from one printed code to another of the same batch.

    Raises `CodeRangeWrong`, and what `ranges_named` raises.
    """
    begin, end = code_state(session, first, code_keys), code_state(session, last, code_keys)
    if begin.batch_id != end.batch_id or begin.serial > end.serial:
        raise CodeRangeWrong(first=begin.code, last=end.code)
    return [(begin.serial, end.serial)]


def change_status(
    session: Session,
    declarer: Declarer,
    code_keys: CodeKeys,
    status: CodeStatus,
    ranges: Iterable[Range],
    *,
    by: str | None,
    at_ms: int,
    reason: str | None = None,
) -> Said:
    """State that codes are printed, spoiled or retired, and write it.

    `by` is the party they were issued to, or None for the operator, who may do it for any. Raises
    `NoCodesNamed`, `CodesNotYours`, `CodeCannotBecome` or `ContainerNotEmpty`; nothing is then written.
    """
    wanted = merged(ranges)
    runs_in(session, wanted, held=True)  # a packing may be putting these labels on goods
    _judge(session, code_keys, status, wanted, by)
    serials: list[JsonValue] = [[first, last] for first, last in wanted]
    public: dict[str, JsonValue] = {"serials": serials}
    public |= {name: word for name, word in (("party", by), ("reason", reason)) if word is not None}
    name = uuid.UUID(bytes=declarer.randomness(16), version=4)
    return declarer.declare(
        session,
        apply_status,
        kind=STATUS_KINDS[status],
        statement_id=f"codes/{status.value}/{name}",
        subject=f"codes/{by}" if by else "codes",
        public=public,
        at_ms=at_ms,
        by=by,
    )


def mark_printed(
    session: Session,
    declarer: Declarer,
    code_keys: CodeKeys,
    batch_id: str,
    first: int,
    count: int,
    *,
    by: str | None,
    at_ms: int,
) -> Said:
    """State that `count` codes of a batch are printed, from place `first` on; as `change_status`."""
    begins = select(CodeBatchRow.first_serial).where(col(CodeBatchRow.batch_id) == batch_id)
    start = session.exec(begins).one() + first
    serials = [(start, start + count - 1)]
    return change_status(session, declarer, code_keys, CodeStatus.PRINTED, serials, by=by, at_ms=at_ms)


def _judge(
    session: Session, code_keys: CodeKeys, status: CodeStatus, wanted: Sequence[Range], by: str | None
) -> None:
    found = find_ranges(session, wanted)
    if not found.named:
        raise NoCodesNamed
    for each in found.named:
        if by not in (None, each.party):
            raise CodesNotYours(code=code_text(session, each.run.first_serial, code_keys), party=by)
    barred = [each.run for each in found.named if status not in NEXT[each.run.status]]
    if barred:
        raise CodeCannotBecome(
            code=code_text(session, barred[0].first_serial, code_keys),
            count=sum(run.count for run in barred),
            status_zh=barred[0].status.zh,
            status_en=barred[0].status.en,
            wanted_zh=status.zh,
            wanted_en=status.en,
        )
    if found.within:
        full = next(each for each in found.named if each.level is not Level.PACK)
        raise ContainerNotEmpty(code=code_text(session, full.run.first_serial, code_keys), count=found.count)
