"""A workbook is read as a person sees it, or refused whole; it never does worse."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from trace.errors import BadCell, UnreadableFile
from trace.imports import read_steps
from trace.profiles import profile
from trace.vocabulary import Stage
from trace.workbook import template_xlsx

from .csv_rows import GOOD, HEADINGS, csv_of
from .season import GROWER, Stream

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "steps-season.xlsx"


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "环节"
    for row in (tuple(HEADINGS.strip().split(",")), *rows):
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_formula_without_a_stored_value_is_refused_not_taken_as_empty() -> None:
    row = ("野生采集", GROWER, "PLOT", "2024-03-02 08:00", None, '="A="&10&"公斤"', "白芍", "大别山")
    (fault,) = read_steps(sheet(row), "x.xlsx").faults
    assert isinstance(fault, BadCell)
    assert (fault.at.field, fault.at.row) == ("产出批次 outputs", 2)


def test_real_dates_in_cells_are_beijing_time() -> None:
    moment = datetime(2024, 3, 2, 8, 0)  # noqa: DTZ001  a spreadsheet has no offsets
    row = ("野生采集", GROWER, "PLOT", moment, None, "A=10公斤", "白芍", "大别山")
    assert read_steps(sheet(row), "x.xlsx").steps[0].new == csv_of(GOOD).steps[0].new


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"\xff\xfe\x00\x01", "steps.csv"),
        (b"not a workbook", "steps.xlsx"),
        (b"PK\x03\x04broken", "steps.xlsx"),
        (b"a,b\n1,2\n", "steps.csv"),
        (b"", "steps.csv"),
        (b'stage,"open\n', "steps.csv"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_whole(body: bytes, name: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_steps(body, name)
    assert caught.value.at.file == name


def test_the_template_has_a_column_for_every_field_and_reads_as_empty() -> None:
    body = template_xlsx()
    read = read_steps(body, "template.xlsx")
    assert (read.steps, read.parties, read.places, read.faults) == ((), (), (), ())
    headings = {cell.value for cell in load_workbook(io.BytesIO(body))["环节 steps"][1]}
    assert {f"{f.zh} {f.name}" for stage in Stage for f in profile(stage).fields} <= headings


def broken_workbooks() -> Iterator[bytes]:
    """The example with bytes turned, in the archive and in the XML it holds; the same every run."""
    whole = EXAMPLE.read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for turn in range(120):
        place = int.from_bytes(Stream(f"fuzz/{turn}")(4), "big")
        if turn % 2:
            yield whole[: place % len(whole)] + b"?" + whole[place % len(whole) + 1 :]
            continue
        name = sorted(parts)[turn % len(parts)]
        at_byte = place % len(parts[name])
        turned = parts | {name: parts[name][:at_byte] + b"<" + parts[name][at_byte + 1 :]}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for part, text in turned.items():
                archive.writestr(part, text)
        yield stream.getvalue()


@pytest.mark.filterwarnings("default")
def test_a_broken_workbook_is_read_or_refused_and_never_worse() -> None:
    outcomes = set()
    for body in broken_workbooks():
        try:
            read_steps(body, "broken.xlsx")
            outcomes.add("read")
        except UnreadableFile:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_a_sheet_that_claims_a_million_columns_is_refused_by_what_it_holds() -> None:
    row = ("野生采集", *[None] * 299, "x")
    with pytest.raises(UnreadableFile) as caught:
        read_steps(sheet(row), "wide.xlsx")
    assert "256" in caught.value.message("en")
