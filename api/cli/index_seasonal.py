"""`daodi index seasonal` and `daodi index grade-ratios`: analysis of what was published and quoted."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family, index, shown

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from priceindex.quality.grade_pairs import GradePair
    from priceindex.seasonal.analysis import SeasonalMonth

_FEW_MONTHS = 13
"""Months that a first change over a year takes."""
_LEVELS = ("composite", "class", "herb", "grade", "market", "origin", "theme")


def _known_level(level: str) -> str:
    if level not in _LEVELS:
        message = f"{level} ({', '.join(_LEVELS)})"
        raise typer.BadParameter(message, param_hint="--level")
    return level


@index.command("seasonal", help="help.index.seasonal")
def seasonal(
    context: typer.Context,
    family: Family = FAMILY,
    level: Annotated[
        str, typer.Option("--level", help="option.seasonal.level", callback=_known_level)
    ] = "composite",
    node: Annotated[str, typer.Option("--node", help="option.seasonal.node")] = "all",
) -> None:
    """Show the published months of a node with their change over a year and the rolling year."""
    from api.clock import system_clock
    from priceindex.classification import Level, node_words
    from priceindex.seasonal.published_months import seasonal_analysis

    screen = context.obj
    chosen = Level(level)
    with deployment.reading(deployment.settings()) as session:
        found = seasonal_analysis(session, family, chosen, node, as_of_ms=system_clock())
    screen.table(
        (
            "head.month",
            "head.index",
            "head.year_over_year",
            "head.rolling_year",
            "head.matched_year",
            "head.matched_cells",
        ),
        (_month(each, screen) for each in found.months),
        title=screen.words(
            "seasonal.title",
            family=family,
            node=node_words(chosen, node, screen.language),
            release=found.release_id,
        ),
    )
    if len(found.months) < _FEW_MONTHS:
        screen.remark("seasonal.short", months=len(found.months))
    screen.remark("seasonal.analysis")


def _month(month: "SeasonalMonth", screen: "Screen") -> tuple[str, ...]:
    none = screen.words("trace.none")
    return (
        f"{month.month:%Y-%m}",
        none if month.value is None else shown(month.value),
        _change(month.year_over_year, none),
        none if month.rolling_year is None else f"{month.rolling_year:.4f}",
        _change(month.matched_year_over_year, none),
        str(month.matched_cells),
    )


def _change(ratio: float | None, none: str) -> str:
    """Write a ratio as a change in per cent."""
    return none if ratio is None else f"{(ratio - 1) * 100:+.2f} %"


@index.command("grade-ratios", help="help.index.grade-ratios")
def ratios(
    context: typer.Context,
    herb: Annotated[str, typer.Argument(help="option.ratios.herb")],
    market: Annotated[str | None, typer.Option("--market", help="option.ratios.market")] = None,
) -> None:
    """Show the newest ratio of every pair of grades of a herb."""
    from api.clock import system_clock
    from priceindex.quality.grade_pairs import grade_pairs
    from priceindex.quality.grade_prices import herb_prices

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        pairs = grade_pairs(herb_prices(session, herb, as_of_ms=system_clock(), market=market))
    if not pairs:
        screen.remark("seasonal.no_pairs", herb=herb)
        return
    screen.table(
        ("head.market", "head.grade", "head.other_grade", "head.ratio", "head.pairs", "head.month"),
        (_pair(each, screen) for each in pairs),
    )


def _pair(pair: "GradePair", screen: "Screen") -> tuple[str, ...]:
    newest = pair.months[-1]
    written = f"{newest.ratio.ratio:.4f}"
    if newest.ratio.capped:
        written = screen.words("ratios.capped", ratio=written)
    return (
        pair.market,
        pair.grade,
        pair.other,
        written,
        str(newest.ratio.matched),
        f"{newest.month:%Y-%m}",
    )
