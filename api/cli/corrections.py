"""`daodi correct`: a step declared wrong, and what really happened in its place."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment, files
from api.strict_json import parse_strict

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.errors import Language
    from trace.corrections.correction_words import CorrectionNew


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("correct", help="help.correct")(correct)


def correct(
    context: typer.Context,
    step: Annotated[str, typer.Argument(help="option.correct_step")],
    reason: Annotated[str, typer.Option("--reason", help="option.correct_reason")],
    instead: Annotated[
        Path | None, typer.Option("--instead", help="option.correct_instead", metavar="FILE")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="option.correct_note")] = None,
) -> None:
    """Correct a step: as the party it is of where a step takes its place, else as the operator."""
    screen = context.obj
    chosen = deployment.settings()
    body: dict[str, Any] = {"reason": reason}
    if instead is not None:
        body["instead"] = parse_strict(files.read(instead))
    if note is not None:
        body["note"] = note
    asked = _asked(body)
    address = deployment.running(chosen)
    if address is None:
        done = _here(chosen, screen.language, step, asked)
    else:
        done = _hand_over(chosen, address, screen.language, step, body)
    if done["replayed"]:
        screen.remark("correct.again")
    screen.show("correct.done", step=step, statement=done["statement_id"])
    if done["corrective"]:
        screen.show("correct.instead", step=done["corrective"])
    for broken in done["findings"]:
        screen.remark("correct.broken", step=broken["step"], message=broken["finding"]["message"])


def _asked(body: Mapping[str, Any]) -> "CorrectionNew":
    """Read a correction; raises the fault of a field, or `ManyFaults`."""
    from fastapi.exceptions import RequestValidationError
    from pydantic import ValidationError

    from api.faults_of import error_of
    from trace.corrections.correction_words import CorrectionNew

    try:
        return CorrectionNew.model_validate(body)
    except ValidationError as fault:
        # As the service would say it: the fault stands in the body.
        faults = [{**each, "loc": ("body", *each["loc"])} for each in fault.errors()]
        raise error_of(RequestValidationError(faults)) or fault from fault


def _here(chosen: "Settings", language: "Language", step: str, asked: "CorrectionNew") -> Mapping[str, Any]:
    from api.correcting import correct_step
    from api.routes.corrections import CorrectionMade
    from trace.corrections.correction_errors import UnknownStep
    from trace.tables import StepRow

    with deployment.writing(chosen) as station:
        with station.database.read() as session:
            row = session.get(StepRow, step)
        if row is None:
            raise UnknownStep(step=step)
        by = None if asked.instead is None else row.party
        done = correct_step(station, step, asked, by, supervising=by is None)
        return CorrectionMade.of(done, language).model_dump()


def _hand_over(
    chosen: "Settings", address: str, language: "Language", step: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    from api.cli.remote import hand_over

    answer: Mapping[str, Any] = hand_over(
        chosen, address, f"/v1/steps/{step}/corrections", language, body=body
    )
    return answer
