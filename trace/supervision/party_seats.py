"""Who a party is and where it sits: what a list for regulators says beside a USCC."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from trace.tables import PartyRow
from trace.vocabulary import NodeType

_AT_ONCE: Final = 500
"""USCCs asked for in one query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Name, kinds and seat of a party."""

    uscc: str
    name: str
    division: str
    """GB/T 2260 code."""
    node_types: tuple[NodeType, ...]

    def within(self, area: str) -> bool:
        """Whether it sits in the area whose codes begin with `area`; everything does in ''."""
        return self.division.startswith(area)


def seats(session: Session, usccs: Iterable[str]) -> Mapping[str, Seat]:
    """Return the seats of parties by USCC; those not registered are not in it."""
    wanted = sorted(set(usccs))
    found: dict[str, Seat] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        part = wanted[begin : begin + _AT_ONCE]
        for row in session.exec(select(PartyRow).where(col(PartyRow.uscc).in_(part))):
            kinds = tuple(NodeType(kind) for kind in row.node_types.split())
            found[row.uscc] = Seat(uscc=row.uscc, name=row.name, division=row.division, node_types=kinds)
    return found
