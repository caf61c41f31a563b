"""Notices to the holders of recalled goods: sent by statements, read by people, acknowledged by statement."""

import uuid
from collections.abc import Iterable
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.keyset import Sorted, page_after
from trace.recalls.recall_errors import UnknownNotice
from trace.recalls.recall_tables import NoticeReadRow, NoticeRow
from trace.said import Said
from trace.tables import insert_rows

_NAMES: Final = uuid.UUID("a3b1f7c2-5a0e-5d0c-9d8e-6f1a51c0ffee")
"""Namespace of notice ids (RFC 9562, version 5)."""


def send(session: Session, said: Said, parties: Iterable[str], kind: str, due_ms: int | None) -> None:
    """Write a notice to each of `parties`, which the statement `said` sends."""
    recall_id = said.public["recall"]
    insert_rows(
        session,
        NoticeRow,
        (
            {
                "notice_id": str(uuid.uuid5(_NAMES, f"{said.statement_id}/{party}")),
                "party": party,
                "recall_id": recall_id,
                "kind": kind,
                "sent_ms": said.at_ms,
                "due_ms": due_ms,
            }
            for party in sorted(set(parties))
        ),
    )


def note_acknowledged(session: Session, recall_id: str, party: str, at_ms: int) -> None:
    """Mark every open notice of the recall to `party` as acknowledged."""
    session.execute(
        update(NoticeRow)
        .where(
            col(NoticeRow.recall_id) == recall_id,
            col(NoticeRow.party) == party,
            col(NoticeRow.due_ms).is_not(None),
            col(NoticeRow.acknowledged_ms).is_(None),
        )
        .values(acknowledged_ms=at_ms)
        .execution_options(synchronize_session=False)
    )


def notices_to(
    session: Session, party: str, limit: int, after: tuple[int, str] | None = None
) -> list[tuple[NoticeRow, int | None]]:
    """Return the newest notices to `party`, each with when it was first read.

    `after` is time and id of the last one seen.
    """
    wanted = (
        select(NoticeRow, NoticeReadRow.read_ms)
        .join(NoticeReadRow, col(NoticeReadRow.notice_id) == col(NoticeRow.notice_id), isouter=True)
        .where(col(NoticeRow.party) == party)
    )
    order = (Sorted(col(NoticeRow.sent_ms), newest_first=True), Sorted(col(NoticeRow.notice_id)))
    return [(row, read_ms) for row, read_ms in session.execute(page_after(wanted, order, after, limit))]


def notices_of(session: Session, recall_id: str) -> list[tuple[NoticeRow, int | None]]:
    """Return every notice of a recall in the order sent, each with when it was first read."""
    rows = session.execute(
        select(NoticeRow, NoticeReadRow.read_ms)
        .join(NoticeReadRow, col(NoticeReadRow.notice_id) == col(NoticeRow.notice_id), isouter=True)
        .where(col(NoticeRow.recall_id) == recall_id)
        .order_by(col(NoticeRow.sent_ms), col(NoticeRow.party))
    )
    return [(row, read_ms) for row, read_ms in rows]


def mark_read(session: Session, notice_id: str, party: str | None, at_ms: int) -> int:
    """Keep when a notice was first read and return it; `party` None is the operator.

    Raises `UnknownNotice` for one that is not to `party`.
    """
    notice = session.get(NoticeRow, notice_id)
    if notice is None or party not in (None, notice.party):
        raise UnknownNotice(notice=notice_id)
    known = session.get(NoticeReadRow, notice_id)
    if known is not None:
        return known.read_ms
    insert_rows(session, NoticeReadRow, [{"notice_id": notice_id, "read_ms": at_ms}])
    return at_ms


def overdue(session: Session, recall_id: str, at_ms: int) -> tuple[str, ...]:
    """Return who has not acknowledged a notice of this recall though every one sent to it is due."""
    rows = session.exec(
        select(NoticeRow).where(
            NoticeRow.recall_id == recall_id,
            col(NoticeRow.due_ms).is_not(None),
            col(NoticeRow.acknowledged_ms).is_(None),
        )
    ).all()
    waiting = {row.party for row in rows if (row.due_ms or 0) >= at_ms}
    return tuple(sorted({row.party for row in rows} - waiting))
