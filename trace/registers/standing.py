"""Standing: a party or place is suspended, resumes, or closes for good.

Who suspends says why; what a regulator or the operator suspended, the party cannot lift itself. After
closing no step counts any more, and whatever the party still holds is listed (`holdings`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from trace.declaring import Declarer
from trace.parties import party
from trace.places import place
from trace.registers.naming import statement_id, text, text_or_none, whole
from trace.registers.register_errors import StandingUnchanged, SuspensionNotYours
from trace.registers.register_tables import StandingRow
from trace.registers.register_words import Registered, StandingKind
from trace.said import Said
from trace.tables import insert_rows, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A time in which a party or place may not work."""

    statement_id: str
    sort: Registered
    target: str
    kind: StandingKind
    said_by: str | None
    """USCC of who said so; None for the operator."""
    reason: str
    valid_from_ms: int
    valid_until_ms: int | None

    def holds(self, at_ms: int) -> bool:
        """Say whether it stands in the way of what happens at `at_ms`."""
        return self.valid_from_ms <= at_ms and (self.valid_until_ms is None or at_ms < self.valid_until_ms)


def suspend(
    session: Session,
    declarer: Declarer,
    sort: Registered,
    target: str,
    *,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    """State that a party or place may not work from now on; return the statement's id.

    `by` is a USCC, of the party itself or of a regulator, or None for the operator. Raises `UnknownParty`,
    `UnknownPlace`, `StandingUnchanged` for what is suspended or closed already.
    """
    _must_exist(session, sort, target)
    if (now := standing_now(session, sort, target)) is not None:
        raise _unchanged(sort, target, now)
    return _state(session, declarer, sort, target, StandingKind.SUSPENDED, reason, at_ms, by)


def close(
    session: Session,
    declarer: Declarer,
    sort: Registered,
    target: str,
    *,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    """State that a party or place is closed for good; return the statement's id.

    Raises `UnknownParty`, `UnknownPlace`, `StandingUnchanged` for what is closed already.
    """
    _must_exist(session, sort, target)
    now = standing_now(session, sort, target)
    if now is not None and now.kind is StandingKind.CLOSED:
        raise _unchanged(sort, target, now)
    return _state(session, declarer, sort, target, StandingKind.CLOSED, reason, at_ms, by)


def apply_standing(session: Session, said: Said) -> None:
    """Write that a party or place may not work (`party.suspended`, `place.closed` …)."""
    sort, _, verb = said.kind.partition(".")
    row = {
        "statement_id": said.statement_id,
        "sort": sort,
        "target": text(said, "target"),
        "kind": verb,
        "said_by": text_or_none(said, "by"),
        "reason": text(said, "reason"),
        "valid_from_ms": whole(said, "from_ms"),
        "valid_until_ms": None,
        "ended_by": None,
    }
    insert_rows(session, StandingRow, [row])


def resume(
    session: Session,
    declarer: Declarer,
    sort: Registered,
    target: str,
    *,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    """State that a suspended party or place may work again; return the statement's id.

    `by` is a USCC or None for the operator; `reason` is public. Raises `StandingUnchanged` for what is not
    suspended, `SuspensionNotYours` where a party would lift what another imposed on it.
    """
    now = standing_now(session, sort, target)
    if now is None or now.kind is StandingKind.CLOSED:
        _must_exist(session, sort, target)
        raise _unchanged(sort, target, now)
    owner = target if sort is Registered.PARTY else place(session, target).party
    if by == owner and now.said_by != by:
        raise SuspensionNotYours(kind_zh=sort.zh, kind_en=sort.en, target=target)
    kind = f"{sort.value}.resumed"
    return declarer.declare(
        session,
        apply_resumption,
        kind=kind,
        statement_id=statement_id(kind, target, at_ms),
        subject=f"{sort.value}/{target}",
        public={"target": target, "reason": reason, "by": by, "from_ms": at_ms},
        at_ms=at_ms,
        by=by,
        refs=[now.statement_id],
    ).statement_id


def apply_resumption(session: Session, said: Said) -> None:
    """End every open suspension (`party.resumed`, `place.resumed`)."""
    session.connection().execute(
        update(table_of(StandingRow))
        .where(
            col(StandingRow.target) == text(said, "target"),
            col(StandingRow.sort) == said.kind.partition(".")[0],
            col(StandingRow.kind) == StandingKind.SUSPENDED.value,
            col(StandingRow.valid_until_ms).is_(None),
        )
        .values(valid_until_ms=whole(said, "from_ms"), ended_by=said.statement_id)
    )


def standings(session: Session, sort: Registered, target: str) -> Sequence[Standing]:
    """Return every suspension and closing of a party or place, oldest first."""
    found = session.exec(
        select(StandingRow)
        .where(StandingRow.target == target, StandingRow.sort == sort.value)
        .order_by(col(StandingRow.valid_from_ms), col(StandingRow.statement_id))
        .execution_options(populate_existing=True)
    )
    return [standing_of(row) for row in found]


def standing_now(session: Session, sort: Registered, target: str) -> Standing | None:
    """Return what stands in the way of a party or place now: its closing before a suspension; else None."""
    held = [each for each in standings(session, sort, target) if each.valid_until_ms is None]
    return max(held, key=lambda each: each.kind is StandingKind.CLOSED, default=None)


def standing_of(row: StandingRow) -> Standing:
    """Return the standing a row holds."""
    return Standing(
        statement_id=row.statement_id,
        sort=Registered(row.sort),
        target=row.target,
        kind=StandingKind(row.kind),
        said_by=row.said_by,
        reason=row.reason,
        valid_from_ms=row.valid_from_ms,
        valid_until_ms=row.valid_until_ms,
    )


def _state(
    session: Session,
    declarer: Declarer,
    sort: Registered,
    target: str,
    kind: StandingKind,
    reason: str,
    at_ms: int,
    by: str | None,
) -> str:
    name = f"{sort.value}.{kind.value}"
    return declarer.declare(
        session,
        apply_standing,
        kind=name,
        statement_id=statement_id(name, target, at_ms),
        subject=f"{sort.value}/{target}",
        public={"target": target, "reason": reason, "by": by, "from_ms": at_ms},
        at_ms=at_ms,
        by=by,
    ).statement_id


def _must_exist(session: Session, sort: Registered, target: str) -> None:
    if sort is Registered.PARTY:
        party(session, target)
    else:
        place(session, target)


def _unchanged(sort: Registered, target: str, now: Standing | None) -> StandingUnchanged:
    return StandingUnchanged(
        kind_zh=sort.zh,
        kind_en=sort.en,
        target=target,
        state_zh=now.kind.zh if now else "正常",
        state_en=now.kind.en if now else "in good standing",
        at=Location(value=target),
    )
