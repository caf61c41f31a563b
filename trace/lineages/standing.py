"""The standing 现状 of a lot: who holds it, its balance, its tests and holds, stated by the operator.

A bank that lends on goods gets this statement with the evidence of the lot's history in one file: it can
check offline that the operator stated it at that index of the log, and all that it rests on.
"""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from ledger.canonical import JsonValue
from trace.declaring import Declarer
from trace.errors import UnknownLot
from trace.lots import LotState
from trace.parties import party
from trace.projections import lots_named
from trace.recalls.hold_reading import open_holds
from trace.recalls.hold_world import Hold
from trace.said import Said
from trace.story import story_of_lot
from trace.story_parts import StoryTest
from trace.tables import StepLotRow, StepRow

KIND: Final = "lot.standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A lot as the record shows it at one moment."""

    state: LotState
    holder_name: str
    tests: tuple[StoryTest, ...]
    """Results of the lot itself and of the lots it was made from, oldest first."""
    holds: tuple[Hold, ...]
    """Open holds that cover it."""
    steps: int
    """How many steps touched the lot itself."""

    def to_public(self) -> dict[str, JsonValue]:
        """Return it as it is stated; masses in grams."""
        state = self.state
        return {
            "lot": state.lot,
            "herb": state.herb,
            "form": state.form.value,
            "grade": state.grade,
            "holder": state.holder,
            "holder_name": self.holder_name,
            "origin": state.origin,
            "grams_in": state.grams_in,
            "grams": state.grams,
            "packed_grams": state.packed_grams,
            "sold_grams": state.sold_grams,
            "in_transit": state.in_transit,
            "quality": state.quality.value,
            "tests": [_test(each) for each in self.tests],
            "holds": [{"kind": hold.kind.value, "reason": hold.reason} for hold in self.holds],
            "steps": self.steps,
        }


def standing(session: Session, lot: str) -> Standing:
    """Return how `lot` stands now; raises `UnknownLot`."""
    state = lots_named(session, [lot]).get(lot)
    if state is None:
        raise UnknownLot(lot=lot)
    return Standing(
        state=state,
        holder_name=party(session, state.holder).name,
        tests=story_of_lot(session, lot).tests,
        holds=open_holds(session, lots=[lot], parties=[state.holder]),
        steps=len(_touching(session, lot)),
    )


def state_standing(session: Session, declarer: Declarer, lot: str, at_ms: int) -> Said:
    """State how `lot` stands, as the operator, in the chain of the lot; raises `UnknownLot`."""
    found = standing(session, lot)
    return declarer.declare(
        session,
        changes_nothing,
        kind=KIND,
        statement_id=f"{KIND}/{uuid.UUID(bytes=declarer.randomness(16), version=4)}",
        subject=f"lot/{lot}",
        public=found.to_public(),
        at_ms=at_ms,
        by=None,
        refs=(found.state.made_statement,),
    )


def statements_of(session: Session, lot: str) -> tuple[str, ...]:
    """Return the statements of every step on the way to `lot` or touching it, for its evidence."""
    told = story_of_lot(session, lot).statements
    return tuple(dict.fromkeys([*told, *_touching(session, lot)]))


def changes_nothing(session: Session, said: Said) -> None:
    """Apply a statement that no projection follows from: it is read from the log alone."""


STANDING_APPLIERS: Final = {KIND: changes_nothing}


def _touching(session: Session, lot: str) -> list[str]:
    rows = session.execute(
        select(col(StepRow.statement_id))
        .join(StepLotRow, col(StepLotRow.step_id) == col(StepRow.step_id))
        .where(col(StepLotRow.lot_id) == lot)
        .distinct()
    )
    return sorted(rows.scalars())


def _test(each: StoryTest) -> dict[str, JsonValue]:
    return {
        "lot": each.lot,
        "step": each.step_id,
        "measurand": each.measurand,
        "value": each.value,
        "unit": each.unit,
        "limit": each.limit,
        "within": each.within,
    }
