"""What to open in a browser once the city stands: one page of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, select

from api.station import Station
from daodi_city import visitors
from daodi_city.city import City
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.index_life import OFFICIAL
from daodi_city.life_checks import MEDICINE, code_and_pin
from daodi_city.stories import WEEKLY
from priceindex import service
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from trace.coding.code_listing import codes_of_lot
from trace.recalls.recall_tables import RecallRow


@dataclass(frozen=True, slots=True)
class Address:
    """One page to open."""

    key: str
    """Phrase that says what it is."""
    url: str
    pin: str = ""
    """The digits that the page asks for, where it does."""


def addresses_of(city: City, station: Station, base_url: str) -> tuple[Address, ...]:
    """Return what to open, the page of an everyday pack first."""
    with station.database.read() as session:
        paths = list(_paths(city, session, station))
    return tuple(Address(key, f"{base_url}{path}", pin) for key, path, pin in paths)


def _paths(city: City, session: Session, station: Station) -> Iterator[tuple[str, str, str]]:
    copied = _fault(city, FaultKind.COPIED)
    codes = _codes(session, station, copied.lot)
    sealed, pin = code_and_pin(city, session, station)
    recalled = _fault(city, FaultKind.RECALLED)
    yield "open.scan", f"/s/{codes[(copied.pack or 0) + 1]}", ""
    yield "open.pin", f"/s/{sealed}/pin", pin
    yield "open.doubtful", f"/s/{codes[copied.pack or 0]}", ""
    yield "open.recalled", f"/s/{_codes(session, station, recalled.lot)[recalled.pack or 0]}", ""
    yield "open.recall", f"/recalls/{session.exec(select(RecallRow.recall_id)).one()}", ""
    yield "open.lot", f"/lots/{MEDICINE}", ""
    yield "open.party", f"/parties/{city.citizens.slice_makers[0].uscc}", ""
    yield "open.sensor", f"/sensors/{_warm_series(city)}", ""
    newest = service.latest(session, OFFICIAL)
    yield "open.index", "/index", ""
    if newest is not None:
        yield "open.bulletin", f"/index/{newest.release_id}/bulletin", ""
        yield "open.beside", f"/index/{newest.release_id}/comparison", ""
    yield "open.forecast", f"/index/{WEEKLY}/forecast", ""
    yield "open.track", f"/track-record?family={WEEKLY}", ""
    yield "open.warnings", "/warnings", ""
    for one in open_warnings(session, Asking(regulator=False, family=WEEKLY, rule="growth-up"))[:1]:
        yield "open.warning", f"/warnings/{one.warning_id}", ""
    yield "open.governance", "/governance", ""
    yield "open.work", "/workbench", ""
    yield "open.desk", visitors.DESK, ""
    yield "open.stages", "/stages", ""
    yield "open.docs", "/api-docs", ""


def _fault(city: City, kind: FaultKind) -> PlantedFault:
    return next(fault for fault in city.faults if fault.kind is kind)


def _codes(session: Session, station: Station, lot: str | None) -> list[str]:
    return list(codes_of_lot(session, lot or "", station.code_keys))


def _warm_series(city: City) -> str | None:
    """Return the hash of the readings that show the store too warm."""
    warm = _fault(city, FaultKind.TOO_WARM).step
    [sensor] = next(dated.step for dated in city.chapters.steps if dated.step.id == warm).sensors
    return sensor.document
