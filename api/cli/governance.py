"""`daodi governance`: the compliance table, declarations, complaints, yearly assessments."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import deployment
from api.cli.index import FAMILY, day

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.station import Station

governance = typer.Typer(help="help.governance", no_args_is_help=True)
_YEAR_DAYS = 365
_MINUTE = "%Y-%m-%d %H:%M"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(governance, name="governance")


@governance.command("compliance", help="help.governance.compliance")
def compliance(
    context: typer.Context, family: Annotated[str, typer.Option("--family", help="option.family")] = FAMILY
) -> None:
    """Show every requirement and what its check finds now."""
    from api.clock import system_clock
    from priceindex.families import family as family_named
    from priceindex.governance.compliance import compliance as table_of

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        lines = table_of(session, family_named(family), system_clock())
    marks = {True: "governance.kept", False: "governance.broken", None: "governance.by_evidence"}
    screen.table(
        ("column.requirement", "column.certainty", "column.state", "column.found"),
        [
            (
                f"{line.requirement.id}\n{line.requirement.words(screen.language)}",
                line.requirement.certainty_words(screen.language),
                screen.words(marks[None if line.outcome is None else line.outcome.passed]),
                line.requirement.evidence(screen.language)
                if line.outcome is None
                else line.outcome.words(screen.language),
            )
            for line in lines
        ],
    )
    broken = sum(line.outcome is not None and not line.outcome.passed for line in lines)
    screen.remark("governance.counted", count=len(lines), broken=broken)


@governance.command("declarations", help="help.governance.declarations")
def declarations(context: typer.Context) -> None:
    """List what was declared."""
    from priceindex.governance.declarations import declarations as all_declarations

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = all_declarations(session)
    if not found:
        screen.remark("governance.nothing_declared")
        return
    screen.table(
        ("column.declaration", "column.kind", "column.subject", "column.until", "column.words"),
        [
            (
                one.declaration_id,
                one.kind.words(screen.language),
                one.subject,
                screen.words("governance.ended") if one.ended_ms else str(one.valid_until),
                one.words,
            )
            for one in found
        ],
    )


@governance.command("declare", help="help.governance.declare")
def declare(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="option.declaration_kind")],
    words: Annotated[str, typer.Option("--words", help="option.declaration_words")],
    subject: Annotated[str, typer.Option("--subject", help="option.declaration_subject")] = "*",
    share: Annotated[int | None, typer.Option("--share-bp", help="option.share_bp")] = None,
    document: Annotated[str | None, typer.Option("--document", help="option.declaration_document")] = None,
    first: Annotated[str | None, typer.Option("--from", help="option.declaration_from")] = None,
    until: Annotated[str | None, typer.Option("--until", help="option.declaration_until")] = None,
) -> None:
    """Declare independence, a conflict, coverage, a submitter, a review, a consultation or an audit."""
    starts = day(first) or _today()
    body = {
        "kind": kind,
        "words": words,
        "subject": subject,
        "share_bp": share,
        "document": document,
        "valid_from": starts.isoformat(),
        "valid_until": (day(until) or starts + timedelta(days=_YEAR_DAYS)).isoformat(),
    }

    def here(station: "Station") -> Mapping[str, Any]:
        from api.governing import declared
        from priceindex.governance.declarations import DeclarationNew

        done = declared(station, DeclarationNew.model_validate(body))
        return {"declaration": done.declaration_id}

    done = _written(context, "/v1/governance/declarations", body, here)
    context.obj.show("governance.declared", declaration=done["declaration"])


@governance.command("end", help="help.governance.end")
def end(
    context: typer.Context,
    declaration: Annotated[str, typer.Argument(help="option.declaration")],
    reason: Annotated[str, typer.Option("--reason", help="option.end_reason")],
) -> None:
    """End a declaration."""

    def here(station: "Station") -> Mapping[str, Any]:
        from api.governing import ended

        return {"declaration": ended(station, declaration, reason).declaration_id}

    _written(context, f"/v1/governance/declarations/{declaration}/end", {"reason": reason}, here)
    context.obj.show("governance.has_ended", declaration=declaration)


@governance.command("complaints", help="help.governance.complaints")
def complaints(context: typer.Context) -> None:
    """List the complaints with what was written: for whoever runs the service."""
    from api.clock import system_clock
    from priceindex.governance.index_complaints import complaint_words, index_complaints

    screen = context.obj
    now_ms = system_clock()
    with deployment.reading(deployment.settings()) as session:
        found = [(one, complaint_words(session, one.complaint_id)) for one in index_complaints(session)]
    if not found:
        screen.remark("governance.no_complaints")
        return
    screen.table(
        ("column.complaint", "column.kind", "column.subject", "column.due", "column.state", "column.words"),
        [
            (
                one.complaint_id,
                one.category.words(screen.language),
                one.subject,
                f"{datetime.fromtimestamp(one.due_ms / 1000, UTC):{_MINUTE}}Z",
                screen.words(_state(answered=one.answered_ms is not None, late=one.late(now_ms))),
                words if contact is None else f"{words}\n{contact}",
            )
            for one, (words, contact) in found
        ],
    )


@governance.command("answer", help="help.governance.answer")
def answer(
    context: typer.Context,
    complaint: Annotated[str, typer.Argument(help="option.index_complaint")],
    words: Annotated[str, typer.Option("--words", help="option.answer_words")],
    upheld: Annotated[bool, typer.Option("--upheld/--rejected", help="option.upheld")],
) -> None:
    """Answer a complaint in public."""

    def here(station: "Station") -> Mapping[str, Any]:
        from api.governing import answered

        return {"complaint": answered(station, complaint, words, upheld=upheld).complaint_id}

    body = {"answer": words, "upheld": upheld}
    _written(context, f"/v1/index-complaints/{complaint}/answer", body, here)
    context.obj.show("governance.answered", complaint=complaint)


@governance.command("assess", help="help.governance.assess")
def assess(
    context: typer.Context, year: Annotated[int, typer.Option("--year", help="option.assessed_year")]
) -> None:
    """Make the self-assessment of a year that is over."""

    def here(station: "Station") -> Mapping[str, Any]:
        from api.governing import assessed

        done = assessed(station, year)
        return {"sha256": done.sha256, "number": done.number}

    done = _written(context, "/v1/governance/assessments", {"year": year}, here)
    context.obj.show("governance.assessed", year=year, digest=done["sha256"])


def _written(
    context: typer.Context,
    path: str,
    body: Mapping[str, object],
    here: "Callable[[Station], Mapping[str, Any]]",
) -> Mapping[str, Any]:
    """Have the running service do it, or do it in this process."""
    chosen = deployment.settings()
    address = deployment.running(chosen)
    if address is None:
        with deployment.writing(chosen) as station:
            return here(station)
    from api.cli.remote import hand_over

    answer: Mapping[str, Any] = hand_over(chosen, address, path, context.obj.language, body=body)
    return answer


def _state(*, answered: bool, late: bool) -> str:
    if answered:
        return "governance.state_answered"
    return "governance.state_late" if late else "governance.state_open"


def _today() -> date:
    from api.clock import system_clock
    from priceindex.calendar import china_day

    return china_day(system_clock())
