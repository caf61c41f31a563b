"""A lineage as a table: one line for each lot, for spreadsheets, the terminal and the page alike."""

from collections.abc import Iterator, Mapping
from typing import Final

from ledger.errors import Language
from trace.divisions import division
from trace.lineages.lineage_graph import LineageGraph, LineageLot

HEADINGS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": (
        "层级", "批次", "药材", "形态", "规格等级", "持有人", "持有人名称", "总入量(克)", "散装现存(克)",
        "包装现存(克)", "份额(百万分之)", "归属克数", "份额系推定", "源头", "辅料", "在途", "冻结", "检验",
        "产地", "产生环节",
    ),
    "en": (
        "level", "lot", "herb", "form", "grade", "holder", "holder name", "grams in", "grams loose",
        "grams packed", "share per million", "grams attributed", "share assumed", "source", "excipient",
        "in transit", "frozen", "tests", "origin", "made by",
    ),
}  # fmt: skip
"""What stands above the columns."""

_YES: Final[Mapping[Language, str]] = {"zh": "是", "en": "yes"}


def lineage_table(graph: LineageGraph, language: Language) -> Iterator[tuple[str | int | None, ...]]:
    """Yield one line for each lot of `graph`, the lot asked about first; columns as in `HEADINGS`."""
    made_by = {edge.target: graph.steps[edge.step_id].stage for edge in graph.edges}
    for each in graph.lots:
        stage = made_by.get(each.lot)
        yield (*_of_lot(each, graph, language), stage.words(language) if stage else None)


def _of_lot(each: LineageLot, graph: LineageGraph, language: Language) -> tuple[str | int | None, ...]:
    state, yes = each.state, _YES[language]
    return (
        each.level,
        each.lot,
        state.herb,
        state.form.words(language),
        state.grade,
        state.holder,
        graph.names[state.holder],
        state.grams_in,
        state.grams,
        state.packed_grams,
        each.per_million,
        each.grams,
        yes if each.assumed else None,
        yes if each.source else None,
        yes if each.excipient else None,
        yes if state.in_transit else None,
        yes if state.frozen else None,
        state.quality.words(language),
        division(state.origin).words(language) if state.origin else None,
    )
