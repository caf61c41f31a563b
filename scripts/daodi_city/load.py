"""Puts a city into a service through the front door: recorder, intake, sequencer, publication.

Nothing is written past the product's own rules; only the clock is the city's. Steps go to the writer in
groups, as many waiting requests would.
"""

from collections.abc import Sequence

from api.station import Station
from daodi_city.bars import Bars
from daodi_city.city import City
from daodi_city.recording import record, register
from daodi_city.scanning import PackScan
from daodi_city.town import CityClock, Town, roll_codes
from daodi_city.visitors import welcome
from priceindex import service
from priceindex.service import Release
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_lot
from trace.coding.trace_code import decode
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan


def load(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Load `city` into the founded, empty service of `station`, which must read `clock`."""
    register(city, station, bars)
    record(city, station, clock, bars)
    _settle(station, bars)
    _live_prices(city, station, clock, bars)
    _add_scans(city, station, bars)
    welcome(station, city.citizens)
    _settle(station, bars)


def _settle(station: Station, bars: Bars) -> None:
    with bars.bar("bar.log", 1) as advance:
        station.settle()
        advance(1)


def _live_prices(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Collect prices and publish indices, each act at its own moment."""
    town = Town(station=station, clock=clock, rolls=city.rolls, boxes=city.chapters.boxes)
    with bars.bar("bar.prices", len(city.price_acts)) as advance:
        for act in city.price_acts:
            clock.now_ms = act.at_ms
            act.do(town)
            advance(1)
    clock.now_ms = city.now_ms


def _add_scans(city: City, station: Station, bars: Bars) -> None:
    keys = station.code_keys
    with station.database.read() as session:
        codes = {lot.lot: list(codes_of_lot(session, lot.lot, keys)) for lot in city.packed}
        codes |= {roll.name: roll_codes(session, roll, keys) for roll in city.rolls}
    scans = [_scan(each, codes[each.lot or each.roll or ""], keys) for each in city.scans]
    with bars.bar("bar.scans", len(scans)) as advance:
        station.writer.submit(lambda session: add_scans(session, scans))
        advance(len(scans))


def _scan(planned: PackScan, codes: Sequence[str], code_keys: CodeKeys) -> Scan:
    return Scan(
        serial=decode(codes[planned.pack], code_keys),
        at_ms=planned.at_ms,
        city=planned.city,
        device=planned.device,
        network=planned.device,  # every phone of the city has its own connection
    )


def releases(station: Station) -> list[Release]:
    """Return every release the city published, newest first."""
    with station.database.read() as session:
        return service.releases(session)
