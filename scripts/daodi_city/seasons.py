"""Two seasons of the demo city: every lot's way, and the faults planted among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from daodi_city import hoarding, market_days, trading
from daodi_city.almanac import DAY_MS, LAST_DAY, SEASONS, at_ms
from daodi_city.crops import Crop
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.parties import Citizens
from daodi_city.pen import DatedStep, Pen
from daodi_city.planting import LATE_HOURS, SKIPPED, Planted, plant
from daodi_city.prices import PricePanel
from daodi_city.scanning import Packed
from daodi_city.way import Asking, Cast, Way
from trace.herbs import herb
from trace.vocabulary import Stage

PACKS = 76
"""Packs made from one lot of slices."""
TWICE = 8
"""How many herbs have two lots each season."""
MIXED = market_days.HERBS
"""Herbs whose two lots are merged at the slice maker."""
_FAULTY = {
    "HUANGQI-24A": FaultKind.STAGE_MISSING,
    "SANQI-24A": FaultKind.UNTESTED,
    "BAISHAO-25A": FaultKind.LATE,
    "DANGSHEN-25B": FaultKind.OVER_LIMIT,
    "BAIZHU-25A": FaultKind.OVERSOLD,
    "SANQI-25A": FaultKind.REFUSED,
}
"""Which way carries which fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """Everything that happened to herbs in the city."""

    steps: tuple[DatedStep, ...]
    """In the order in which their records arrive."""
    refused: tuple[DatedStep, ...]
    """Steps that break a rule and must be refused; tried after all others."""
    faults: tuple[PlantedFault, ...]
    packed: tuple[Packed, ...]
    lots: int


def live(
    rng: np.random.Generator,
    citizens: Citizens,
    panel: PricePanel,
    crops: Sequence[Crop],
    trade_rng: np.random.Generator,
) -> Seasons:
    """Write the ways of every crop in both seasons, planting the faults of `_FAULTY` where they belong.

    `trade_rng` draws the market days, so that they change nothing of the ways.
    """
    asking = asking_of(panel)
    written = [
        _cast(rng, citizens, panel, crop, year, letter, grade)
        for season, year in enumerate(SEASONS)
        for place, crop in enumerate(crops)
        for letter, grade in ((("A", 0), ("B", 1)) if place < TWICE else (("A", season),))
    ]
    planted = [_walk(way, asking, written) for way in written]
    weekly = market_days.sell_by_the_week(trade_rng, written, asking)
    kept_back = hoarding.sell_until_it_rises(trade_rng, written, asking)
    walked = (step for way in written for step in way.pen.written)
    steps = sorted((*walked, *weekly, *kept_back), key=lambda dated: dated.recorded_ms)
    return Seasons(
        steps=tuple(steps),
        refused=tuple(attempt for each in planted for attempt in each.refused),
        faults=tuple(fault for each in planted for fault in each.faults),
        packed=tuple(_packed(way) for way in written if "slice" in way.lots),
        lots=sum(len(way.lots) for way in written),
    )


def asking_of(panel: PricePanel) -> Asking:
    """Return what markets ask, as the panel of quotes has it."""
    rows, first = panel.asking(), panel.days[0]

    def asking(herb_name: str, grade: str, market: str, day: date) -> int:
        place = min(max((day - first).days, 0), len(panel.days) - 1)
        return int(rows[herb_name, grade, market][place])

    return asking


def _cast(
    rng: np.random.Generator,
    citizens: Citizens,
    panel: PricePanel,
    crop: Crop,
    year: int,
    letter: str,
    number: int,
) -> Way:
    """Choose who takes part in one way; `number` is which of the crop's grades it is of."""
    name = f"{herb(crop.herb).pinyin.upper()}-{year % 100}{letter}"
    # Lots that will be merged are of one grade.
    grade = crop.grades[0 if crop.herb in MIXED else number][0]
    quoted = [key[2] for key in panel.asking() if key[:2] == (crop.herb, grade)]
    market = quoted[int(rng.integers(len(quoted)))] if crop.herb not in MIXED else market_days.MARKET
    growers, traders = citizens.growers[crop.division], citizens.traders[market]
    turn = int(rng.integers(1_000)) if crop.herb not in MIXED else year
    fault = _FAULTY.get(name)
    return Way(
        crop=crop,
        cast=Cast(
            grower=growers["AB".index(letter) % len(growers)],
            # Two lots of one grade stand at two stalls, so that the market days have two sellers.
            trader=traders[int(rng.integers(len(traders))) if crop.herb not in MIXED else "AB".index(letter)],
            market=market,
            maker=citizens.slice_makers[turn % len(citizens.slice_makers)],
            wholesaler=citizens.slice_traders[turn % len(citizens.slice_traders)] if turn % 4 == 1 else None,
            user=citizens.users[turn % len(citizens.users)],
            laboratory=citizens.others[turn % 2],
        ),
        pen=Pen(rng, name),
        year=year,
        grade=grade,
        skips=SKIPPED.get(fault, frozenset()) if fault else frozenset(),
        late_field_work_hours=LATE_HOURS if fault is FaultKind.LATE else None,
    )


def _walk(way: Way, asking: Asking, written: Sequence[Way]) -> Planted:
    """Write one way; returns the faults it carries and the steps that must be refused."""
    partner = _partner(way, written)
    arrived = trading.to_the_maker(way, asking)
    if partner is None:
        trading.finish(way, arrived, "parcel", PACKS)
    elif partner.pen.written:
        arrived = max(arrived, partner.pen.written[-1].step.time.date()) + timedelta(1)
        trading.mix(way, partner, arrived)
        trading.finish(way, arrived, "mix", 2 * PACKS)
    fault = _FAULTY.get(way.pen.name)
    return plant(fault, way, asking) if fault else Planted()


def _partner(way: Way, written: Sequence[Way]) -> Way | None:
    """Return the way whose parcel this one is merged with, if any."""
    if way.crop.herb not in MIXED:
        return None
    return next(
        other for other in written if other is not way and (other.crop, other.year) == (way.crop, way.year)
    )


def _packed(way: Way) -> Packed:
    counter = way.pen.written[-1].recorded_ms
    packs = next(dated.step.packs for dated in way.pen.written if dated.step.stage is Stage.PACK)
    return Packed(way.lots["slice"], packs or 0, min(counter, at_ms(LAST_DAY) - 2 * DAY_MS))
