"""A party or place as anybody may see it, with all its registers; and the list of parties."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from trace.errors import UnknownParty, UnknownPlace
from trace.parties import Party, party_of
from trace.places import Place, place_of
from trace.registers.changes import party_versions, place_versions
from trace.registers.licences import Licence, licences
from trace.registers.outlines import Outline, outline
from trace.registers.register_tables import PartyVersionRow, PlaceVersionRow, SuccessionRow
from trace.registers.register_words import Registered
from trace.registers.staff import Staff, staff
from trace.registers.standing import Standing, standings
from trace.tables import PartyRow, PlaceRow
from trace.vocabulary import NodeType


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """A party with everything the registers say of it, names of staff left out."""

    party: Party
    registered_ms: int
    standings: Sequence[Standing]
    licences: Sequence[Licence]
    staff: Sequence[Staff]
    versions: Sequence[PartyVersionRow]
    successor: str | None
    """USCC of the party its business went to."""
    places: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown:
    """A place with everything the registers say of it, address and exact outline left out."""

    place: Place
    registered_ms: int
    standings: Sequence[Standing]
    outline: Outline | None
    versions: Sequence[PlaceVersionRow]


def party_shown(session: Session, uscc: str) -> PartyShown:
    """Return a party with its registers; raises `UnknownParty`."""
    row = session.get(PartyRow, uscc)
    if row is None:
        raise UnknownParty(uscc=uscc)
    succession = session.get(SuccessionRow, uscc)
    mine = select(PlaceRow.place_id).where(PlaceRow.party == uscc).order_by(PlaceRow.place_id)
    return PartyShown(
        party=party_of(row),
        registered_ms=row.registered_ms,
        standings=standings(session, Registered.PARTY, uscc),
        licences=licences(session, uscc),
        staff=staff(session, uscc),
        versions=party_versions(session, uscc),
        successor=None if succession is None else succession.successor,
        places=tuple(session.exec(mine)),
    )


def place_shown(session: Session, place_id: str) -> PlaceShown:
    """Return a place with its registers; raises `UnknownPlace`."""
    row = session.get(PlaceRow, place_id)
    if row is None:
        raise UnknownPlace(place=place_id)
    return PlaceShown(
        place=place_of(row),
        registered_ms=row.registered_ms,
        standings=standings(session, Registered.PLACE, place_id),
        outline=outline(session, place_id),
        versions=place_versions(session, place_id),
    )


def parties(
    session: Session,
    *,
    division: str = "",
    node_type: NodeType | None = None,
    after: str = "",
    limit: int = 50,
) -> list[Party]:
    """Return parties of a division (2, 4 or 6 digits) and type in the order of their USCC, after `after`."""
    wanted = select(PartyRow).where(col(PartyRow.uscc) > after)
    if division:
        wanted = wanted.where(col(PartyRow.division).startswith(division))
    if node_type is not None:
        spaced = " " + col(PartyRow.node_types) + " "
        wanted = wanted.where(spaced.contains(f" {node_type.value} "))
    return [party_of(row) for row in session.exec(wanted.order_by(col(PartyRow.uscc)).limit(limit))]
