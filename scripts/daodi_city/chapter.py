"""A chapter of the city's life beside its seasons: steps and acts in one order, with the faults in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.parties import Citizens, Household
from daodi_city.pen import DatedStep, Deed, Pen, Picked
from daodi_city.scanning import Packed
from daodi_city.town import Act
from daodi_city.way import Asking
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

A = TypeVar("A", bound=Act)


@dataclass(slots=True, kw_only=True)
class Chapter:
    """One chapter in the making."""

    citizens: Citizens
    asking: Asking
    pen: Pen
    written: list[DatedStep] = field(default_factory=list)
    """By its own pen and by those of its plots."""
    acts: list[Act] = field(default_factory=list)
    faults: list[PlantedFault] = field(default_factory=list)
    refused: list[DatedStep] = field(default_factory=list)
    packed: list[Packed] = field(default_factory=list)
    lots: set[str] = field(default_factory=set)

    def lot(
        self, what: str, grams: int | None = None, name: str | None = None, grade: str | None = None
    ) -> LotAmount:
        """Name a lot of this chapter; `name` is the herb, excipient or product of a new one."""
        return LotAmount(lot=f"{self.pen.name}-{what}", grams=grams, herb=name, grade=grade)

    def write(self, deed: Deed, pen: Pen | None = None) -> DatedStep:
        """Write a step with the chapter's pen, or with that of a plot."""
        self.lots.update(amount.lot for amount in deed.outputs)
        dated = (pen or self.pen).write(deed)
        self.written.append(dated)
        return dated

    def plot_pen(self, what: str) -> Pen:
        """Return a pen for one plot: plots live side by side, and the chapter goes on after them."""
        return Pen(self.pen.rng, f"{self.pen.name}-{what}")

    def act(self, day: date, made: Callable[[int], A], hour: int = 18) -> A:
        """Add an act on `day`, after all that is written so far and before all that follows."""
        act = made(self.pen.pause(day, hour))
        self.acts.append(act)
        return act

    def plant(
        self, kind: FaultKind, lot: str, step: DatedStep | None = None, pack: int | None = None
    ) -> None:
        """Note a fault that this chapter carries."""
        self.faults.append(PlantedFault(kind=kind, lot=lot, step=step.step.id if step else None, pack=pack))

    def refuse(self, deed: Deed, number: int) -> None:
        """Keep a step that the rules must refuse; it is tried after all others."""
        attempt = Pen(self.pen.rng, f"{self.pen.name}-TRY{number}").write(deed)
        self.refused.append(attempt)
        lot = deed.lots[0].lot if deed.lots else deed.picked.lot if deed.picked else None
        self.faults.append(PlantedFault(kind=FaultKind.REFUSED, lot=lot, step=attempt.step.id))

    def hand_over(
        self,
        giver: Household,
        taker: Household,
        day: date,
        arrives: date,
        *lots: LotAmount,
        picked: Picked | None = None,
    ) -> None:
        """Ship lots, or packs by their codes, and receive them."""
        for stage, who, other, on, fields in (
            (Stage.SHIP, giver, taker, day, {"storage": "防潮", "waybill": f"DEM-{self.pen.name}"}),
            (Stage.RECEIVE, taker, giver, arrives, {"inspection": "accepted", "storage": "阴凉库"}),
        ):
            told: dict[str, FieldValue] = {**fields}
            self.write(Deed(stage=stage, who=who, day=on, lots=lots, other=other, fields=told, picked=picked))
