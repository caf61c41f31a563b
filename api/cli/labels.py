"""`daodi labels BATCH`: the labels of a batch of codes as PDF sheets, a list for printers, or one drawing."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from api.cli import deployment, files
from api.cli.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.settings import Settings
    from ledger.errors import Language
    from trace.labels.label_forms import LabelForm
    from trace.labels.label_sheet import PrintRun
    from trace.labels.label_text import LabelNew

Form = Literal["a4-3x8", "a4-2x4", "roll-60x40", "roll-100x70"]
_LINES: Final = 500_000
"""Lines of one table: more than that spreadsheets do not open."""
_SUFFIXES: Final = (".pdf", ".csv", ".svg")


class LabelFileForm(CommandError):
    """Labels are asked for in a form of file that is not made."""

    zh = "不能把标签写成 {file}"
    en = "labels cannot be written as {file}"
    remedy_zh = "文件名以 .pdf、.csv 或 .svg 结尾"
    remedy_en = "end the file's name in .pdf, .csv or .svg"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("labels", help="help.labels")(labels)


def labels(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(help="option.label_batch")],
    output: Annotated[Path, typer.Option("--output", "-o", help="option.label_file", metavar="FILE")],
    first: Annotated[int, typer.Option("--first", help="option.label_first", min=1)] = 1,
    count: Annotated[int | None, typer.Option("--count", help="option.label_count", min=1)] = None,
    pins: Annotated[bool, typer.Option("--pins", help="option.label_pins")] = False,
    form: Annotated[Form, typer.Option("--form", help="option.label_form")] = "a4-3x8",
    lot: Annotated[str | None, typer.Option("--lot", help="option.label_lot")] = None,
    grams: Annotated[int | None, typer.Option("--grams", help="option.label_grams", min=1)] = None,
    specification: Annotated[
        str | None, typer.Option("--specification", help="option.label_specification")
    ] = None,
    produced: Annotated[str | None, typer.Option("--produced", help="option.label_produced")] = None,
    expires: Annotated[str | None, typer.Option("--expires", help="option.label_expires")] = None,
    standard: Annotated[str | None, typer.Option("--standard", help="option.label_standard")] = None,
    printed: Annotated[bool, typer.Option("--printed", help="option.label_printed")] = False,
) -> None:
    """Write labels, and with --printed state that their codes are printed."""
    from trace.labels.label_forms import form_named

    kind = output.suffix.lower()
    if kind not in _SUFFIXES:
        raise LabelFileForm(file=output)
    chosen = deployment.settings()
    new = _new(
        lot=lot,
        grams=grams,
        specification=specification,
        production_date=produced,
        expiry_date=expires,
        standard=standard,
    )
    run = _run(chosen, batch, new, (first, 1 if kind == ".svg" else count), pins=pins)
    for file, body, written in _written(chosen, run, form_named(form), output):
        files.write(file, body)
        context.obj.show("labels.written", file=file, count=written)
    if printed:
        _say_printed(chosen, context.obj.language, batch, run)
        context.obj.show("labels.printed", count=run.count)


def _new(**given: object) -> "LabelNew":
    """Return what a label says; raises the fault of the first option that has the wrong form."""
    from pydantic import ValidationError

    from api.errors import FieldWrong
    from api.field_words import field_words
    from ledger.errors import Location
    from trace.labels.label_text import LabelNew

    try:
        return LabelNew.model_validate(given)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        words, name = field_words(first), str(first["loc"][0])
        raise FieldWrong(reason_zh=words.zh, reason_en=words.en, at=Location(field=name)) from fault


def _run(
    chosen: "Settings", batch: str, new: "LabelNew", wanted: tuple[int, int | None], *, pins: bool
) -> "PrintRun":
    from api.key_files import load_code_keys
    from trace.coding.batch_reading import batch_state
    from trace.labels.label_sheet import Wanted, print_run

    with deployment.reading(chosen) as session:
        return print_run(
            session,
            batch_state(session, batch, None),
            load_code_keys(chosen.keys_folder),
            chosen.base_url,
            new,
            Wanted(first=wanted[0], count=wanted[1], pins=pins),
        )


def _written(
    chosen: "Settings", run: "PrintRun", form: "LabelForm", output: Path
) -> "Iterator[tuple[Path, bytes, int]]":
    """Give each file with its content and how many labels it has."""
    kind = output.suffix.lower()
    if kind == ".svg":
        from trace.labels.label_svg import label_svg

        yield output, label_svg(run.text, next(run.labels), form).encode(), 1
    elif kind == ".csv":
        from api.web.csv_body import csv_body
        from api.web.label_csv import HEADINGS, label_row
        from trace.labels.label_pdf import in_files

        for number, some in enumerate(in_files(run.labels, _LINES), start=1):
            file = output if run.count <= _LINES else output.with_stem(f"{output.stem}-{number:03d}")
            yield file, csv_body(HEADINGS, (label_row(label) for label in some)), len(some)
    else:
        yield from _sheets(chosen, run, form, output)


def _sheets(
    chosen: "Settings", run: "PrintRun", form: "LabelForm", output: Path
) -> "Iterator[tuple[Path, bytes, int]]":
    from trace.labels.label_font import find_font
    from trace.labels.label_pdf import MOST, in_files, label_pdf

    font = find_font(chosen.label_font)
    made = datetime.fromtimestamp(time.time(), UTC)
    for number, some in enumerate(in_files(run.labels), start=1):
        file = output if run.count <= MOST else output.with_stem(f"{output.stem}-{number:03d}")
        yield file, label_pdf(run.text, some, form, font, made), len(some)


def _say_printed(chosen: "Settings", language: "Language", batch: str, run: "PrintRun") -> None:
    """State it as the operator, here or through the running service."""
    from api.cli.remote import hand_over
    from api.key_files import load_code_keys
    from trace.coding.batch_reading import batch_state
    from trace.coding.code_listing import codes_of_batch
    from trace.coding.status_changes import mark_printed

    address = deployment.running(chosen)
    if address is None:
        with deployment.writing(chosen) as station:
            station.writer.submit(
                lambda session: mark_printed(
                    session,
                    station.recorder.declarer,
                    station.code_keys,
                    batch,
                    run.first - 1,
                    run.count,
                    by=None,
                    at_ms=station.clock(),
                )
            )
        return
    with deployment.reading(chosen) as session:
        state = batch_state(session, batch, None)
    keys = load_code_keys(chosen.keys_folder)
    ends = [
        next(codes_of_batch(state, keys, place, 1)) for place in (run.first - 1, run.first + run.count - 2)
    ]
    body = {"first": ends[0], "last": ends[1]}
    hand_over(chosen, address, "/v1/codes/printed", language, body=body)
