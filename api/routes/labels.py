"""Labels of a batch of codes for whoever prints them: one as a drawing, sheets as PDF, a list as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import ConfigDict, Field

from api.callers import Caller, Clerk, TheStation
from api.errors import NotYourParty, ScopeMissing, TokenMissing, TokenRefused
from api.problems import problems
from api.station import Station
from api.tokens import Scope
from api.web import csv_body
from api.web.label_csv import HEADINGS, label_row
from trace.coding.batch_reading import batch_state
from trace.errors import UnknownCodeBatch, UnknownLot
from trace.labels import label_pdf, label_svg
from trace.labels.label_errors import (
    BadLabelRange,
    FontMissing,
    GlyphsMissing,
    LabelTooSmall,
    TooManyLabels,
)
from trace.labels.label_font import find_font
from trace.labels.label_forms import form_named
from trace.labels.label_sheet import PrintRun, Wanted, print_run
from trace.labels.label_text import LabelNew, PackLabel

router = APIRouter(prefix="/v1/code-batches", tags=["codes"])

BatchId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="Batch of codes 码批: its root in hex.")]
_LINES: Final = 2_048
_MOST: Final = 2**31 - 1
"""Codes of one batch, at the very most."""
_REFUSED: Final = (
    TokenMissing,
    TokenRefused,
    ScopeMissing,
    NotYourParty,
    UnknownCodeBatch,
    UnknownLot,
    BadLabelRange,
)


class LabelsAsked(LabelNew):
    """Which labels of a batch, and what they say."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)

    first: int = Field(default=1, ge=1, le=_MOST)
    """Number of the first label within its batch, from 1."""
    count: int | None = Field(default=None, ge=1, le=_MOST)
    """How many; the rest of the batch when left out."""
    pins: bool = False
    """Print each PIN, to be covered by a scratch layer: it is a secret until it is scratched free."""
    form: Literal["a4-3x8", "a4-2x4", "roll-60x40", "roll-100x70"] = "a4-3x8"
    """Paper: sheets of A4 with 24 or 8 labels, or a roll of labels of so many millimetres."""


Asked = Annotated[LabelsAsked, Query()]


@router.get(
    "/{batch}/labels.svg",
    summary="Draw one label",
    response_class=Response,
    responses={
        200: {"description": "One label, in millimetres.", "content": {label_svg.MEDIA_TYPE: {}}},
        **problems(*_REFUSED, LabelTooSmall),
    },
)
def draw_label(batch: BatchId, asked: Asked, caller: Clerk, station: TheStation) -> Response:
    """Return the label numbered `first`, for the party the codes were issued to or the operator."""
    run = _run(station, caller, batch, asked.model_copy(update={"count": 1}))
    drawing = label_svg.label_svg(run.text, next(run.labels), form_named(asked.form))
    return Response(drawing, media_type=label_svg.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@router.get(
    "/{batch}/labels.pdf",
    summary="Lay labels out as PDF sheets",
    response_class=Response,
    responses={
        200: {"description": "Sheets to print.", "content": {label_pdf.MEDIA_TYPE: {}}},
        **problems(*_REFUSED, TooManyLabels, LabelTooSmall, GlyphsMissing, FontMissing),
    },
)
def lay_out_labels(batch: BatchId, asked: Asked, caller: Clerk, station: TheStation) -> Response:
    """Return at most 2,000 labels on sheets of A4 or a roll, with their font in the file.

    Print them at their true size. Asking prints nothing: say so at /v1/codes/printed.
    """
    run = _run(station, caller, batch, asked)
    if run.count > label_pdf.MOST:
        raise TooManyLabels(most=label_pdf.MOST)
    font = find_font(station.settings.label_font)
    made = datetime.fromtimestamp(station.clock() / 1000, UTC)
    sheets = label_pdf.label_pdf(run.text, run.labels, form_named(asked.form), font, made)
    return Response(
        sheets, media_type=label_pdf.MEDIA_TYPE, headers=_as_file(f"labels-{batch[:12]}-{run.first}.pdf")
    )


@router.get(
    "/{batch}/labels.csv",
    summary="List labels for a printer's own program",
    response_class=StreamingResponse,
    responses={
        200: {"description": "One label a line.", "content": {"text/csv": {}}},
        **problems(*_REFUSED),
    },
)
def list_labels(batch: BatchId, asked: Asked, caller: Clerk, station: TheStation) -> StreamingResponse:
    """Return number, code, printed code, address and PIN of each label, however many there are."""
    run = _run(station, caller, batch, asked)
    return StreamingResponse(
        _lines(run.labels),
        media_type=csv_body.MEDIA_TYPE,
        headers=_as_file(f"labels-{batch[:12]}-{run.first}.csv"),
    )


def _run(station: Station, caller: Caller, batch: str, asked: LabelsAsked) -> PrintRun:
    party = None if Scope.OPERATOR in caller.scopes else caller.party
    if party is None and Scope.OPERATOR not in caller.scopes:
        raise NotYourParty(own="—")
    with station.database.read() as session:
        found = batch_state(session, batch, party)
        return print_run(
            session,
            found,
            station.code_keys,
            station.settings.base_url,
            asked,
            Wanted(first=asked.first, count=asked.count, pins=asked.pins),
        )


def _lines(labels: Iterator[PackLabel]) -> Iterator[bytes]:
    yield csv_body.csv_body(HEADINGS, [])
    while some := list(islice(labels, _LINES)):
        yield csv_body.csv_lines(label_row(label) for label in some)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
