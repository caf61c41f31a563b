"""The ranking of a period's integrity scores, by area and node type, with the movement since the one before.

Who has the same score shares a rank, and the next rank is left out (1, 2, 2, 4).
"""

from dataclasses import dataclass

from sqlalchemy import Integer, literal
from sqlmodel import Session, col, func, select

from trace.integrity.integrity_tables import ScoreRow
from trace.integrity.scoring import Scored, scored_of
from trace.tables import PartyRow
from trace.vocabulary import NodeType


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One party in the ranking."""

    rank: int
    name: str
    division: str
    node_types: tuple[NodeType, ...]
    scored: Scored
    before: int | None
    """Its score of the earlier period, in thousandths; None where it had none."""

    @property
    def moved(self) -> int | None:
        """By how many thousandths it moved since."""
        return None if self.before is None else self.scored.score.thousandths - self.before


def scored_periods(session: Session) -> list[str]:
    """Return the periods that were scored, the latest first; a year counts as its last quarter."""
    found = session.exec(select(ScoreRow.period).distinct()).all()
    return sorted(found, key=lambda name: (name[:4], name[4:] or "Q4", name), reverse=True)


def ranking(
    session: Session,
    period: str,
    earlier: str | None,
    *,
    area: str = "",
    node_type: NodeType | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Ranked]:
    """Return the parties scored for `period` from the best down; ranks count within the filter.

    `earlier` is the period the movement is measured against.
    """
    before = select(ScoreRow.uscc, ScoreRow.score).where(ScoreRow.period == (earlier or "")).subquery()
    rank = func.rank().over(order_by=col(ScoreRow.score).desc()).cast(Integer)
    asked = (
        select(ScoreRow, PartyRow, rank, before.c.score)
        .join(PartyRow, col(PartyRow.uscc) == col(ScoreRow.uscc))
        .join(before, before.c.uscc == col(ScoreRow.uscc), isouter=True)
        .where(ScoreRow.period == period, col(PartyRow.division).startswith(area))
        .order_by(col(ScoreRow.score).desc(), col(ScoreRow.uscc))
        .offset(offset)
        .limit(limit)
    )
    if node_type is not None:
        kinds = literal(" ") + col(PartyRow.node_types) + literal(" ")
        asked = asked.where(kinds.contains(f" {node_type.value} ", autoescape=True))
    return [
        Ranked(
            rank=place,
            name=party.name,
            division=party.division,
            node_types=tuple(NodeType(kind) for kind in party.node_types.split()),
            scored=scored_of(row),
            before=earlier_score,
        )
        for row, party, place, earlier_score in session.exec(asked)
    ]
