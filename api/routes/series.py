"""Sensor series: what a raw file sums up to, as JSON and as a page with its drawing."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from api.callers import Anyone, TheStation, Visitor
from api.documents import reader_of, statements
from api.errors import TokenRefused
from api.languages import language_of
from api.problems import problems
from api.routes.documents import Sha256
from api.routes.pages import PAGE
from api.station import Station
from api.web.series_chart import SeriesDrawing, draw_series
from api.web.site import page
from api.web.words import words_in
from trace.documents.document_errors import UnknownDocument
from trace.documents.document_reading import PUBLIC, Reader
from trace.documents.references import SHA256
from trace.events import iso_time
from trace.sensors.sensing import Quantity
from trace.sensors.sensor_rules import has_gap
from trace.sensors.series import Summary
from trace.sensors.series_reading import series_stated

router = APIRouter(tags=["documents"])

_SIGNS = {Quantity.TEMPERATURE: "℃", Quantity.HUMIDITY: "%", Quantity.ILLUMINANCE: "lx"}


class SeriesWindow(BaseModel):
    """What the readings of one stretch come to."""

    start: str
    least: str
    most: str
    mean: str
    count: int


class SeriesAnswer(BaseModel):
    """What a raw series sums up to: exact decimals as text."""

    sha256: str
    quantity: str = Field(description="Measurement type of CBV 2.0.")
    uom: str = Field(description="UN/ECE Recommendation 20.")
    start: str
    end: str
    least: str
    most: str
    mean: str = Field(description="To four decimals, half to even.")
    sdev: str = Field(description="Over all readings, divided by their count.")
    count: int
    longest_gap_ms: int
    has_gap: bool = Field(description="Whether the longest gap is over ten times the mean interval.")
    window_ms: int
    windows: list[SeriesWindow]


@router.get(
    "/v1/series/{sha256}",
    summary="Read the sums of a sensor series",
    response_model=SeriesAnswer,
    responses=problems(TokenRefused, UnknownDocument),
)
def series(sha256: Sha256, caller: Visitor, station: TheStation) -> SeriesAnswer:
    """Return what a raw series sums up to; a step may repeat these very values with the hash."""
    found = _summary(station, sha256, reader_of(caller))
    offset = found.offset_minutes
    return SeriesAnswer(
        sha256=sha256,
        quantity=found.quantity.value,
        uom=found.quantity.uom,
        start=iso_time(found.start_ms, offset),
        end=iso_time(found.end_ms, offset),
        least=found.least,
        most=found.most,
        mean=found.mean,
        sdev=found.sdev,
        count=found.count,
        longest_gap_ms=found.gap_ms,
        has_gap=has_gap(found),
        window_ms=found.window_ms,
        windows=[
            SeriesWindow(
                start=iso_time(each.start_ms, offset),
                least=each.least,
                most=each.most,
                mean=each.mean,
                count=each.count,
            )
            for each in found.windows
        ],
    )


@router.api_route("/sensors/{sha256}", methods=PAGE, include_in_schema=False)
def series_page(
    sha256: Annotated[str, Path(max_length=10_000)],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    station: TheStation,
) -> Response:
    """Draw a public series; 404 for every other."""
    try:
        if not SHA256.fullmatch(sha256):
            raise UnknownDocument(sha256=sha256[:64])
        found = _summary(station, sha256, PUBLIC)
    except UnknownDocument:
        return page(request, "no_series.html", status=404)
    language = language_of(request)
    name, unit = found.quantity.words(language), _SIGNS[found.quantity]
    first, last = (
        iso_time(at_ms, found.offset_minutes)[:16].replace("T", " ")
        for at_ms in (found.start_ms, found.end_ms)
    )
    words = words_in(language)
    drawing = SeriesDrawing(
        title=words("series.title", quantity=name),
        description=words("series.lead", count=str(found.count), first=first, last=last),
        windows=found.windows,
        window_ms=found.window_ms,
        unit=unit,
        first=first,
        last=last,
    )
    parts = {
        "quantity": name,
        "unit": unit,
        "summary": found,
        "first": first,
        "last": last,
        "gap": has_gap(found),
        "sha256": sha256,
        "drawing": Markup(draw_series(drawing)),  # noqa: S704  every text in it is escaped there
    }
    return page(request, "series.html", parts=parts)


def _summary(station: Station, sha256: str, reader: Reader) -> Summary:
    known = statements(station, sha256, reader)
    with station.database.read() as session:
        found = series_stated(session, [each.statement_id for each in known])
    if found is None:
        raise UnknownDocument(sha256=sha256)
    return found
