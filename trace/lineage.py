"""The way back to seed and the way forward to every product, over any number of levels.

Both are one recursive query over the edges. Lots form a graph without circles, because a step only
makes lots that did not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, literal, select, union_all
from sqlmodel import Session, col

from trace.completeness import Completeness, completeness
from trace.tables import EdgeRow, StepLotRow, StepRow
from trace.vocabulary import Form, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageEdge:
    """One lot went into another; grams are those of the whole step."""

    step_id: str
    source: str
    target: str
    grams_in: int | None
    grams_out: int | None
    event_ms: int


def ancestors(session: Session, lots: Sequence[str]) -> tuple[LineageEdge, ...]:
    """Return every edge on the way back from `lots`, oldest first."""
    return _walk(session, lots, back=True)


def descendants(session: Session, lots: Sequence[str]) -> tuple[LineageEdge, ...]:
    """Return every edge on the way forward from `lots`, oldest first."""
    return _walk(session, lots, back=False)


def lots_of(edges: Sequence[LineageEdge], lots: Sequence[str]) -> tuple[str, ...]:
    """Return `lots` and every lot on `edges`, each once, nearest first."""
    named = [*lots, *(lot for edge in reversed(edges) for lot in (edge.target, edge.source))]
    return tuple(dict.fromkeys(named))


def parents_of(edges: Sequence[LineageEdge]) -> dict[str, tuple[str, ...]]:
    """Return the lots each lot was made from."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        found.setdefault(edge.target, []).append(edge.source)
    return {lot: tuple(dict.fromkeys(parents)) for lot, parents in found.items()}


def stages_seen(session: Session, lots: Sequence[str]) -> dict[str, frozenset[Stage]]:
    """Return the stages that made or saw each of `lots`."""
    rows = session.execute(
        select(col(StepLotRow.lot_id), col(StepRow.stage))
        .join(StepRow, col(StepRow.step_id) == col(StepLotRow.step_id))
        .where(col(StepLotRow.lot_id).in_(lots), col(StepLotRow.role) != "used")
        .distinct()
    )
    found: dict[str, set[Stage]] = {}
    for lot, stage in rows:
        found.setdefault(lot, set()).add(Stage(stage))
    return {lot: frozenset(stages) for lot, stages in found.items()}


def ways(session: Session, forms: dict[str, Form]) -> dict[str, Completeness]:
    """Judge the completeness of each lot of `forms` in two queries."""
    edges = ancestors(session, list(forms))
    parents = parents_of(edges)
    stages = stages_seen(session, lots_of(edges, list(forms)))
    return {lot: completeness(lot, form, stages, parents) for lot, form in forms.items()}


def _walk(session: Session, lots: Sequence[str], *, back: bool) -> tuple[LineageEdge, ...]:
    if not lots:
        return ()
    near, far = (EdgeRow.target, EdgeRow.source) if back else (EdgeRow.source, EdgeRow.target)
    seeds: list[Select[tuple[str]]] = [select(literal(lot).label("lot")) for lot in lots]
    reached = select(union_all(*seeds).subquery().c.lot).cte("reached", recursive=True)
    # UNION, not UNION ALL: a lot reached by two ways is followed once.
    reached = reached.union(select(col(far)).join(reached, col(near) == reached.c.lot))
    rows = session.execute(
        select(
            col(EdgeRow.step_id),
            col(EdgeRow.source),
            col(EdgeRow.target),
            col(EdgeRow.grams_in),
            col(EdgeRow.grams_out),
            col(EdgeRow.event_ms),
        )
        .where(col(near).in_(select(reached.c.lot)))
        .order_by(col(EdgeRow.event_ms), col(EdgeRow.step_id), col(EdgeRow.source), col(EdgeRow.target))
    )
    return tuple(
        LineageEdge(
            step_id=step, source=source, target=target, grams_in=grams_in, grams_out=grams_out, event_ms=at
        )
        for step, source, target, grams_in, grams_out, at in rows
    )
