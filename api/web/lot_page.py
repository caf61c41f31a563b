"""What the page of a lot shows: how it stands, the way back to seed, the way forward, drawn and as tables.

Pure: it gets the two graphs and says nothing they do not hold. A way of many lots is drawn by level, the
lots of one kind in one box; the table names each.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api.web.formats import Formats
from api.web.lineage_chart import LotBox, LotLine, draw_lineage
from api.web.words import Words
from trace.lineages.lineage_graph import LineageGraph, LineageLot
from trace.lineages.whereabouts import Whereabouts
from trace.quantities import format_mass
from trace.vocabulary import Form

MOST_BOXES: Final = 24
"""Lots drawn one by one; more are drawn by kind."""
MOST_LINES: Final = 200
"""Lots in a table of the page; the spreadsheet has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayLine:
    """One lot in the table."""

    each: LineageLot
    made_by: str
    share: str
    mass: str
    form: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """What one party has of the goods made from the lot, in one state."""

    holder: str
    state: str
    packs: int
    mass: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One direction of a lot's way."""

    direction: str
    sentence: str
    drawing: Markup
    by_kind: bool
    """Whether boxes stand for several lots."""
    lines: tuple[WayLine, ...]
    left_out: int
    assumed: bool
    csv: str


def lot_parts(back: LineageGraph, forward: Whereabouts, words: Words) -> dict[str, object]:
    """Return everything `lot.html` needs besides the frame."""
    own = back.lots[0]
    return {
        "own": own.state,
        "holder": back.names[own.state.holder],
        "ways": [way_view(graph, words) for graph in (back, forward.graph) if graph.edges],
        "at_hand": sum(
            each.grams
            for each in forward.placements
            if (each.lot, each.holder) == (own.lot, own.state.holder)
        ),
        "holders": holder_lines(forward, words),
    }


def holder_lines(way: Whereabouts, words: Words) -> list[HolderLine]:
    """Sum up where the goods are, by holder and state, in the order of the way."""
    sums: dict[tuple[str, str], list[int]] = {}
    for each in way.placements:
        state = words("lot.loose") if each.status is None else each.status.words(words.language)
        if each.in_transit_to is not None:
            state = words("lot.to", receiver=way.names[each.in_transit_to])
        found = sums.setdefault((way.holder_name(each.holder, words.language), state), [0, 0, 0])
        for place, more in enumerate((each.packs, each.grams, each.attributed_grams)):
            found[place] += more
    return [
        HolderLine(
            holder=holder,
            state=state,
            packs=packs,
            mass=format_mass(grams, words.language),
            part=format_mass(part, words.language),
        )
        for (holder, state), (packs, grams, part) in sums.items()
    ]


def way_view(graph: LineageGraph, words: Words) -> WayView:
    """Return one direction as the page shows it."""
    formats = Formats(words.language)
    by_kind = len(graph.lots) > MOST_BOXES
    boxes, drawn_lines = _by_kind(graph, words) if by_kind else _one_by_one(graph, words)
    drawing = draw_lineage(
        boxes,
        drawn_lines,
        title=words(f"lot.{graph.direction.value}_heading"),
        description=words("scan.lineage_description", lots=len(graph.lots), lines=len(graph.edges)),
        name=graph.direction.value,
    )
    return WayView(
        direction=graph.direction.value,
        sentence=_sentence(graph, words, formats),
        drawing=Markup(drawing),  # noqa: S704  every text in it was escaped when drawn
        by_kind=by_kind,
        lines=tuple(_table(graph, words))[:MOST_LINES],
        left_out=max(0, len(graph.lots) - MOST_LINES),
        assumed=any(each.assumed for each in graph.lots),
        csv=f"/v1/lots/{graph.lot}/lineage?direction={graph.direction.value}&as=csv",
    )


def _sentence(graph: LineageGraph, words: Words, formats: Formats) -> str:
    key = f"lot.{graph.direction.value}_sentence"
    holders = {each.state.holder for each in graph.lots[1:]}
    return words(
        key,
        lots=formats.number(len(graph.lots) - 1),
        sources=formats.number(len(graph.sources)),
        holders=formats.number(len(holders)),
        levels=formats.number(max(each.level for each in graph.lots)),
    )


def _table(graph: LineageGraph, words: Words) -> Iterable[WayLine]:
    made_by = {edge.target: graph.steps[edge.step_id].stage for edge in graph.edges}
    for each in graph.lots:
        stage = made_by.get(each.lot)
        yield WayLine(
            each=each,
            made_by=stage.words(words.language) if stage else "–",
            share=f"{each.per_million / 10_000:.2f} %",
            mass="–" if each.grams is None else format_mass(each.grams, words.language),
            form=_form(each, words),
            holder=graph.names[each.state.holder],
        )


def _one_by_one(graph: LineageGraph, words: Words) -> tuple[list[LotBox], list[LotLine]]:
    boxes = [
        LotBox(each.lot, _caption(_form(each, words), each.state.grams_in, words),
               own=each.lot == graph.lot)
        for each in sorted(graph.lots, key=lambda each: each.lot)
    ]  # fmt: skip
    return boxes, list(dict.fromkeys(LotLine(edge.source, edge.target) for edge in graph.edges))


def _form(each: LineageLot, words: Words) -> str:
    """Say what a lot is, and where it is no herb of the lot asked about, that too."""
    form = each.state.form
    of_herb = not each.excipient or form is Form.EXCIPIENT  # whose word says it already
    return form.words(words.language) + ("" if of_herb else f" · {words('lot.excipient')}")


def _by_kind(graph: LineageGraph, words: Words) -> tuple[list[LotBox], list[LotLine]]:
    """Draw one box for all lots of one level, herb and form: their number and their mass."""
    groups: dict[str, list[LineageLot]] = defaultdict(list)
    group_of: dict[str, str] = {}
    for each in graph.lots:
        name = _group_name(each, words)
        groups[name].append(each)
        group_of[each.lot] = name
    boxes = [LotBox(name, _group_caption(lots, words), own=lots[0].lot == graph.lot)
             for name, lots in groups.items()]  # fmt: skip
    lines = [LotLine(group_of[edge.source], group_of[edge.target]) for edge in graph.edges]
    return boxes, list(dict.fromkeys(line for line in lines if line.source != line.target))


def _group_name(each: LineageLot, words: Words) -> str:
    return f"{each.level} · {each.state.herb} · {_form(each, words)}"


def _group_caption(lots: Sequence[LineageLot], words: Words) -> str:
    weighed = [each.state.grams_in for each in lots if each.state.grams_in is not None]
    return _caption(words("lot.so_many", count=len(lots)), sum(weighed) if weighed else None, words)


def _caption(first: str, grams: int | None, words: Words) -> str:
    return " · ".join([first, *([format_mass(grams, words.language)] if grams else [])])
