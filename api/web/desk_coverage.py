"""What the page of supervision figures shows: coverage by area and node type, use of stages, rates."""

from collections.abc import Sequence

from api.web.chart_frame import NARROW, WIDE
from api.web.desk_areas import area_name
from api.web.desk_asked import Asked
from api.web.desk_bars import ShareBar, ShareChart, draw_shares
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.supervision.coverage import Coverage
from trace.supervision.rates import Rate, Rates
from trace.supervision.usage import Usage

_MOST_BARS = 40


def by_area(found: Sequence[Coverage]) -> list[tuple[str, Rate, int]]:
    """Sum the cells of each area over all node types: area, covered of registered, strangers."""
    summed: dict[str, tuple[int, int, int]] = {}
    for each in found:
        active, registered, strangers = summed.get(each.area, (0, 0, 0))
        summed[each.area] = (
            active + each.active,
            registered + each.registered,
            strangers + each.strangers,
        )
    return [
        (area, Rate(part=active, whole=registered), strangers)
        for area, (active, registered, strangers) in sorted(summed.items())
    ]


def area_table(found: Sequence[Coverage], asked: Asked, reader: WorkReader, words: Words) -> DeskTable:
    """Lay out coverage by area; each area leads to its parts."""
    cells = Cells.of(words)

    def row(each: tuple[str, Rate, int]) -> Sequence[Shown]:
        area, rate, strangers = each
        parts = {"period": asked.quarter.name, "area": area}
        leads = reader.link("/desk/coverage", **parts) if area != asked.area else ""
        return (
            Shown(area, area_name(area, words.language), leads, soft=area, chinese=False),
            cells.number(rate.whole),
            cells.number(rate.part),
            cells.share(rate.per_mille),
            cells.number(strangers, tone="doubt" if strangers else ""),
        )

    return DeskTable(
        name="areas",
        title=words("desk.areas"),
        columns=cells.columns("area", "#registered", "#active", "#per_mille", "#strangers"),
        rows=rows_of(by_area(found), row),
        empty=words("desk.no_register"),
        note=words("desk.areas_note"),
    )


def area_pictures(found: Sequence[Coverage], words: Words) -> list[Pictures]:
    """Draw the same as bars; nothing where there is nothing to draw."""
    cells = Cells.of(words)
    bars = [
        ShareBar(
            area_name(area, words.language),
            rate.per_mille,
            words(
                "desk.bar",
                share=cells.share(rate.per_mille).text,
                part=cells.formats.number(rate.part),
                whole=cells.formats.number(rate.whole),
            )
            if rate.whole
            else words("desk.bar_unknown"),
        )
        for area, rate, _ in by_area(found)[:_MOST_BARS]
    ]
    if not bars:
        return []
    said = (words("desk.areas"), words("desk.bars_unit"), words("desk.bars_says"))
    chart = ShareChart(name="areas", title=said[0], description=said[2], bars=bars)
    return [in_both_sizes(chart, draw_shares, said, (NARROW, WIDE))]


def node_table(found: Sequence[Coverage], words: Words) -> DeskTable:
    """Lay out coverage by area and node type."""
    cells = Cells.of(words)
    return DeskTable(
        name="coverage",
        title=words("desk.nodes"),
        columns=cells.columns(
            "area", "node_type", "#registered", "#ever", "#active", "#per_mille", "#strangers"
        ),
        rows=rows_of(
            found,
            lambda each: (
                Shown(each.area, area_name(each.area, words.language)),
                Shown(each.node_type.value, each.node_type.words(words.language)),
                cells.number(each.registered),
                cells.number(each.ever),
                cells.number(each.active),
                cells.share(each.per_mille),
                cells.number(each.strangers, tone="doubt" if each.strangers else ""),
            ),
        ),
        empty=words("desk.no_register"),
    )


def usage_table(found: Sequence[Usage], words: Words) -> DeskTable:
    """Lay out which stages are recorded by how many units of each node type."""
    cells = Cells.of(words)
    return DeskTable(
        name="usage",
        title=words("desk.usage"),
        columns=cells.columns("node_type", "stage", "#used", "#registered", "#per_mille", "#steps"),
        rows=rows_of(
            found,
            lambda each: (
                Shown(each.node_type.value, each.node_type.words(words.language)),
                Shown(each.stage.value, each.stage.words(words.language)),
                cells.number(each.used),
                cells.number(each.registered),
                cells.share(each.per_mille),
                cells.number(each.steps),
            ),
        ),
        empty=words("desk.no_usage"),
    )


def rates_table(found: Rates, words: Words) -> DeskTable:
    """Lay out the four rates of inspections and tests."""
    cells = Cells.of(words)
    named = (
        ("inspected", words("desk.rate_inspected"), found.inspected),
        ("inspections_passed", words("desk.rate_inspections_passed"), found.inspections_passed),
        ("tested", words("desk.rate_tested"), found.tested),
        ("tests_passed", words("desk.rate_tests_passed"), found.tests_passed),
    )
    return DeskTable(
        name="rates",
        title=words("desk.rates"),
        columns=cells.columns("rate", "#part", "#whole", "#per_mille"),
        rows=[
            (Shown(key, name), cells.number(rate.part), cells.number(rate.whole), cells.share(rate.per_mille))
            for key, name, rate in named
        ],
        empty=UNKNOWN,
    )
