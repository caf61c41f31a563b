"""How long the way of a lot takes to read in a big trace: back to seed, forward to a field's packs.

Baseline: one indexed read of a lot's row on the same connection, in turn with ours.
"""

import random
from collections.abc import Callable

from figures.measure import Spread, percentile, timed
from figures.row import Row
from sqlmodel import Session

from trace.lineages.lineage_graph import Direction, lineage_graph
from trace.lineages.placements import placements
from trace.projections import lots_named
from trace.story import story_of_lot
from trace_parts.grown_trace import DRIED, LOTS_OF_FIELD, PACKS_OF_FIELD, SPLITS, GrownTrace, grown_traces

BACK_MS = 20
FORWARD_SECONDS = 1.5


def rows(*, quick: bool) -> list[Row]:
    """Both directions on both databases."""
    fields, reads = (1, 50) if quick else (10, 1_000)
    runs = 2 if quick else 5
    return [row for each in grown_traces(fields) for row in (*_back(each, reads), _forward(each, runs))]


def _back(grown: GrownTrace, reads: int) -> list[Row]:
    draw = random.Random(4)
    lots = [
        f"F{draw.randrange(grown.fields)}-D{draw.randrange(DRIED)}-Y{draw.randrange(SPLITS)}"
        for _ in range(reads)
    ]
    with grown.read() as session:
        plain = [_milliseconds(lambda lot=lot: lots_named(session, [lot])) for lot in lots]
        graph = [_milliseconds(lambda lot=lot: _graph(session, lot, Direction.BACK)) for lot in lots]
        told = [_milliseconds(lambda lot=lot: story_of_lot(session, lot)) for lot in lots]
    return [
        Row(
            what=f"full way back, {what}, {grown.database}",
            ours=f"p99 {percentile(taken, 0.99):.1f} ms, median {percentile(taken, 0.5):.1f} ms",
            baseline=f"one lot's row {percentile(plain, 0.5):.2f} ms",
            ratio=percentile(plain, 0.5) / percentile(taken, 0.5),
            target=f"p99 ≤ {BACK_MS} ms",
            met=percentile(taken, 0.99) <= BACK_MS,
            note=f"{grown.lots:,} lots, {grown.packs:,} packs; {reads:,} reads of random lots of slices",
        )
        for what, taken in (("the graph with grams", graph), ("the story with steps and tests", told))
    ]


def _forward(grown: GrownTrace, runs: int) -> Row:
    with grown.read() as session:
        spread = Spread(tuple(timed(lambda: _closure(session, "F0-SEED"))[0] for _ in range(runs)))
        packs = _closure(session, "F0-SEED")
    return Row(
        what=f"forward closure of a field, {grown.database}",
        ours=spread.text(" s", 2),
        target=f"≤ {FORWARD_SECONDS} s",
        met=spread.median <= FORWARD_SECONDS and packs == PACKS_OF_FIELD,
        note=f"{packs:,} packs of {PACKS_OF_FIELD:,} reached, in {LOTS_OF_FIELD:,} lots of {grown.lots:,}; "
        "shares, grams and holders included",
    )


def _closure(session: Session, lot: str) -> int:
    graph = lineage_graph(session, lot, Direction.FORWARD)
    return sum(each.packs for each in placements(session, graph))


def _graph(session: Session, lot: str, direction: Direction) -> object:
    return lineage_graph(session, lot, direction)


def _milliseconds(work: Callable[[], object]) -> float:
    return timed(work)[0] * 1000
