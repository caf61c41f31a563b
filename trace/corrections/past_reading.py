"""Reading the past a correction bears on: which lots, and every step they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Row
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from trace.lineage import ancestors, descendants, lots_of
from trace.lots import LotState, Quality
from trace.projections import held_lots
from trace.registers.register_tables import SuccessionRow
from trace.replaying.history import PastStep, Succession
from trace.replaying.reading_back import step_of
from trace.replaying.stated_step import event_in, outcomes_in
from trace.steps import Step
from trace.tables import PlaceRow, StepLotRow, StepRow
from trace.world import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is on record about the lots a correction bears on."""

    wrong: PastStep
    """The step declared wrong."""
    affected: frozenset[str]
    """Lots the wrong or the corrective step names, and all made from them."""
    names: frozenset[str]
    """Lots to follow: the affected ones, all that steps on them name, and what those were made from."""
    steps: tuple[PastStep, ...]
    """Every step that counts and names one of them, in the order of their positions, the wrong one too."""
    rows: Mapping[str, LotState]
    """The lots followed as they stand in the tables, those that nothing makes any more too."""
    unmade: frozenset[str]
    """The latter."""
    sites: Mapping[str, Site]
    successions: tuple[Succession, ...] = ()
    """Every business that went to another, in the order of the trace."""

    @property
    def concerned(self) -> frozenset[str]:
        """Steps that come after the wrong one and name an affected lot: their rules are judged again."""
        return frozenset(
            past.step.step_id
            for past in self.steps
            if past.position > self.wrong.position and not self.affected.isdisjoint(past.step.touched)
        )

    def followed(self, instead: PastStep | None) -> frozenset[str]:
        """Return the lots to follow where `instead` takes the place of the wrong step."""
        return self.names | (frozenset() if instead is None else frozenset(instead.step.touched))

    def corrected(self, instead: PastStep | None) -> list[PastStep]:
        """Return the steps with `instead` in the place of the wrong one, or with nothing there."""
        found = [past for past in self.steps if past.step.step_id != self.wrong.step.step_id]
        if instead is not None:
            found.append(replace(instead, position=self.wrong.position))
        return sorted(found, key=lambda past: past.position)

    def ghosts(self) -> dict[str, LotState]:
        """Return each lot as it is shown once nothing makes it: its words, its maker, and no mass."""
        wrong = self.wrong.step
        made = {amount.lot for amount in wrong.outputs}
        return {
            name: replace(
                lot,
                holder=wrong.party if name in made else lot.holder,
                grams_in=None if lot.grams_in is None else 0,
                grams=None if lot.grams is None else 0,
                packed_grams=0,
                sold_grams=0,
                quality=Quality.UNTESTED,
                quality_ms=None,
                in_transit=False,
                held_ms=None,
            )
            for name, lot in self.rows.items()
        }


def read_past(session: Session, wrong: StepRow, instead: Step | None) -> Past:
    """Read what correcting `wrong` bears on, and keep other writers from the affected lots."""
    past = _past(wrong, {}, {})
    begun = {*past.step.touched, *(instead.touched if instead is not None else ())}
    affected, names = _concerned(session, begun)
    rows, unmade = held_lots(session, sorted(names | begun))
    # Whoever wrote while we waited for a lot may have made others of it.
    while (now := _concerned(session, begun)) != (affected, names):
        affected, names = now
        rows, unmade = held_lots(session, sorted(names | begun))
    steps = _steps(session, names)
    places = {each.step.place for each in steps} | ({instead.place} if instead is not None else set())
    return Past(
        wrong=next((each for each in steps if each.step.step_id == wrong.step_id), past),
        affected=affected,
        names=names,
        steps=steps,
        rows=rows,
        unmade=unmade,
        sites=_sites(session, places),
        successions=_successions(session),
    )


def _concerned(session: Session, begun: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the lots a correction of steps on `begun` affects, and all to follow for that."""
    affected = frozenset(lots_of(descendants(session, sorted(begun)), sorted(begun)))
    named = sorted(_named_with(session, affected))
    return affected, frozenset(lots_of(ancestors(session, named), named))


def _successions(session: Session) -> tuple[Succession, ...]:
    rows = session.execute(
        select(SuccessionRow.nth, SuccessionRow.uscc, SuccessionRow.successor).order_by(
            col(SuccessionRow.nth)
        )
    )
    return tuple(Succession(nth=nth, uscc=uscc, successor=successor) for nth, uscc, successor in rows)


def corrective(row: StepRow) -> PastStep:
    """Return a corrective step, which is kept and not applied yet."""
    return _past(row, outcomes_in(orjson.loads(row.public)), {})


def _past(row: Any, outcomes: Mapping[str, Quality], left: Mapping[str, int]) -> PastStep:  # noqa: ANN401  a row or its columns
    return PastStep(
        step=step_of(event_in(orjson.loads(row.public), row.statement_id), row.statement_id),
        statement_id=row.statement_id,
        recorded_ms=row.recorded_ms,
        position=row.position,
        outcomes=outcomes,
        left=left,
    )


def _named_with(session: Session, lots: Iterable[str]) -> set[str]:
    """Return every lot that a step on one of `lots` names."""
    steps = select(StepLotRow.step_id).where(col(StepLotRow.lot_id).in_(lots))
    named = session.execute(select(StepLotRow.lot_id).where(col(StepLotRow.step_id).in_(steps)).distinct())
    return {*named.scalars(), *lots}


def _steps(session: Session, names: Iterable[str]) -> tuple[PastStep, ...]:
    touching = select(StepLotRow.step_id).where(col(StepLotRow.lot_id).in_(names))
    columns = (StepRow.step_id, StepRow.public, StepRow.statement_id, StepRow.recorded_ms, StepRow.position)
    rows: Sequence[Row[Any]] = session.execute(
        select_columns(*(col(each) for each in columns))
        .where(col(StepRow.step_id).in_(touching), col(StepRow.voided_by).is_(None))
        .order_by(col(StepRow.position))
    ).all()
    outcomes, left = _touches(session, [row.step_id for row in rows])
    return tuple(_past(row, outcomes.get(row.step_id, {}), left.get(row.step_id, {})) for row in rows)


def _touches(
    session: Session, steps: Sequence[str]
) -> tuple[dict[str, dict[str, Quality]], dict[str, dict[str, int]]]:
    """Return the outcomes of tests and the grams of packs that left, by step and lot."""
    rows = session.execute(
        select(StepLotRow.step_id, StepLotRow.lot_id, StepLotRow.outcome, StepLotRow.left_grams).where(
            col(StepLotRow.step_id).in_(steps),
            or_(col(StepLotRow.outcome).is_not(None), col(StepLotRow.left_grams).is_not(None)),
        )
    )
    outcomes: dict[str, dict[str, Quality]] = {}
    left: dict[str, dict[str, int]] = {}
    for step_id, lot, outcome, grams in rows:
        if outcome is not None:
            outcomes.setdefault(step_id, {})[lot] = Quality(outcome)
        if grams is not None:
            left.setdefault(step_id, {})[lot] = grams
    return outcomes, left


def _sites(session: Session, places: Iterable[str]) -> dict[str, Site]:
    rows = session.execute(
        select(PlaceRow.place_id, PlaceRow.division, PlaceRow.market, PlaceRow.party).where(
            col(PlaceRow.place_id).in_(places)
        )
    )
    return {
        place: Site(division=division, market=market, party=party) for place, division, market, party in rows
    }
