"""`daodi lineage LOT`: the whole way of a lot, back to seed or forward to its products, with grams."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment, files

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from trace.lineages.lineage_graph import LineageGraph
    from trace.lineages.whereabouts import Whereabouts


_TITLES: Final = {"back": "lineage.back", "forward": "lineage.forward"}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("lineage", help="help.lineage")(lineage)


def lineage(
    context: typer.Context,
    lot: Annotated[str, typer.Argument(help="option.lineage_lot")],
    forward: Annotated[bool, typer.Option("--forward", help="option.forward")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="option.csv_file", metavar="FILE")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="option.svg_file", metavar="FILE")] = None,
) -> None:
    """Show every lot on the way, with the share and the grams that stem from where."""
    from api.web.lineage_csv import lineage_csv
    from api.web.lot_page import way_view
    from api.web.words import words_in
    from trace.lineages.lineage_graph import Direction
    from trace.lineages.whereabouts import whereabouts

    screen = context.obj
    direction = Direction.FORWARD if forward else Direction.BACK
    with deployment.reading(deployment.settings()) as session:
        way = whereabouts(session, lot, direction)
    if csv is not None:
        files.write(csv, lineage_csv(way, screen.language))
        screen.show("written.file", file=csv)
    if svg is not None:
        drawing = str(way_view(way.graph, words_in(screen.language)).drawing)
        files.write(svg, drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode())
        screen.show("written.file", file=svg)
    if csv is None and svg is None:
        _draw(way.graph, screen)
        _draw_placements(way, screen)


def _draw(graph: "LineageGraph", screen: "Screen") -> None:
    from trace.quantities import format_mass

    language, mark = screen.language, screen.words("lineage.excipient")
    made_by = {edge.target: graph.steps[edge.step_id].stage for edge in graph.edges}
    screen.table(
        (
            "lineage.level",
            "lineage.lot",
            "lineage.herb",
            "lineage.made_by",
            "lineage.holder",
            "lineage.share",
            "lineage.mass",
        ),
        (
            (
                str(each.level),
                each.lot,
                f"{each.state.herb} {each.state.form.words(language)}{mark if each.excipient else ''}",
                made_by[each.lot].words(language) if each.lot in made_by else screen.words("trace.none"),
                graph.names[each.state.holder],
                f"{each.per_million / 10_000:.2f} %{'*' if each.assumed else ''}",
                screen.words("trace.none") if each.grams is None else format_mass(each.grams, language),
            )
            for each in graph.lots
        ),
        title=screen.words(_TITLES[graph.direction.value], lot=graph.lot),
    )
    if any(each.assumed for each in graph.lots):
        screen.show("lineage.assumed")


def _draw_placements(way: "Whereabouts", screen: "Screen") -> None:
    from trace.quantities import format_mass

    if not way.placements:
        return
    screen.table(
        ("lineage.lot", "lineage.holder", "lineage.state", "lineage.packs", "lineage.mass", "lineage.part"),
        (
            (
                each.lot,
                way.holder_name(each.holder, screen.language),
                each.status.words(screen.language) if each.status else screen.words("lineage.loose"),
                str(each.packs or ""),
                format_mass(each.grams, screen.language),
                format_mass(each.attributed_grams, screen.language),
            )
            for each in way.placements
        ),
        title=screen.words("lineage.placements", lot=way.graph.lot),
    )
