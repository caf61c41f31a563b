"""The chapters of the city's life put together: what happened beside the two seasons of `seasons`."""

from dataclasses import dataclass

import numpy as np

from daodi_city import bad_field, cooperative, drug_works, last_days, oversight, wine_slices
from daodi_city.chapter import Chapter
from daodi_city.faults import PlantedFault
from daodi_city.parties import Citizens
from daodi_city.pen import DatedStep, Pen, Picked
from daodi_city.scanning import Packed
from daodi_city.town import Act, CodeRoll
from daodi_city.way import Asking

_COMPLAINED_ABOUT = 20
"""The pack of the wine slices, one that was sold, that somebody weighed at home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapters:
    """Everything the chapters brought."""

    steps: tuple[DatedStep, ...]
    acts: tuple[Act, ...]
    complaints: tuple[Act, ...]
    """Of the last days: stated among the releases and forecasts, which must not seem made after them."""
    refused: tuple[DatedStep, ...]
    faults: tuple[PlantedFault, ...]
    packed: tuple[Packed, ...]
    lots: int
    labels: CodeRoll
    boxes: CodeRoll


def tell(rng: np.random.Generator, citizens: Citizens, asking: Asking) -> Chapters:
    """Write every chapter, one after the other where goods go from one to the next."""
    bought, wine, drugs, bad, last = (
        Chapter(citizens=citizens, asking=asking, pen=Pen(rng, name))
        for name in ("HZS-25A", "JBS-25A", "ZYC-25A", "HQ-25A", "BS-25B")
    )
    stored = cooperative.buy_and_merge(bought)
    slices = wine_slices.make_and_sell(wine, stored)
    drug_works.make_products(drugs, slices)
    bad_field.go_wrong(bad)
    last_days.leave_open(last)
    every = (bought, wine, drugs, bad, last)
    sold = Picked(lot=slices.lot, first=_COMPLAINED_ABOUT, count=1)
    labels, boxes = wine_slices.rolls_of(wine)
    return Chapters(
        steps=tuple(step for each in every for step in each.written),
        acts=(
            *(act for each in every for act in each.acts),
            *oversight.watch_over(citizens, sold),
        ),
        complaints=last_days.complaints(citizens.slice_makers[0].uscc, slices.lot),
        refused=tuple(step for each in every for step in each.refused),
        faults=tuple(fault for each in every for fault in each.faults),
        packed=tuple(packed for each in every for packed in each.packed),
        lots=sum(len(each.lots) for each in every),
        labels=labels,
        boxes=boxes,
    )
