"""One call: a lot's way in one direction, and where the goods made from it are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from ledger.errors import Language
from trace.goods_at import END_USERS, END_USERS_WORDS
from trace.lineages.lineage_graph import Direction, LineageGraph, lineage_graph, party_names
from trace.lineages.placements import Placement, placements


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """A way and what is at its ends."""

    graph: LineageGraph
    placements: tuple[Placement, ...]
    """Looking forward, where the goods are; looking back there are none."""
    names: Mapping[str, str]
    """Name of every party named in either, by USCC."""

    def holder_name(self, holder: str, language: Language) -> str:
        """Return the name of who has goods, or the words for end users."""
        return END_USERS_WORDS[language] if holder == END_USERS else self.names[holder]


def whereabouts(session: Session, lot: str, direction: Direction) -> Whereabouts:
    """Return the whole way of `lot` and, forward, who has what was made from it; raises `UnknownLot`."""
    graph = lineage_graph(session, lot, direction)
    if direction is Direction.BACK:
        return Whereabouts(graph=graph, placements=(), names=graph.names)
    placed = placements(session, graph)
    named = {uscc for each in placed for uscc in (each.holder, each.in_transit_to) if uscc}
    more = party_names(session, sorted(named - set(graph.names)))
    return Whereabouts(graph=graph, placements=placed, names={**graph.names, **more})
