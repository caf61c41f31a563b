"""`daodi forecast`: make forecasts, show them, verify them, and tell how they did."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment, files
from api.cli.errors import ProofFailed
from api.cli.forecast_fit import add
from api.cli.forecast_lines import show_chances, show_steps, show_track
from api.cli.index_work import moment, send

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.cli.screen import Screen
    from api.station import Station
    from priceindex.forecast.method import ForecastFrequency
    from priceindex.releases.persons import Person

_LISTED: Final = 50

forecast = typer.Typer(help="help.forecast", no_args_is_help=True)
Family = Annotated[str, typer.Argument(help="option.family")]
Frequency = Annotated[str, typer.Option("--frequency", help="option.forecast.frequency")]
Level = Annotated[str | None, typer.Option("--level", help="option.forecast.level")]
Node = Annotated[str, typer.Option("--node", help="option.index.node")]
Token = Annotated[Path | None, typer.Option("--token-file", help="option.token_file")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    add(forecast)
    app.add_typer(forecast, name="forecast")


@forecast.command("make", help="help.forecast.make")
def make(
    context: typer.Context,
    family: Family,
    frequency: Frequency = "week",
    regressors: Annotated[
        Path | None, typer.Option("--regressors", help="option.forecast.regressors")
    ] = None,
    token_file: Token = None,
) -> None:
    """Forecast from the newest release; the digest is in the log when this ends."""
    screen, every = context.obj, _frequency(frequency)
    table = None if regressors is None else files.read(regressors)
    coded = None if table is None else base64.b64encode(table).decode()

    def here(station: "Station", _person: "Person") -> "BaseModel":
        from api.forecasting import make_forecast
        from api.routes.forecast_answers import ForecastAnswer, ForecastMade

        stored = make_forecast(station, family, every, table)
        return ForecastMade(**ForecastAnswer.of(stored.forecast, None).model_dump(), new=stored.new)

    with screen.progress("forecast.computing"):
        asked = {"family": family, "frequency": every, "regressors": coded}
        made = send(screen, "/v1/forecasts", asked, token_file, here)
    screen.show(
        "forecast.made" if made["new"] else "forecast.stands",
        forecast=made["id"],
        series=made["series"],
        first=made["first_target"],
        last=made["last_target"],
    )
    screen.show("index.statement", statement=made["statement_id"])


@forecast.command("list", help="help.forecast.list")
def show_list(
    context: typer.Context,
    family: Annotated[str | None, typer.Option("--family", help="option.family")] = None,
) -> None:
    """List the runs, newest first."""
    from api.clock import system_clock
    from priceindex.families import family as family_named
    from priceindex.forecast.track import reading

    screen = context.obj
    if family is not None:
        family = family_named(family).id
    with deployment.reading(deployment.settings()) as session:
        found = reading.runs(session, as_of_ms=system_clock(), family=family, limit=_LISTED + 1)
    if not found:
        screen.remark("forecast.none")
        return
    screen.table(
        ("head.forecast", "head.origin_day", "head.targets", "head.series", "head.made_at"),
        (
            (
                each.forecast_id,
                str(each.origin_day),
                f"{each.first_target} – {each.last_target}",
                str(each.series),
                moment(each.made_ms),
            )
            for each in found[:_LISTED]
        ),
        whole=("head.forecast", "head.origin_day", "head.series"),
    )
    if len(found) > _LISTED:
        screen.remark("forecast.more", count=_LISTED)


@forecast.command("show", help="help.forecast.show")
def show(
    context: typer.Context,
    family: Family,
    level: Level = None,
    node: Node = "all",
    frequency: Frequency = "week",
) -> None:
    """Show the newest forecast of a node: intervals, baselines, direction, skill."""
    from api.clock import system_clock
    from priceindex.families import family as family_named
    from priceindex.forecast.track import reading

    screen, every = context.obj, _frequency(frequency)
    known = family_named(family).id
    with deployment.reading(deployment.settings()) as session:
        found = reading.newest(session, known, _level(level, node), node, every, as_of_ms=system_clock())
    show_steps(screen, found)
    show_chances(screen, found)


@forecast.command("verify", help="help.forecast.verify")
def verify(
    context: typer.Context, name: Annotated[str, typer.Argument(help="option.forecast", metavar="ID")]
) -> None:
    """Compare a run with the log, its time with its targets, and its numbers with the same made again."""
    from api.forecasting import code_version
    from api.warm_fits import WarmFits
    from priceindex.forecast.method import forecast_method
    from priceindex.forecast.track.verification import verify as verify_forecast

    screen = context.obj
    with (
        deployment.reading(deployment.settings()) as session,
        WarmFits() as fits,
        screen.progress("forecast.computing"),
    ):
        found = verify_forecast(session, name, forecast_method(), code_version(), fits.forecaster())
    if not found.ok:
        screen.faults(found.faults)
        raise ProofFailed(reason=name)
    screen.show("forecast.logged", digest=found.forecast.rows_sha256, place=found.log_index)
    screen.show("forecast.early", made=moment(found.forecast.made_ms), count=found.steps - found.late)
    if found.late:
        screen.remark("forecast.late", count=found.late)
    words = found.recomputation.words(screen.language)
    if found.values:
        screen.show("forecast.again", words=words, count=found.values)
    else:
        screen.remark("forecast.not_again", words=words)


@forecast.command("record", help="help.forecast.record")
def record(
    context: typer.Context,
    family: Family,
    frequency: Frequency = "week",
    actuals: Annotated[str, typer.Option("--actuals", help="option.forecast.actuals")] = "newest",
    csv: Annotated[Path | None, typer.Option("--csv", help="option.forecast.csv")] = None,
) -> None:
    """Show how the forecasts of a family did; or write every one beside what came."""
    from api.clock import system_clock
    from priceindex.families import family as family_named
    from priceindex.forecast.method import forecast_method
    from priceindex.forecast.track.actuals import ACTUALS
    from priceindex.forecast.track.track_record import record_of
    from priceindex.forecast.track.track_steps import track_steps

    screen, every, known = context.obj, _frequency(frequency), family_named(family).id
    which = next((each for each in ACTUALS if each == actuals), None)
    if which is None:
        raise typer.BadParameter(f"{actuals} ({', '.join(ACTUALS)})", param_hint="--actuals")
    with deployment.reading(deployment.settings()) as session:
        steps = track_steps(session, known, every, as_of_ms=system_clock(), actuals=which)
    if csv is not None:
        _write(screen, csv, steps)
    show_track(screen, record_of(steps, known, every, forecast_method(), which))


def _write(screen: "Screen", file: Path, steps: Any) -> None:  # noqa: ANN401  TrackSteps, imported lazily
    from api.routes.track_answers import track_csv

    files.write(file, track_csv(steps))
    screen.show("forecast.written", count=len(steps), file=file)


def _frequency(given: str) -> "ForecastFrequency":
    from priceindex.forecast.method import FREQUENCIES

    if given not in FREQUENCIES:
        raise typer.BadParameter(f"{given} ({', '.join(FREQUENCIES)})", param_hint="--frequency")
    return given


def _level(given: str | None, node: str) -> str:
    """Return the level asked for; one that is not given is read off the node's name."""
    from priceindex.classification import CLASSES, TREE_LEVELS

    if given is not None and given not in TREE_LEVELS:
        raise typer.BadParameter(f"{given} ({', '.join(TREE_LEVELS)})", param_hint="--level")
    if given is not None:
        return given
    if node == "all":
        return "composite"
    if "|" in node:
        return "grade"
    return "class" if node in CLASSES else "herb"
