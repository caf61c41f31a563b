"""What a code of another system is linked to, and who holds it: only its holder may link it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from ledger.errors import Location
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.errors import UnknownCode, UnknownLot
from trace.links.link_errors import NotTheHolder
from trace.links.other_codes import Named
from trace.parties import party as party_named
from trace.places import place as place_named
from trace.tables import LotRow

_KEY_OF: Final[Mapping[Named, str]] = {
    Named.LOT: "lot",
    Named.PLACE: "place",
    Named.PARTY: "party",
    Named.PRODUCT: "product",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """One thing of our record."""

    kind: Named
    name: str
    """Lot id, place id, USCC, or the product in words; for packs, their serials."""
    first_serial: int | None = None
    last_serial: int | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as a statement says it."""
        if self.first_serial is not None and self.last_serial is not None:
            return {"serials": [self.first_serial, self.last_serial]}
        return {_KEY_OF[self.kind]: self.name}

    @classmethod
    def from_json(cls, names: Mapping[str, JsonValue]) -> "LinkTarget":
        """Read it from a statement."""
        serials = names.get("serials")
        if isinstance(serials, list | tuple):
            first, last = serials
            return packs_target(int(str(first)), int(str(last)))
        kind = next(kind for kind, key in _KEY_OF.items() if key in names)
        return cls(kind=kind, name=str(names[_KEY_OF[kind]]))


def lot_target(lot: str) -> LinkTarget:
    """Name a lot by its id."""
    return LinkTarget(kind=Named.LOT, name=lot)


def packs_target(first_serial: int, last_serial: int) -> LinkTarget:
    """Name packs by the first and the last of their serials.

    >>> packs_target(7, 9).name
    '7-9'
    """
    name = f"{first_serial}-{last_serial}"
    return LinkTarget(kind=Named.PACKS, name=name, first_serial=first_serial, last_serial=last_serial)


def require_held(session: Session, target: LinkTarget, by: str) -> None:
    """Raise unless the party `by` (a USCC) holds `target` now; a product anybody names as its own.

    Raises `UnknownLot`, `UnknownPlace`, `UnknownParty`, `UnknownCode` or `NotTheHolder`.
    """
    party_named(session, by)
    if target.kind is Named.PRODUCT:
        return
    if target.kind is Named.LOT:
        holders = {_lot_holder(session, target.name)}
    elif target.kind is Named.PLACE:
        holders = {place_named(session, target.name).party}
    elif target.kind is Named.PARTY:
        holders = {party_named(session, target.name).uscc}
    else:
        holders = _pack_holders(session, target)
    if holders != {by}:
        raise NotTheHolder(target=target.name, party=by, at=Location(field="target", value=target.name))


def _lot_holder(session: Session, lot: str) -> str:
    row = session.get(LotRow, lot)
    if row is None:
        raise UnknownLot(lot=lot, at=Location(field="lot", value=lot))
    return row.holder


def _pack_holders(session: Session, target: LinkTarget) -> set[str]:
    """Whoever has any of the packs: by itself, with its lot, or because its code is still unused."""
    first, last = target.first_serial or 0, target.last_serial or 0
    rows = session.execute(
        select(
            col(CodeRunRow.first_serial),
            col(CodeRunRow.last_serial),
            col(CodeRunRow.holder),
            col(LotRow.holder),
            col(CodeBatchRow.party),
        )
        .join(CodeBatchRow, col(CodeBatchRow.batch_id) == col(CodeRunRow.batch_id))
        .outerjoin(LotRow, col(LotRow.lot_id) == col(CodeRunRow.lot_id))
        .where(col(CodeRunRow.last_serial) >= first, col(CodeRunRow.first_serial) <= last)
    ).all()
    covered = sum(min(row[1], last) - max(row[0], first) + 1 for row in rows)
    if covered != last - first + 1:
        raise UnknownCode(code=f"#{target.name}", at=Location(field="packs", value=target.name))
    return {own or of_lot or issued_to for _, _, own, of_lot, issued_to in rows}
