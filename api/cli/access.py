"""`daodi access`: who wrote what and who read what is private, and whether those notes are still the same."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli import deployment, files

_SHOWN: Final = 50
_IN_FILE: Final = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.access", no_args_is_help=True)
    group.command("list", help="help.access.list")(list_notes)
    group.command("export", help="help.access.export")(export)
    group.command("verify", help="help.access.verify")(verify)
    group.command("digest", help="help.access.digest")(digest)
    app.add_typer(group, name="access")


Who = Annotated[str | None, typer.Option("--who", help="option.access.who")]
Party = Annotated[str | None, typer.Option("--party", help="option.access.party")]


def list_notes(
    context: typer.Context,
    who: Who = None,
    party: Party = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="option.access.limit")] = _SHOWN,
) -> None:
    """Show the newest notes."""
    from api.access.access_reading import Wanted, notes_wanted

    with deployment.reading(deployment.settings()) as session:
        found = notes_wanted(session, Wanted(who=who, party=party), limit)
    context.obj.table(
        ("head.access.at", "head.access.kind", "head.access.who", "head.access.operation", "head.outcome"),
        [
            (
                _moment(row.at_ms),
                row.kind,
                row.who,
                row.operation,
                "" if row.status is None else str(row.status),
            )
            for row in found
        ],
        whole=("head.access.at", "head.access.kind"),
    )


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", help="option.access.out")],
    who: Who = None,
    party: Party = None,
) -> None:
    """Write the notes into a CSV file, newest first."""
    from api.access.access_reading import Wanted, notes_wanted
    from api.routes.access import AccessNote, csv_of

    files.prove_writable(out)
    with deployment.reading(deployment.settings()) as session:
        found = notes_wanted(session, Wanted(who=who, party=party), _IN_FILE)
    files.write(out, csv_of([AccessNote.of(row) for row in found]))
    context.obj.show("access.written", file=out, notes=len(found))


def verify(context: typer.Context) -> None:
    """Hold the notes against every digest in the log; exit code 1 where one differs."""
    from api.access.access_digests import verify_digests

    notes = digests = 0
    with deployment.reading(deployment.settings()) as session:
        for each in verify_digests(session):
            notes, digests = notes + each.notes, digests + 1
    context.obj.show("access.verified", digests=digests, notes=notes)


def digest(context: typer.Context) -> None:
    """State the digest of the notes since the last one now."""
    chosen = deployment.settings()
    deployment.must_not_run(chosen, "access digest")
    with deployment.writing(chosen) as station:
        made = station.state_access()
    if made is None:
        context.obj.show("access.nothing_new")
    else:
        context.obj.show("access.stated", first=made.first, last=made.last, statement=made.statement_id)


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
