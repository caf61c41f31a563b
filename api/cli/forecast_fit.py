"""`daodi forecast fit` and `regressors`: one node fitted closely, and how outside regressors are told."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment
from api.cli.forecast_fit_lines import show_models, show_verdict

if TYPE_CHECKING:
    from api.cli.screen import Screen

_EXAMPLE: Final = """name,period,value,known
planting_area,2025,1320.5,2026-03-31
mean_temperature,2026-03,12.4,
mean_temperature,2026-04,17.9,2026-03-01
policy,2026-04-01,1,2026-02-10
"""
"""Made up, to show the form."""
_MEANINGS: Final = {
    "name": "forecast.regressors_name",
    "period": "forecast.regressors_period",
    "value": "forecast.regressors_value",
    "known": "forecast.regressors_known",
}


def add(forecast: typer.Typer) -> None:
    """Add the commands to `daodi forecast`."""
    forecast.command("fit", help="help.forecast.fit")(fit)
    forecast.command("regressors", help="help.forecast.regressors")(regressors)


def fit(
    context: typer.Context,
    family: Annotated[str, typer.Argument(help="option.family")],
    level: Annotated[str, typer.Option("--level", help="option.index.level")] = "composite",
    node: Annotated[str, typer.Option("--node", help="option.index.node")] = "all",
    frequency: Annotated[str, typer.Option("--frequency", help="option.forecast.frequency")] = "week",
) -> None:
    """Fit every model to one node at each of its past origins; nothing is stored."""
    from api.clock import system_clock
    from api.opened_series import Asked, opened_here
    from api.warm_fits import WarmFits
    from priceindex.classification import Level
    from priceindex.forecast.method import FREQUENCIES

    screen: Screen = context.obj
    chosen = next((each for each in Level if each.value == level), None)
    every = next((each for each in FREQUENCIES if each == frequency), None)
    if chosen is None:
        raise typer.BadParameter(", ".join(Level), param_hint="--level")
    if every is None:
        raise typer.BadParameter(", ".join(FREQUENCIES), param_hint="--frequency")
    settings = deployment.settings()
    asked = Asked(family=family, level=chosen, node=node, frequency=every)
    with (
        deployment.reading(settings) as session,
        WarmFits.of(settings) as fits,
        screen.progress("forecast.fitting"),
    ):
        found = opened_here(session, asked, fits, system_clock())
    show_models(screen, found)
    show_verdict(screen, found)


def regressors(context: typer.Context) -> None:
    """Say how a table of outside regressors is written, with an example."""
    from api.regressor_files import FOLDER
    from priceindex.forecast.fitted.regressor_file import COLUMNS, MOST_NAMES, MOST_ROWS

    screen: Screen = context.obj
    screen.table(
        ("head.column", "head.column_zh", "head.meaning"),
        ((*COLUMNS[name], screen.words(key)) for name, key in _MEANINGS.items()),
        title=screen.words("forecast.regressors_title"),
    )
    screen.plain(_EXAMPLE)
    screen.remark("forecast.regressors_example")
    screen.remark("forecast.regressors_rule", names=MOST_NAMES, rows=MOST_ROWS)
    screen.remark("forecast.regressors_laid_out", folder=FOLDER)
