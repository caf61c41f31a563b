"""After a recall is opened: holders acknowledge it, the late are reminded, two persons close it."""

from typing import Final, Literal, TypeAlias

from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from trace.declaring import Declarer
from trace.recalls.hold_stating import acting, state
from trace.recalls.holds import hold_row, require_may_end, require_regulator
from trace.recalls.notices import overdue
from trace.recalls.persons import Person, require_another
from trace.recalls.recall_appliers import (
    apply_close_asked,
    apply_recall_acknowledged,
    apply_recall_closed,
    apply_recall_reminded,
)
from trace.recalls.recall_errors import ClosingChanged, NotARecallHolder, RecallClosed, UnknownRecall
from trace.recalls.recall_progress import progress_of
from trace.recalls.recall_tables import NoticeRow, RecallRow

Closing: TypeAlias = Literal["completed", "lifted"]
"""completed 完成: what is out stays on hold; lifted 解除: it was unfounded and the goods are free again."""
MOST_REMINDED: Final = 2_000
"""Parties one reminder names: its statement stays below the size of a leaf."""


def acknowledge(
    session: Session, declarer: Declarer, recall_id: str, person: Person, at_ms: int
) -> tuple[int, str | None]:
    """State that a party knows of a recall; returns when it first said so, and the statement if one was made.

    Raises `UnknownRecall`, and `NotARecallHolder` for a party that was sent no notice of it.
    """
    recall_row(session, recall_id)
    rows = session.exec(
        select(NoticeRow)
        .where(
            NoticeRow.recall_id == recall_id,
            NoticeRow.party == person.party,
            col(NoticeRow.due_ms).is_not(None),
        )
        .order_by(col(NoticeRow.sent_ms))
    ).all()
    if not rows:
        raise NotARecallHolder(recall=recall_id, party=person.party)
    if all(row.acknowledged_ms is not None for row in rows):
        return min(row.acknowledged_ms or at_ms for row in rows), None
    public: dict[str, JsonValue] = {"recall": recall_id, **acting(person)}
    said = state(
        session,
        declarer,
        apply_recall_acknowledged,
        kind="recall.acknowledged",
        subject=f"recall/{recall_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return at_ms, said.statement_id


def remind(
    session: Session, declarer: Declarer, recall_id: str, person: Person, at_ms: int
) -> tuple[str, ...]:
    """Send another notice to holders whose time to acknowledge is up; returns them.

    Raises `UnknownRecall`, `RecallClosed`, `NotYoursToLift` for who could not close it either.
    """
    row = _open(session, recall_id, person)
    late = overdue(session, recall_id, at_ms)[:MOST_REMINDED]
    if late:
        state(
            session,
            declarer,
            apply_recall_reminded,
            kind="recall.reminded",
            subject=f"recall/{recall_id}",
            public={"recall": recall_id, "class": row.recall_class, "parties": list(late), **acting(person)},
            person=person,
            at_ms=at_ms,
        )
    return late


def ask_to_close(
    session: Session,
    declarer: Declarer,
    recall_id: str,
    closing: Closing,
    report: str,
    person: Person,
    at_ms: int,
) -> str:
    """Ask for a recall to be closed: the first of two persons. Returns the id of the statement.

    Raises `UnknownRecall`, `RecallClosed`, `NotYoursToLift`.
    """
    _open(session, recall_id, person)
    said = state(
        session,
        declarer,
        apply_close_asked,
        kind="recall.close_asked",
        subject=f"recall/{recall_id}",
        public={"recall": recall_id, "state": closing, "report": report, **acting(person)},
        person=person,
        at_ms=at_ms,
    )
    return said.statement_id


def close_recall(
    session: Session,
    declarer: Declarer,
    recall_id: str,
    person: Person,
    at_ms: int,
    confirmed: Closing | None = None,
) -> str:
    """Close a recall as another person asked, with its figures: the second of two.

    `confirmed` is what the second person read: a request swapped meanwhile is not approved with it. Raises
    what `ask_to_close` raises, `LiftNotAsked`, `SamePerson`, `PersonForgotten`, `ClosingChanged`.
    """
    row = _open(session, recall_id, person)
    require_another(session, declarer.vault, row.asked_statement, person)
    if confirmed not in (None, row.asked_state):
        raise ClosingChanged(asked=row.asked_state, confirmed=confirmed)
    require_regulator(hold_row(session, recall_id), row.asked_role, person)
    reached = progress_of(session, recall_id).effectiveness
    public: dict[str, JsonValue] = {
        "recall": recall_id,
        "hold": recall_id,
        "state": row.asked_state,
        "report": row.asked_report,
        "asked_role": row.asked_role,
        "asked_in": row.asked_statement,
        "distributed_grams": reached.distributed_grams,
        "distributed_packs": reached.distributed_packs,
        "recovered_grams": reached.recovered_grams,
        "recovered_packs": reached.recovered_packs,
        "destroyed_grams": reached.destroyed_grams,
        **acting(person),
    }
    said = state(
        session,
        declarer,
        apply_recall_closed,
        kind="recall.closed",
        subject=f"recall/{recall_id}",
        public=public,
        person=person,
        at_ms=at_ms,
    )
    return said.statement_id


def recall_row(session: Session, recall_id: str) -> RecallRow:
    """Return a recall as it stands; raises `UnknownRecall`."""
    row = session.get(RecallRow, recall_id, populate_existing=True)
    if row is None:
        raise UnknownRecall(recall=recall_id)
    return row


def _open(session: Session, recall_id: str, person: Person) -> RecallRow:
    row = recall_row(session, recall_id)
    if row.state != "open":
        raise RecallClosed(recall=recall_id)
    require_may_end(hold_row(session, recall_id), person)
    return row
