"""The way back to seed and the way forward to every product, over any number of levels.

Both are one recursive query over the edges. Lots form a graph without circles, because a step only
makes lots that did not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from trace.completeness import Completeness, completeness
from trace.reaching import BEGUN, edges_reached, reached_lots, whole_steps_reached
from trace.tables import StepLotRow, StepRow, table_of
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
    excipient: bool = False
    """The source is an excipient (辅料) of the target."""


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
    """Return the lots each lot was made from; excipients are none of them, for no herb came that way."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        if not edge.excipient:
            found.setdefault(edge.target, []).append(edge.source)
    return {lot: tuple(dict.fromkeys(parents)) for lot, parents in found.items()}


def stages_seen(session: Session, lots: Sequence[str]) -> dict[str, frozenset[Stage]]:
    """Return the stages that made or saw each of `lots`."""
    rows = session.connection().execute(_STAGES, {"lots": list(lots)})
    found: dict[str, set[Stage]] = {}
    for lot, stage in rows:
        found.setdefault(lot, set()).add(Stage(stage))
    return {lot: frozenset(stages) for lot, stages in found.items()}


def ways(session: Session, forms: dict[str, Form], edges: Sequence[LineageEdge]) -> dict[str, Completeness]:
    """Judge the completeness of each lot of `forms`, whose ways back are `edges`, in one query."""
    parents = parents_of(edges)
    stages = stages_seen(session, lots_of(edges, list(forms)))
    return {lot: completeness(lot, form, stages, parents) for lot, form in forms.items()}


def reached(session: Session, lots: Sequence[str], *, back: bool) -> set[str]:
    """Return those of `lots` that exist, and every lot on the way back, or forward, from them."""
    connection = session.connection()
    wanted = select(reached_lots(connection.dialect.name, back=back).c.lot)
    return set(connection.execute(wanted, {BEGUN: list(lots)}).scalars())


def whole_steps_forward(session: Session, lots: Sequence[str]) -> tuple[LineageEdge, ...]:
    """Return every edge of every step on the way forward from `lots`, those from other sources too."""
    if not lots:
        return ()
    return _edges(session, whole_steps_reached(session.connection().dialect.name), lots)


def _walk(session: Session, lots: Sequence[str], *, back: bool) -> tuple[LineageEdge, ...]:
    if not lots:
        return ()
    return _edges(session, edges_reached(session.connection().dialect.name, back=back), lots)


def _edges(session: Session, wanted: Select[Any], lots: Sequence[str]) -> tuple[LineageEdge, ...]:
    rows = session.connection().execute(wanted, {BEGUN: list(lots)})
    return tuple(
        LineageEdge(
            step_id=step,
            source=source,
            target=target,
            grams_in=grams_in,
            grams_out=grams_out,
            event_ms=at,
            excipient=excipient,
        )
        for step, source, target, grams_in, grams_out, at, excipient in rows
    )


_STEP: Final = table_of(StepRow)
_TOUCH: Final = table_of(StepLotRow)
# Past the ORM, and made once: every packing asks.
_STAGES: Final = (
    select(_TOUCH.c.lot_id, _STEP.c.stage)
    .join(_STEP, _STEP.c.step_id == _TOUCH.c.step_id)
    .where(
        _TOUCH.c.lot_id.in_(bindparam("lots", expanding=True)),
        _TOUCH.c.role != "used",
        _STEP.c.voided_by.is_(None),
    )
    .distinct()
)
