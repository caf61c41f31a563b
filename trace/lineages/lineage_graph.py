"""The whole way of a lot as a graph: back to seed and forward to every lot made from it, with grams.

Read in four queries however long the way is; the arithmetic is `attribution`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from ledger.writing.bulk import ask
from trace.errors import UnknownLot
from trace.lineage import LineageEdge, ancestors, whole_steps_forward
from trace.lineages.attribution import Shares, apportion, grams_of, per_million, shares_back, shares_forward
from trace.lots import LotState
from trace.projections import lots_named
from trace.vocabulary import Stage


class Direction(StrEnum):
    """Which way a lineage looks."""

    BACK = "back"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageLot:
    """One lot of a lineage."""

    state: LotState
    level: int
    """Steps from the lot asked about, by the longest way; 0 is that lot."""
    share: int
    """Back: what share of the lot asked about stems from this one. Forward: what share of this one stems
    from the lot asked about. Out of `attribution.WHOLE`."""
    grams: int | None
    """That share in grams: of the lot asked about (back) or of this one (forward); None without weight."""
    assumed: bool
    """The share rests on sources without weight, counted alike."""
    source: bool
    """Nothing on record was it made from."""
    excipient: bool
    """Back: it is in the lot asked about as an excipient (辅料) only. Forward: that lot is so in this one."""

    @property
    def lot(self) -> str:
        """Its number."""
        return self.state.lot

    @property
    def per_million(self) -> int:
        """Its share in millionths."""
        return per_million(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageStep:
    """A step that made lots of a lineage."""

    step_id: str
    stage: Stage
    party: str
    event_ms: int
    offset_minutes: int
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageGraph:
    """A lot's way in one direction."""

    lot: str
    direction: Direction
    lots: tuple[LineageLot, ...]
    """The lot asked about first, then by level and number."""
    edges: tuple[LineageEdge, ...]
    """Oldest first; only those between lots of the graph."""
    steps: Mapping[str, LineageStep]
    names: Mapping[str, str]
    """Name of every party that holds a lot or did a step, by USCC."""

    @property
    def sources(self) -> tuple[LineageLot, ...]:
        """Where the herb began: lots that nothing on record was made into, without excipients."""
        return tuple(each for each in self.lots if each.source and not each.excipient)


def lineage_graph(session: Session, lot: str, direction: Direction) -> LineageGraph:
    """Return the whole way of `lot` in one direction; raises `UnknownLot`."""
    back = direction is Direction.BACK
    edges = ancestors(session, [lot]) if back else whole_steps_forward(session, [lot])
    shares = shares_back(lot, edges) if back else shares_forward(lot, edges)
    states = lots_named(session, list(shares.of))
    if lot not in states:
        raise UnknownLot(lot=lot)
    inner = tuple(edge for edge in edges if edge.source in states and edge.target in states)
    steps = _steps(session, sorted({edge.step_id for edge in inner}))
    usccs = {state.holder for state in states.values()} | {step.party for step in steps.values()}
    return LineageGraph(
        lot=lot,
        direction=direction,
        lots=_lots(lot, states, shares, inner, back=back),
        edges=inner,
        steps=steps,
        names=party_names(session, sorted(usccs)),
    )


def party_names(session: Session, usccs: Sequence[str]) -> dict[str, str]:
    """Return the names of parties by their USCC."""
    return dict(ask(session, _NAMES, list(usccs)))


def _lots(
    lot: str, states: Mapping[str, LotState], shares: Shares, edges: Sequence[LineageEdge], *, back: bool
) -> tuple[LineageLot, ...]:
    made, herb = {edge.target for edge in edges}, _of_herb(lot, edges, back=back)
    grams = _grams_back(states[lot], shares, made) if back else {}
    found = [
        LineageLot(
            state=state,
            level=shares.level[name],
            share=shares.of[name],
            grams=grams.get(name) if back else grams_of(state.grams_in, shares.of[name]),
            assumed=name in shares.assumed,
            source=name not in made and (back or name == lot),
            excipient=name not in herb,
        )
        for name, state in states.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.level, each.lot)))


def _of_herb(lot: str, edges: Sequence[LineageEdge], *, back: bool) -> set[str]:
    """Return the lots that some way without an excipient leads to from `lot`."""
    following: dict[str, list[str]] = {}
    for edge in edges:
        if not edge.excipient:
            start, end = (edge.target, edge.source) if back else (edge.source, edge.target)
            following.setdefault(start, []).append(end)
    found, waiting = {lot}, [lot]
    while waiting:
        new = [each for each in following.get(waiting.pop(), ()) if each not in found]
        found.update(new)
        waiting += new
    return found


def _grams_back(own: LotState, shares: Shares, made: set[str]) -> dict[str, int]:
    """Return the grams of the lot that stem from each lot behind it; those of the sources sum up exactly."""
    if own.grams_in is None:
        return {}
    found = {lot: grams_of(own.grams_in, share) or 0 for lot, share in shares.of.items()}
    return found | apportion(own.grams_in, {lot: shares.of[lot] for lot in shares.of if lot not in made})


def _steps(session: Session, ids: Sequence[str]) -> dict[str, LineageStep]:
    return {
        step_id: LineageStep(
            step_id=step_id,
            stage=Stage(stage),
            party=party,
            event_ms=event_ms,
            offset_minutes=offset_minutes,
            statement_id=statement_id,
        )
        for step_id, stage, party, event_ms, offset_minutes, statement_id in ask(session, _STEPS, list(ids))
    }


_STEPS: Final = """
SELECT step_id, stage, party, event_ms, offset_minutes, statement_id FROM trace_step WHERE step_id AMONG ?
"""
_NAMES: Final = "SELECT uscc, name FROM trace_party WHERE uscc AMONG ?"
