"""One lot's way in the making: who takes part, which lots it has made, and how they are tested."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from daodi_city.crops import Crop
from daodi_city.parties import ROLES, Household
from daodi_city.pen import Deed, Pen
from trace.herbs import herb
from trace.limits import limits_for
from trace.steps import LotAmount, TestResultNew
from trace.vocabulary import Form, Stage

Asking = Callable[[str, str, str, date], int]
"""What a market asks for a grade of a herb on a day: (herb, grade, market, day) -> fen per kilogram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who takes part in one way."""

    grower: Household
    trader: Household
    market: str
    """Market where the trader stands, short name."""
    maker: Household
    wholesaler: Household | None
    """A slice trader between maker and user, where there is one."""
    user: Household
    laboratory: Household


@dataclass(slots=True, kw_only=True)
class Way:
    """One way in the making: its people, its pen, and the lots it has made so far."""

    crop: Crop
    cast: Cast
    pen: Pen
    year: int
    grade: str
    skips: frozenset[Stage] = frozenset()
    """Stages this way leaves out: a planted fault."""
    late_field_work_hours: float | None = None
    """How late its first field work is recorded: a planted fault."""
    lots: dict[str, str] = field(default_factory=dict)
    """Lot ids by what they are: seed, plant, fresh, herb, bulk, parcel, slice."""
    grams: dict[str, int] = field(default_factory=dict)
    """What each weighed lot weighs when made."""

    def lot(self, what: str, grams: int | None = None, *, grade: bool = False) -> LotAmount:
        """Name a new lot of this way and say what it weighs."""
        self.lots[what] = f"{self.pen.name}-{what.upper()}"
        if grams is not None:
            self.grams[what] = grams
        return LotAmount(
            lot=self.lots[what], grams=grams, herb=self.crop.herb, grade=self.grade if grade else None
        )

    def all_of(self, what: str) -> LotAmount:
        """Name everything there is of a lot made earlier."""
        return LotAmount(lot=self.lots[what], grams=self.grams.get(what))


def examine(way: Way, what: str, holder: Household, day: date, **found: str) -> date:
    """Write a test of a lot, unless this way skips tests; `found` overrides measured values by measurand."""
    if Stage.TEST in way.skips:
        return day
    form = Form.SLICE if what == "slice" else Form.HERB
    results = measured(way.crop, form, way.pen.rng) | {
        measurand: (value, "mg/kg") for measurand, value in found.items()
    }
    way.pen.write(
        Deed(
            stage=Stage.TEST,
            who=holder,
            day=day,
            lots=(LotAmount(lot=way.lots[what]),),
            fields={
                "report_number": f"DEM-{way.lots[what]}",
                "laboratory": way.cast.laboratory.party.name,
                "regime": "drug",
                "inspector": f"检验员{role(way.pen.rng)}",
            },
            results=tuple(
                TestResultNew(measurand=name, value=value, unit=unit)
                for name, (value, unit) in results.items()
            ),
        )
    )
    return day


def measured(crop: Crop, form: Form, rng: np.random.Generator) -> dict[str, tuple[str, str]]:
    """Draw a passing result for every limit known for the herb in that form, as a drug."""
    drawn: dict[str, tuple[str, str]] = {}
    for limit in limits_for(herb(crop.herb), "drug", form):
        if limit.value is not None:
            share = rng.uniform(0.35, 0.85) if limit.operator == "<=" else rng.uniform(1.1, 1.5)
            drawn[limit.measurand.zh] = (f"{float(limit.value) * share:.3g}", limit.unit)
    return drawn or {"杂质": (f"{rng.uniform(0.2, 1.5):.2f}", "%")}


def role(rng: np.random.Generator) -> str:
    """Draw a letter that stands for a person: 甲, 乙, 丙 and so on."""
    return ROLES[int(rng.integers(len(ROLES)))]
