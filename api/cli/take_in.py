"""`daodi import`: files of steps and quotes, taken in whole or not at all."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment, files
from api.cli.errors import RowsRefused, ServiceFaults
from api.cli.reports import write_report
from ledger.errors import DaodiError, ManyFaults

if TYPE_CHECKING:
    from rich.progress import Progress

    from api.cli.screen import Screen
    from api.settings import Settings
    from api.station import Station

_LONGEST_SOURCE: Final = 32

take_in = typer.Typer(help="help.import")
File = Annotated[Path, typer.Argument(help="option.file")]
Proceed = Annotated[bool, typer.Option("--proceed", help="option.proceed")]
Report = Annotated[Path | None, typer.Option("--report", help="option.report")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(take_in, name="import")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file, whoever took it in."""

    counts: Mapping[str, int]
    faults: Sequence[DaodiError]
    codes: Sequence[str] = ()
    """Codes its packings activated."""
    findings: Sequence[tuple[str, str]] = ()
    """Rule and message of everything that was flagged."""


@take_in.command("steps", help="help.import.steps")
def steps(context: typer.Context, file: File, proceed: Proceed = False, report: Report = None) -> None:
    """Take in the parties, places and steps of a spreadsheet, or of XML with the national system's fields."""

    def here(station: "Station", body: bytes, told: "Callable[[int, int], None]") -> Taken:
        from api.importing import take_in_steps_alone

        taken = take_in_steps_alone(station, body, file.name, proceed=proceed, told=told)
        names = ("parties", "places", "accepted", "flagged", "duplicates", "rejected")
        findings = [(found.rule.code, found.message(screen.language)) for found in taken.findings]
        return Taken({name: getattr(taken, name) for name in names}, taken.faults, taken.codes, findings)

    screen = context.obj
    taken = _take(screen, file, report, here, "/v1/imports/steps", {"proceed": _flag(proceed)})
    if taken.counts.get("parties") or taken.counts.get("places"):
        screen.show("take_in.registered", **taken.counts)
    screen.show("take_in.steps", **taken.counts)
    _show_findings(screen, taken.findings)
    if taken.codes:
        screen.show("take_in.codes", count=len(taken.codes), first=taken.codes[0])
    _show_faults(screen, taken.faults, report)


@take_in.command("quotes", help="help.import.quotes")
def quotes(
    context: typer.Context,
    file: File,
    source: Annotated[str, typer.Option("--source", help="option.source")] = "",
    proceed: Proceed = False,
    report: Report = None,
) -> None:
    """Take in every quote of a csv file; the raw file is archived by its digest."""

    def here(station: "Station", body: bytes, _: "Callable[[int, int], None]") -> Taken:
        from api.importing import take_in_quotes

        taken = take_in_quotes(station, body, file.name, source, proceed=proceed)
        names = ("accepted", "flagged", "quarantined", "rejected", "duplicates")
        return Taken({name: getattr(taken, name) for name in names}, taken.faults)

    source = source or source_of(file)
    query = {"proceed": _flag(proceed), "source": source}
    taken = _take(context.obj, file, report, here, "/v1/imports/quotes", query)
    context.obj.show("take_in.quotes", **taken.counts)
    _show_faults(context.obj, taken.faults, report)


@take_in.command("template", help="help.import.template")
def template(context: typer.Context, file: File) -> None:
    """Write an empty spreadsheet with every heading and the words each column takes."""
    from trace.workbook import template_xlsx

    files.write(file, template_xlsx())
    context.obj.show("template.done", file=file)


def _take(
    screen: "Screen",
    file: Path,
    report: Path | None,
    here: "Callable[[Station, bytes, Callable[[int, int], None]], Taken]",
    route: str,
    query: Mapping[str, str],
) -> Taken:
    """Take a file in, in this process or in the service that holds the database.

    Nothing is sent before it is sure that the report can be written. Raises `RowsRefused` with the report
    written, and whatever is wrong with the file as a whole.
    """
    chosen = deployment.settings()
    body = files.read(file, limit=chosen.max_upload_bytes)
    if report is not None:
        files.prove_writable(report)
    address = deployment.running(chosen)
    try:
        if address is None:
            with screen.progress("take_in.writing") as bar, deployment.writing(chosen) as station:
                taken = here(station, body, lambda done, total: _advance(bar, done, total))
        else:
            with screen.progress("take_in.handing"):
                taken = _handed(screen, chosen, address, route, query, (file.name, body))
    except ManyFaults as error:
        if report is not None:
            write_report(report, error.faults, screen)
        if not any(fault.at.row is not None for fault in error.faults):
            raise
        left_out = error.left_out if isinstance(error, ServiceFaults) else 0
        raise RowsRefused(error.faults, left_out, error.stands) from error
    except DaodiError as error:
        if report is not None and error.at.file is not None:  # something is wrong with the file as a whole
            write_report(report, [error], screen)
        raise
    return taken


def _advance(bar: "Progress", done: int, total: int) -> None:
    """Move the one bar of a file; called for every row, drawn when rich finds it is time."""
    bar.update(bar.task_ids[0], completed=done, total=total)


def _handed(
    screen: "Screen",
    chosen: "Settings",
    address: str,
    route: str,
    query: Mapping[str, str],
    file: tuple[str, bytes],
) -> Taken:
    from api.cli.remote import fault, hand_over

    answer = hand_over(chosen, address, route, screen.language, query=query, file=file)
    counts = {name: value for name, value in answer.items() if isinstance(value, int)}
    findings = [(each["code"], each["message"]) for each in answer.get("findings", ())]
    return Taken(counts, [fault(each) for each in answer["faults"]], answer.get("codes", ()), findings)


def source_of(file: Path) -> str:
    """Name a source after a file, in the letters a source may have.

    >>> source_of(Path("Bozhou_daily 2025.csv")), source_of(Path("亳州.csv"))
    ('bozhou-daily-2025', 'file')
    """
    letters = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:_LONGEST_SOURCE].rstrip("-")
    return letters if letters[:1].isalpha() else f"file-{letters}".rstrip("-")


def _show_faults(screen: "Screen", faults: Sequence[DaodiError], report: Path | None) -> None:
    """Draw the rows that were left out and write their report; the counts are on the screen by now."""
    if faults:
        screen.faults(faults)
    if report is not None:
        write_report(report, faults, screen)


def _show_findings(screen: "Screen", findings: Sequence[tuple[str, str]]) -> None:
    """Say which rules were broken how often, the commonest first, each with one example."""
    examples = dict(reversed(findings))
    for rule, count in Counter(rule for rule, _ in findings).most_common():
        screen.show("take_in.findings", count=count, rule=rule, example=examples[rule])


def _flag(value: bool) -> str:
    return "true" if value else "false"
