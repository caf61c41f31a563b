"""Transfers: a place goes to another party, or a party's whole business does.

With its business a party hands over its places, its goods and what is on the way to it, and is closed
from then on; its history stays under its own name.
"""

from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from trace.coding.code_tables import CodeRunRow
from trace.declaring import Declarer
from trace.parties import party
from trace.places import place
from trace.registers.changes import apply_place_change, starting
from trace.registers.naming import statement_id, text, text_or_none, whole
from trace.registers.register_errors import NothingChanged, NotItsParty, StandingUnchanged
from trace.registers.register_tables import PlaceVersionRow, StandingRow, SuccessionRow
from trace.registers.register_words import Registered, StandingKind
from trace.registers.standing import standing_now
from trace.said import Said
from trace.tables import LotRow, PlaceRow, ShipmentRow, insert_rows, table_of


def transfer_place(
    session: Session,
    declarer: Declarer,
    place_id: str,
    to: str,
    *,
    day: date | None,
    at_ms: int,
    by: str | None,
) -> str:
    """State that a place is run by `to` from `day` (today without one) on; return the statement's id.

    `by` is the party that runs it, or None for the operator. Raises `UnknownPlace`, `UnknownParty`,
    `NotItsParty`, `NothingChanged`, `BadValidity`.
    """
    known = place(session, place_id)
    party(session, to)
    if by is not None and known.party != by:
        raise NotItsParty(place=place_id, uscc=by, at=Location(field="place", value=place_id))
    if known.party == to:
        raise NothingChanged(kind_zh="地点", kind_en="place", target=place_id)
    return declarer.declare(
        session,
        apply_place_change,
        kind="place.transferred",
        statement_id=statement_id("place.transferred", place_id, at_ms),
        subject=f"place/{place_id}",
        public={
            "place": place_id,
            "name": known.name,
            "division": known.division,
            "market": known.market,
            "party": to,
            "from_party": known.party,
            "from_ms": starting(session, PlaceVersionRow, {"place_id": place_id}, day, at_ms),
        },
        at_ms=at_ms,
        by=by,
    ).statement_id


def transfer_business(
    session: Session, declarer: Declarer, uscc: str, to: str, *, reason: str, at_ms: int, by: str | None
) -> str:
    """State that all a party runs and holds goes to `to`, now, and closes it; return the statement's id.

    Raises `UnknownParty`, `NothingChanged` for a transfer to itself, `StandingUnchanged` when either is
    frozen, suspended or closed: goods under a hold do not change hands.
    """
    frozen = [each.uscc for each in (party(session, uscc), party(session, to)) if each.frozen]
    if uscc == to:
        raise NothingChanged(kind_zh="主体", kind_en="party", target=uscc)
    for each in frozen:
        raise StandingUnchanged(
            kind_zh="主体", kind_en="party", target=each, state_zh="冻结", state_en="frozen"
        )
    for each in (uscc, to):
        if (now := standing_now(session, Registered.PARTY, each)) is not None:
            raise StandingUnchanged(
                kind_zh="主体", kind_en="party", target=each, state_zh=now.kind.zh, state_en=now.kind.en
            )
    return declarer.declare(
        session,
        apply_business,
        kind="party.transferred",
        statement_id=statement_id("party.transferred", uscc, at_ms),
        subject=f"party/{uscc}",
        public={"uscc": uscc, "to": to, "reason": reason, "by": by, "from_ms": at_ms},
        at_ms=at_ms,
        by=by,
    ).statement_id


def apply_business(session: Session, said: Said) -> None:
    """Move places, goods and open shipments to the successor and close the party (`party.transferred`)."""
    uscc, to, from_ms = text(said, "uscc"), text(said, "to"), whole(said, "from_ms")
    mine = select(PlaceRow).where(PlaceRow.party == uscc).order_by(col(PlaceRow.place_id))
    for row in session.exec(mine.execution_options(populate_existing=True)).all():
        part = Said(
            statement_id=f"{said.statement_id}#{row.place_id}",
            kind="place.transferred",
            subject=f"place/{row.place_id}",
            at_ms=said.at_ms,
            actor=said.actor,
            public={
                "place": row.place_id,
                "name": row.name,
                "division": row.division,
                "market": row.market,
                "party": to,
                "from_ms": from_ms,
            },
        )
        apply_place_change(session, part)
    connection = session.connection()
    connection.execute(update(table_of(LotRow)).where(col(LotRow.holder) == uscc).values(holder=to))
    waiting = (col(ShipmentRow.receiver) == uscc) & col(ShipmentRow.received_step).is_(None)
    connection.execute(update(table_of(ShipmentRow)).where(waiting).values(receiver=to))
    runs = table_of(CodeRunRow)
    connection.execute(update(runs).where(runs.c.holder == uscc).values(holder=to))
    connection.execute(update(runs).where(runs.c.in_transit_to == uscc).values(in_transit_to=to))
    succession = {"uscc": uscc, "successor": to, "moved_ms": from_ms, "nth": said.nth}
    insert_rows(session, SuccessionRow, [succession | {"statement_id": said.statement_id}])
    closing = {
        "statement_id": said.statement_id,
        "sort": Registered.PARTY.value,
        "target": uscc,
        "kind": StandingKind.CLOSED.value,
        "said_by": text_or_none(said, "by"),
        "reason": text(said, "reason"),
        "valid_from_ms": from_ms,
        "valid_until_ms": None,
        "ended_by": None,
    }
    insert_rows(session, StandingRow, [closing])
