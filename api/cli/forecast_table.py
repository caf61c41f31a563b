"""`daodi forecast table`: every fast model over a table of series of one's own, on all cores."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import files
from api.cli.forecast import forecast

if TYPE_CHECKING:
    from pandas import DataFrame

    from api.cli.screen import Screen

_SHOWN: Final = 40
_WORTH_A_POOL: Final = 5_000
"""Series from which on several processes are faster than starting them costs."""


@forecast.command("table", help="help.forecast.table")
def table(
    context: typer.Context,
    series: Annotated[Path, typer.Argument(help="option.forecast.series_file")],
    horizon: Annotated[int, typer.Option("--horizon", min=1, max=520, help="option.forecast.horizon")] = 12,
    season: Annotated[int, typer.Option("--season", min=1, max=366, help="option.forecast.season")] = 1,
    models: Annotated[list[str] | None, typer.Option("--model", help="option.forecast.models")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="option.forecast.out")] = None,
) -> None:
    """Forecast each series; nothing is stored, and nothing is said of skill."""
    from priceindex.forecast.partition import PartitionRule, forecast_partition, forecast_shards
    from priceindex.forecast.series_file import read_series

    screen = context.obj
    if out is not None:
        files.prove_writable(out)
    frame = read_series(files.read(series), series.name)
    rule = PartitionRule(horizon=horizon, season=season, **({"models": tuple(models)} if models else {}))
    with screen.progress("forecast.computing"):
        few = frame["series_id"].nunique() <= _WORTH_A_POOL
        found = forecast_partition(frame, rule) if few else forecast_shards(frame, rule)
    if out is not None:
        named = found.rename(columns={"series_id": "series"})
        files.write(out, named.to_csv(index=False, float_format="%.6f").encode())
        screen.show("forecast.table_written", file=out, rows=len(found))
        return
    _show(screen, found)


def _show(screen: "Screen", found: "DataFrame") -> None:
    """The first forecasts; the rest belong in a file."""
    heads = ("head.series_name", "head.model", "head.step", "head.forecast_value")
    lines = found.head(_SHOWN).itertuples(index=False)
    screen.table(heads, [(str(name), model, str(step), f"{value:.4f}") for name, model, step, value in lines])
    if len(found) > _SHOWN:
        screen.show("forecast.table_more", shown=_SHOWN, rows=len(found))
