"""Registering parties and places: a key, a signed statement and a row each, once.

What a scan page says about who and where is thereby in the ledger too; a place's detailed address
enters it only as a salted digest.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, SQLModel, col

from ledger.errors import Location
from ledger.registry import register_key
from trace.declaring import Declarer
from trace.errors import AlreadyRegistered, TraceError, UnknownParty
from trace.identifiers import check_gln, check_uscc
from trace.markets import market
from trace.parties import Party, PartyNew, party_of
from trace.places import Place, PlaceNew, place_of
from trace.profiles import Visibility
from trace.registers.days import day_of
from trace.registers.division_days import check_division_on
from trace.said import Applier, Said
from trace.tables import PartyRow, PlaceRow, insert_rows, table_of


def register_party(session: Session, new: PartyNew, declarer: Declarer, at_ms: int) -> Party:
    """Register `new` and its signing key; the same particulars again change nothing.

    Raises `BadIdentifier` for a wrong USCC or division, `AlreadyRegistered` for other particulars.
    """
    with _about("uscc", new.uscc):
        check_uscc(new.uscc)
    with _about("gln", new.gln):
        _check_gln(session, PartyRow, new.gln, col(PartyRow.uscc) != new.uscc)
    known = session.get(PartyRow, new.uscc)
    if known is not None:
        if (known.name, known.node_types, known.division, known.gln) != (
            new.name,
            " ".join(new.node_types),
            new.division,
            new.gln,
        ):
            raise AlreadyRegistered(
                kind_zh="主体", kind_en="party", name=new.uscc, at=Location(field="uscc", value=new.uscc)
            )
        return party_of(known)
    with _about("division", new.division):
        check_division_on(new.division, day_of(at_ms))
    register_key(session, declarer.signer_of(new.uscc), declarer.origin, at_ms, holder=new.uscc)
    declarer.declare(
        session,
        apply_party,
        kind="party.registered",
        statement_id=f"party/{new.uscc}",
        subject=f"party/{new.uscc}",
        public={
            "uscc": new.uscc,
            "name": new.name,
            "node_types": [each.value for each in new.node_types],
            "division": new.division,
            **({"gln": new.gln} if new.gln else {}),
        },
        at_ms=at_ms,
        by=new.uscc,
    )
    return party_of(session.get_one(PartyRow, new.uscc))


def apply_party(session: Session, said: Said) -> None:
    """Write the row of a party from its statement (`party.registered`)."""
    types = said.public["node_types"]
    row = {
        "uscc": said.public["uscc"],
        "name": said.public["name"],
        "node_types": " ".join(str(each) for each in types) if isinstance(types, list) else "",
        "division": said.public["division"],
        "gln": said.public.get("gln"),
        "key_id": said.actor,
        "statement_id": said.statement_id,
        "frozen": False,
        "registered_ms": said.at_ms,
    }
    insert_rows(session, PartyRow, [row])


def register_place(session: Session, new: PlaceNew, declarer: Declarer, at_ms: int) -> Place:
    """Register `new`, signed by its party; the same particulars again change nothing.

    Raises `UnknownParty`, `UnknownMarket`, `BadIdentifier`, `AlreadyRegistered`.
    """
    with _about("gln", new.gln):
        _check_gln(session, PlaceRow, new.gln, col(PlaceRow.place_id) != new.place_id)
    with _about("market", new.market):
        slug = market(new.market).slug if new.market else None
    if session.get(PartyRow, new.party) is None:
        raise UnknownParty(uscc=new.party, at=Location(field="party", value=new.party))
    known = session.get(PlaceRow, new.place_id)
    if known is not None:
        if (known.name, known.party, known.division, known.market, known.gln) != (
            new.name,
            new.party,
            new.division,
            slug,
            new.gln,
        ):
            raise AlreadyRegistered(
                kind_zh="地点",
                kind_en="place",
                name=new.place_id,
                at=Location(field="place_id", value=new.place_id),
            )
        return place_of(known)
    with _about("division", new.division):
        check_division_on(new.division, day_of(at_ms))
    declarer.declare(
        session,
        apply_place,
        kind="place.registered",
        statement_id=f"place/{new.place_id}",
        subject=f"place/{new.place_id}",
        public={
            "place": new.place_id,
            "name": new.name,
            "party": new.party,
            "division": new.division,
            "market": slug,
            **({"gln": new.gln} if new.gln else {}),
        },
        at_ms=at_ms,
        by=new.party,
        private={"address": new.address} if new.address else {},
        visibility={"address": Visibility.REGULATOR},
    )
    return place_of(session.get_one(PlaceRow, new.place_id))


def apply_place(session: Session, said: Said) -> None:
    """Write the row of a place from its statement (`place.registered`)."""
    row = {
        "place_id": said.public["place"],
        "name": said.public["name"],
        "party": said.public["party"],
        "division": said.public["division"],
        "market": said.public["market"],
        "gln": said.public.get("gln"),
        "statement_id": said.statement_id,
        "registered_ms": said.at_ms,
    }
    insert_rows(session, PlaceRow, [row])


REGISTRATION_APPLIERS: Final[Mapping[str, Applier]] = {
    "party.registered": apply_party,
    "place.registered": apply_place,
}
"""What parties and places state of themselves, and how it is applied."""


@contextmanager
def _about(field: str, value: str | None) -> Iterator[None]:
    """Say of a fault raised inside which member of the request it is about."""
    try:
        yield
    except TraceError as fault:
        fault.at = replace(fault.at, field=field, value=value)
        raise


def _check_gln(session: Session, row: type[SQLModel], gln: str | None, others: ColumnElement[bool]) -> None:
    """Raise `BadIdentifier` for a wrong GLN, `AlreadyRegistered` for one that another row carries."""
    if gln is None:
        return
    check_gln(gln)
    table = table_of(row)
    if session.execute(select(table.c.gln).where(table.c.gln == gln, others)).first() is not None:
        raise AlreadyRegistered(kind_zh="全球位置码", kind_en="GLN", name=gln)
