"""Checks the kept timestamps of a log: each names a checkpoint that was signed, and holds for it."""

from sqlmodel import Session, col, select

from ledger.audits.faults import AuditFault
from ledger.errors import LedgerError, Said
from ledger.tables import CheckpointRow
from ledger.timestamps.timestamp import Authorities, verify_timestamp
from ledger.timestamps.timestamp_tables import TimestampRow

_NO_CHECKPOINT = Said("没有这个大小的检查点", "no checkpoint of this size was signed")


class TimestampUnsound(AuditFault):
    """A kept timestamp does not hold for the checkpoint it is kept with."""

    zh = "第 {index} 条记录处，大小 {size} 的检查点的时间戳不成立：{reason}"
    en = "at entry {index}, the timestamp of the checkpoint of size {size} does not hold: {reason}"
    remedy_zh = "从备份恢复该时间戳；否则它不能作证，账本本身不受影响"
    remedy_en = "restore it from a backup; without it that time is not proven, the log itself is not harmed"


def check_timestamps(session: Session, authorities: Authorities) -> tuple[int, list[AuditFault]]:
    """Return how many timestamps are kept, and a fault for each that does not hold.

    One that holds shows that its checkpoint existed before the time it states, and nothing else.
    """
    wanted = select(TimestampRow, CheckpointRow.note).outerjoin(
        CheckpointRow, col(CheckpointRow.size) == col(TimestampRow.size)
    )
    faults: list[AuditFault] = []
    count = 0
    for row, note in session.exec(wanted.order_by(col(TimestampRow.size))):
        count += 1
        reason = _reason(row, note, authorities)
        if reason is not None:
            faults.append(TimestampUnsound(index=row.size - 1, size=row.size, reason=reason))
    return count, faults


def _reason(row: TimestampRow, note: str | None, authorities: Authorities) -> Said | LedgerError | None:
    if note is None:
        return _NO_CHECKPOINT
    try:
        stamped = verify_timestamp(row.answer, note.encode(), authorities)
    except LedgerError as error:
        return error
    if int(stamped.at.timestamp() * 1000) != row.stated_ms or stamped.authority != row.authority:
        return Said("所记时间或机构与时间戳不同", "another time or authority is noted beside it")
    return None
