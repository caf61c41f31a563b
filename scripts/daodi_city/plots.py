"""From a plot to dried herb in five steps: how the chapters' lots come into the world."""

from dataclasses import dataclass
from datetime import date, timedelta

from daodi_city.chapter import Chapter
from daodi_city.parties import Household
from daodi_city.pen import DatedStep, Deed, Pen
from daodi_city.way import role
from trace.herbs import herb
from trace.steps import FieldValue, LotAmount
from trace.vocabulary import Stage

_MONTH = timedelta(days=30)
_SEED = 3_000
"""Grams of seed for one plot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One plot and what it bears."""

    what: str
    """Which lot of its chapter: its lots end in -PLANT, -FRESH and -HERB."""
    herb: str
    grade: str
    farm: Household
    months: int
    """From planting to harvest."""
    harvest: date
    mu: str
    fresh: int
    """Grams."""
    dried: int
    """Grams."""
    harvested_at: str | None = None
    """Position that its harvest states."""
    weeded_at: str | None = None
    """Position that its field work states."""


@dataclass(frozen=True, slots=True)
class Borne:
    """What a plot bore."""

    weeding: DatedStep
    drying: DatedStep
    herb: LotAmount


def bear(chapter: Chapter, plot: Plot) -> Borne:
    """Sow, tend, harvest and dry one lot."""
    pen = chapter.plot_pen(plot.what)
    plant = chapter.lot(f"{plot.what}-PLANT", name=plot.herb)
    weeding = _tend(chapter, plot, plant, pen)
    fresh = _reap(chapter, plot, plant, pen)
    dried = chapter.lot(f"{plot.what}-HERB", plot.dried, grade=plot.grade)
    drying = chapter.write(
        Deed(
            stage=Stage.PRIMARY_PROCESSING,
            who=plot.farm,
            place=plot.farm.workshop,
            day=plot.harvest + timedelta(days=9),
            inputs=(fresh,),
            outputs=(dried,),
            fields={"method": "净选、干燥", "drying": "sun", "sulfur": False, "storage": "阴凉干燥处"},
        ),
        pen,
    )
    chapter.pen.follow(pen)
    return Borne(weeding, drying, dried)


def _tend(chapter: Chapter, plot: Plot, plant: LotAmount, pen: Pen) -> DatedStep:
    sown = plot.harvest - plot.months * _MONTH
    seed = chapter.lot(f"{plot.what}-SEED", _SEED, plot.herb)
    chapter.write(
        Deed(
            stage=Stage.SEED,
            who=plot.farm,
            day=sown - timedelta(days=10),
            outputs=(seed,),
            fields={"seed_source": "cultivated"},
        ),
        pen,
    )
    chapter.write(
        Deed(
            stage=Stage.PLANTING,
            who=plot.farm,
            day=sown,
            inputs=(LotAmount(lot=seed.lot, grams=_SEED),),
            outputs=(plant,),
            fields={
                "area_mu": plot.mu,
                "cycle_months": plot.months,
                "responsible": f"负责人{role(pen.rng)}",
            },
        ),
        pen,
    )
    fields: dict[str, FieldValue] = {"work": "weeding", "operator": f"操作工{role(pen.rng)}"}
    if plot.weeded_at is not None:
        fields["position"] = plot.weeded_at
    day = plot.harvest - 4 * _MONTH
    lots = (LotAmount(lot=plant.lot),)
    return chapter.write(Deed(stage=Stage.FIELD_WORK, who=plot.farm, day=day, lots=lots, fields=fields), pen)


def _reap(chapter: Chapter, plot: Plot, plant: LotAmount, pen: Pen) -> LotAmount:
    fields: dict[str, FieldValue] = {"part": herb(plot.herb).part_used}
    if plot.months >= 12:
        fields["growth_years"] = plot.months // 12
    if plot.harvested_at is not None:
        fields["position"] = plot.harvested_at
    fresh = chapter.lot(f"{plot.what}-FRESH", plot.fresh)
    chapter.write(
        Deed(
            stage=Stage.HARVEST,
            who=plot.farm,
            day=plot.harvest,
            inputs=(LotAmount(lot=plant.lot),),
            outputs=(fresh,),
            fields=fields,
        ),
        pen,
    )
    return fresh
