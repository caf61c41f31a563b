"""Looking codes of other systems up: from any text to what somebody linked it to, as far as anyone may know.

A link to packs is told by the lots they were filled from and how they stand. Our own codes are never told:
other systems' codes can often be guessed, and whoever guessed one would otherwise be given a genuine code
of ours to print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from trace.coding.code_tables import CodeRunRow
from trace.links.code_links import LinkedCode, find_link, linked_code_of, links_to
from trace.links.digital_link import Element
from trace.links.link_tables import OtherCodeRow
from trace.links.other_codes import Named, OtherCode, gs1_value, may_be_of_own_system, recognise
from trace.tables import LotRow, PartyRow, PlaceRow

_WEIGHT: Final = {"21": 8, "235": 8, "254": 8, "7040": 8, "10": 4, "22": 2}
"""How much finer a qualifier makes a key: a serial names one thing, a lot many, a variant a product."""
_MOST_SYSTEMS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PackStanding:
    """What may be said of packs without naming their codes."""

    lots: tuple[str, ...]
    statuses: tuple[str, ...]
    """Keys of `code_words.CodeStatus`, in alphabetical order."""
    frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """A link with what stands behind it."""

    link: LinkedCode
    party_name: str
    """Name of who linked it."""
    named: str
    """The lot, the name of the place or the party, or the product in words; empty for packs."""
    lots: tuple[str, ...]
    """The lots it leads to."""
    packs: PackStanding | None
    """Only for packs."""
    frozen: bool
    """Whether the lot, the party or any of the packs is on hold."""


def look_up_other(session: Session, text: str) -> tuple[FoundLink, ...]:
    """Return every link that `text` leads to; a GS1 key also finds the links further up its tree.

    Empty where nobody linked it, or where it has the form of no code at all.

    >>> [each.scheme for each in recognise("not a code")]
    []
    """
    found = [link for code in recognise(text) if (link := _nearest(session, code)) is not None]
    if may_be_of_own_system(text):
        found += _of_own_systems(session, text.strip())
    return tuple(_told(session, link) for link in found)


def _of_own_systems(session: Session, value: str) -> list[LinkedCode]:
    """The links of a code under every system of its own that has one like it."""
    wanted = (
        select(OtherCodeRow)
        .where(OtherCodeRow.value == value, col(OtherCodeRow.scheme).startswith("x-"))
        .order_by(col(OtherCodeRow.scheme))
        .limit(_MOST_SYSTEMS)
    )
    return [linked_code_of(row) for row in session.exec(wanted)]


def codes_of_lot(session: Session, lot: str) -> tuple[FoundLink, ...]:
    """Return every code of other systems that is linked to a lot."""
    return tuple(_told(session, link) for link in links_to(session, Named.LOT, lot))


def levels(path: Sequence[Element]) -> tuple[tuple[Element, ...], ...]:
    """Return a key with ever fewer qualifiers, the finest first: what to ask for in turn.

    >>> [len(level) for level in levels((("01", "G"), ("10", "L"), ("21", "S")))]
    [3, 2, 2, 1]
    """
    key, *after = path
    chosen = [
        tuple(each for place, each in enumerate(after) if number >> place & 1)
        for number in range(2 ** len(after))
    ]
    chosen.sort(key=lambda some: -sum(_WEIGHT.get(ai, 1) for ai, _ in some))
    return tuple((key, *some) for some in chosen)


def links_up_the_tree(
    session: Session, path: Sequence[Element]
) -> tuple[tuple[tuple[Element, ...], FoundLink], ...]:
    """Return the links of a GS1 key and of everything it is part of, the finest first."""
    found: list[tuple[tuple[Element, ...], FoundLink]] = []
    for level in levels(path):
        link = find_link(session, OtherCode(scheme="gs1", value=gs1_value(level), names=frozenset()))
        if link is not None:
            found.append((level, _told(session, link)))
    return tuple(found)


def _nearest(session: Session, code: OtherCode) -> LinkedCode | None:
    """The link of a code, or of the nearest thing it is part of."""
    for level in levels(code.path) if code.path else ():
        above = OtherCode(scheme=code.scheme, value=gs1_value(level), names=frozenset())
        if (link := find_link(session, above)) is not None:
            return link
    return find_link(session, code)


def _told(session: Session, link: LinkedCode) -> FoundLink:
    target = link.target
    party = session.get(PartyRow, link.party)
    packs = _standing(session, link) if target.kind is Named.PACKS else None
    lots = packs.lots if packs else ((target.name,) if target.kind is Named.LOT else ())
    held = [row.frozen for lot in lots if (row := session.get(LotRow, lot)) is not None]
    if target.kind is Named.PARTY and (own := session.get(PartyRow, target.name)) is not None:
        held.append(own.frozen)
    return FoundLink(
        link=link,
        party_name=party.name if party else link.party,
        named=_named(session, link),
        lots=lots,
        packs=packs,
        frozen=any(held) or (packs is not None and packs.frozen),
    )


def _named(session: Session, link: LinkedCode) -> str:
    target = link.target
    if target.kind is Named.PACKS:
        return ""
    if target.kind is Named.PARTY:
        party = session.get(PartyRow, target.name)
        return party.name if party else target.name
    if target.kind is Named.PLACE:
        place = session.get(PlaceRow, target.name)
        return place.name if place else target.name
    return target.name


def _standing(session: Session, link: LinkedCode) -> PackStanding:
    first, last = link.target.first_serial or 0, link.target.last_serial or 0
    rows = session.execute(
        select(CodeRunRow.lot_id, CodeRunRow.status, CodeRunRow.frozen).where(
            col(CodeRunRow.last_serial) >= first, col(CodeRunRow.first_serial) <= last
        )
    ).all()
    return PackStanding(
        lots=tuple(sorted({lot for lot, _, _ in rows if lot is not None})),
        statuses=tuple(sorted({str(status) for _, status, _ in rows})),
        frozen=any(frozen for _, _, frozen in rows),
    )
