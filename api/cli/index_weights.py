"""`daodi index weights`: enter the weights of a family from a file, and list what was entered."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.index import day, index
from api.cli.index_release import Token
from api.cli.index_work import send

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.station import Station
    from priceindex.releases.persons import Person

FAMILY = "herbs-entered"
"""The family that has no other weights than entered ones."""
_FILE_LIMIT = 4_000_000

weights = typer.Typer(help="help.index.weights", no_args_is_help=True)
index.add_typer(weights, name="weights")


@weights.command("enter", help="help.index.weights.enter")
def enter(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="option.weights.file")],
    source: Annotated[str, typer.Option("--source", help="option.weights.source")],
    first: Annotated[str, typer.Option("--first", help="option.weights.first", metavar="YYYY-MM-DD")],
    last: Annotated[str, typer.Option("--last", help="option.weights.last", metavar="YYYY-MM-DD")],
    effective: Annotated[
        str, typer.Option("--effective", help="option.weights.effective", metavar="YYYY-MM-01")
    ],
    family: Annotated[str, typer.Option("--family", help="option.family")] = FAMILY,
    token_file: Token = None,
) -> None:
    """Enter a weight set; its digest is in the log when this ends."""
    from api.cli.files import read
    from priceindex.engine.weight_file import read_weight_file

    lines = read_weight_file(read(file, _FILE_LIMIT), file.name)
    body = {
        "family": family,
        "source": source,
        "first": str(day(first)),
        "last": str(day(last)),
        "effective": str(day(effective)),
        "lines": [{"herb": line.herb, "grade": line.grade, "fen": line.fen} for line in lines],
    }

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.routes.weight_sets import WeightSetAnswer
        from api.weighing import WeightSetNew, entered_by

        return WeightSetAnswer.of(entered_by(station, WeightSetNew.model_validate(body), person.name))

    done = send(context.obj, "/v1/weight-sets", body, token_file, here)
    context.obj.show("weights.entered", family=done["family"], grades=done["grades"], month=effective[:7])
    context.obj.show("weights.logged", digest=done["sha256"])


@weights.command("list", help="help.index.weights.list")
def show(
    context: typer.Context,
    family: Annotated[str | None, typer.Option("--family", help="option.family")] = None,
) -> None:
    """List the entered weight sets with their source and reference period."""
    from priceindex.engine.weight_store import entered

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = entered(session, family)
    if not found:
        screen.remark("weights.none")
        return
    screen.table(
        (
            "head.family",
            "head.weight_month",
            "head.weight_source",
            "head.weight_period",
            "head.grades",
            "head.weight_digest",
        ),
        (
            (
                one.family,
                f"{one.weights.effective:%Y-%m}",
                one.weights.source,
                f"{one.weights.first}/{one.weights.last}",
                str(len(one.weights.by_grade())),
                one.sha256[:16],
            )
            for one in found
        ),
    )
