"""Which nodes entered an index after its first release, and which left it, by the release that said so."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from priceindex.classification import Level
from priceindex.releases.release_tables import NodeRow, SeriesRow
from priceindex.releases.series import Frequency


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that entered or left."""

    vintage: int
    """Ordinal of the release, within the family."""
    node: str
    entered: bool


def node_changes(
    session: Session, family: str, level: Level, frequency: Frequency, *, ordinal: int
) -> list[NodeChange]:
    """Return what entered and left a level up to a vintage, by vintage; what the first has is no change."""
    named = (
        col(SeriesRow.family) == family,
        col(SeriesRow.level) == str(level),
        col(SeriesRow.frequency) == frequency,
    )
    joined = col(SeriesRow.series_id) == col(NodeRow.series_id)
    first = func.min(col(NodeRow.vintage))
    entered = (
        select(col(SeriesRow.node), first)
        .join(NodeRow, joined)
        .where(*named)
        .group_by(col(SeriesRow.node))
        .having(first > 1, first <= ordinal)
    )
    left = (
        select(col(SeriesRow.node), col(NodeRow.vintage))
        .join(NodeRow, joined)
        .where(*named, col(NodeRow.weight).is_(None), col(NodeRow.vintage) <= ordinal)
    )
    found = [
        *(NodeChange(vintage, node, entered=True) for node, vintage in session.exec(entered)),
        *(NodeChange(vintage, node, entered=False) for node, vintage in session.exec(left)),
    ]
    return sorted(found, key=lambda each: (each.vintage, each.node))
