"""One bad field and where its herb went: a wholesale lot split to two makers, packed, sold on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from tests.trace.holding import register_regulator
from tests.trace.season import GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step
from trace.service import Recorder

FIELD_DAY = 30


def grow(session: Session, by: Recorder, packs: int = 10) -> None:
    """FIELD → HERB (dried) → S1 (the maker's slices, packed) and REST (still the grower's)."""
    steps = [
        step("gathering", 1, outputs=[lot("FIELD", 1_000_000, "白芍")], fields={"area_name": "东坡"}),
        step(
            "primary_processing",
            2,
            inputs=[lot("FIELD")],
            outputs=[lot("HERB", 400_000)],
            fields={"method": "晒干", "drying": "晒干"},
        ),
        step("split", 3, inputs=[lot("HERB")], outputs=[lot("TO-MAKER", 300_000), lot("REST", 100_000)]),
        step("ship", 4, lots=[lot("TO-MAKER")], counterparty=MAKER),
        step("receive", 5, "WORKS", lots=[lot("TO-MAKER")], counterparty=GROWER),
    ]
    for number, new in enumerate(steps):
        by.record_step(session, new, at(number + 1))
    slices = step(
        "paozhi",
        6,
        "WORKS",
        inputs=[lot("TO-MAKER")],
        outputs=[lot("S1", 250_000), lot("S2", 40_000)],
        fields={"method": "切制", "standard": "药典"},
    )
    by.record_step(session, slices, at(6))
    by.record_step(
        session, step("pack", 7, "WORKS", inputs=[lot("S1")], packs=packs, grams_per_pack=1_000), at(7)
    )
    by.record_step(session, step("ship", 8, "WORKS", lots=[lot("S2")], counterparty=PHARMACY), at(8))
    by.record_step(session, step("receive", 9, "COUNTER", lots=[lot("S2")], counterparty=MAKER), at(9))


@contextmanager
def season_of_a_bad_field(url: str, packs: int = 10) -> Iterator[tuple[Session, Recorder]]:
    with founded(url) as session:
        by = recorder("bad field")
        register_regulator(session, by, at(0))
        grow(session, by, packs)
        yield session, by
