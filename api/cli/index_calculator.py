"""`daodi index calculate` and `formulas`: every formula of the library over a table of one's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from api.cli.files import read
from api.cli.index import index

if TYPE_CHECKING:
    from priceindex.multilateral.coded_panel import CodedPanel

_MOST_PRODUCTS = 20


def _one_of(words: Any, option: str) -> Any:  # noqa: ANN401  a typer callback
    """Return a callback that refuses what is not one of a Literal's words."""

    def check(value: str) -> str:
        if value not in get_args(words()):
            raise typer.BadParameter(value, param_hint=option)
        return value

    return check


def _forms() -> object:
    from priceindex.calculator.calculation import Form

    return Form


def _extensions() -> object:
    from priceindex.calculator.calculation import Extension

    return Extension


def _splices() -> object:
    from priceindex.multilateral.conventions import Splice

    return Splice


def _shares() -> object:
    from priceindex.formulas.pairs import Shares

    return Shares


@index.command("formulas", help="help.index.formulas")
def formulas(context: typer.Context) -> None:
    """List every formula with its equation."""
    from priceindex.calculator.methods import methods

    screen = context.obj
    screen.table(
        ("head.formula", "head.name", "head.equation"),
        [(each.key, each.words(screen.language), each.equation) for each in methods()],
    )


@index.command("calculate", help="help.index.calculate")
def calculate(
    context: typer.Context,
    table: Annotated[Path, typer.Argument(help="option.calculator.table")],
    formula: Annotated[str, typer.Option("--formula", help="option.calculator.formula")] = "fisher",
    form: Annotated[
        str, typer.Option("--form", help="option.calculator.form", callback=_one_of(_forms, "--form"))
    ] = "chained",
    base: Annotated[int, typer.Option("--base", help="option.calculator.base", min=0)] = 0,
    weights: Annotated[int, typer.Option("--weights-of", help="option.calculator.weights", min=0)] = 0,
    elasticity: Annotated[float, typer.Option("--elasticity", help="option.calculator.elasticity")] = 0.5,
    shares: Annotated[
        str, typer.Option("--shares", help="option.calculator.shares", callback=_one_of(_shares, "--shares"))
    ] = "matched",
    window: Annotated[int | None, typer.Option("--window", help="option.calculator.window", min=2)] = None,
    extension: Annotated[
        str,
        typer.Option(
            "--extension", help="option.calculator.extension", callback=_one_of(_extensions, "--extension")
        ),
    ] = "splice",
    splice: Annotated[
        str, typer.Option("--splice", help="option.calculator.splice", callback=_one_of(_splices, "--splice"))
    ] = "mean",
    level: Annotated[float, typer.Option("--level", help="option.calculator.level", min=1e-9)] = 100.0,
    parts: Annotated[bool, typer.Option("--contributions", help="option.calculator.parts")] = False,
) -> None:
    """Compute one index over a table of period, product, price and quantity."""
    from priceindex.calculator.calculation import Wanted
    from priceindex.calculator.calculation import calculate as computed
    from priceindex.calculator.table import read_table

    screen = context.obj
    panel = read_table(read(table), table.name)
    chosen: Any = {
        "method": formula,
        "form": form,
        "base": base,
        "weight_period": weights,
        "elasticity": elasticity,
        "shares": shares,
        "window": window,
        "extension": extension,
        "splice": splice,
        "level": level,
    }
    found = computed(panel, Wanted(**chosen))
    screen.table(
        ("head.period", "head.index"),
        [
            (str(period), f"{value:.8f}")
            for period, value in zip(found.periods, found.levels.tolist(), strict=True)
        ],
        title=f"{formula} · {len(panel.products)} × {len(panel.periods)}",
    )
    if parts:
        screen.table(("head.product", "head.part"), _contributions(panel, formula, shares))


def _contributions(panel: "CodedPanel", formula: str, shares: Any) -> list[tuple[str, str]]:  # noqa: ANN401  a Literal checked above
    from priceindex.calculator.decomposition import decompose

    found = decompose(panel, formula, 0, len(panel.periods) - 1, shares)
    lines = [(str(each.product), f"{each.part * 100:+.6f} %") for each in found[:_MOST_PRODUCTS]]
    rest = sum(each.part for each in found[_MOST_PRODUCTS:])
    return [*lines, *([("…", f"{rest * 100:+.6f} %")] if len(found) > _MOST_PRODUCTS else [])]
