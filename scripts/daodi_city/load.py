"""Puts a city into a service through the front door: recorder, intake, sequencer, publication.

Nothing is written past the product's own rules; only the clock is the city's. Steps go to the writer in
groups, as many waiting requests would.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlmodel import Session

from api.index_runs import known_names, publish_run
from api.station import Station
from daodi_city.almanac import at_ms
from daodi_city.bars import Bars
from daodi_city.city import City
from daodi_city.recording import record, register
from daodi_city.scanning import PackScan
from daodi_city.town import CityClock, roll_codes
from priceindex.intake.taking_in import IntakeReport, take_in
from priceindex.quotes import Quote
from priceindex.service import Release
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_lot
from trace.coding.trace_code import decode
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan

SOURCE = "demo-city"
"""Name of the quotes' source: whoever reads a quote sees that it is made up."""
FAMILIES = ("herbs", "herbs-turnover")


def load(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Load `city` into the founded, empty service of `station`, which must read `clock`."""
    register(city, station, bars)
    record(city, station, clock, bars)
    _settle(station, bars)
    _take_in_quotes(city, station, bars)
    _add_scans(city, station, bars)
    _publish(city, station, clock, bars)
    _settle(station, bars)


def _settle(station: Station, bars: Bars) -> None:
    with bars.bar("bar.log", 1) as advance:
        station.settle()
        advance(1)


def _take_in_quotes(city: City, station: Station, bars: Bars) -> None:
    """Take in one month at a time, recorded on its last evening, as a monthly feed would be."""

    def work_of(quotes: Sequence[Quote], recorded_ms: int) -> Callable[[Session], IntakeReport]:
        return lambda session: take_in(session, quotes, SOURCE, recorded_ms, known=known_names())

    with bars.bar("bar.quotes", city.panel.fen_per_kg.size) as advance:
        for month_end, quotes in _by_month(city):
            station.writer.submit(work_of(quotes, at_ms(month_end, 19)))
            advance(len(quotes))


def _by_month(city: City) -> Iterator[tuple[date, list[Quote]]]:
    """Yield the last day of each month with all its quotes."""
    panel = city.panel
    months = dict.fromkeys((day.year, day.month) for day in panel.days)
    for month in months:
        columns = [place for place, day in enumerate(panel.days) if (day.year, day.month) == month]
        board = panel.fen_per_kg[:, columns].tolist()
        yield (
            panel.days[columns[-1]],
            [
                Quote(
                    herb=grade.herb,
                    grade=grade.name,
                    origin=grade.origin,
                    market=market,
                    day=panel.days[column],
                    fen_per_kg=fen,
                    source=SOURCE,
                )
                for grade, market, series in zip(panel.grades, panel.markets, board, strict=True)
                for column, fen in zip(columns, series, strict=True)
            ],
        )


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


def _publish(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Publish each family at the ends of the last months."""
    ends = _month_ends(city)[-city.published_months :]
    with bars.bar("bar.releases", len(ends) * len(FAMILIES)) as advance:
        for end in ends:
            clock.now_ms = at_ms(end, 20)
            for family in FAMILIES:
                publish_run(station, family, end)
                advance(1)


def _month_ends(city: City) -> list[date]:
    last = {(day.year, day.month): day for day in city.panel.days}
    return list(last.values())


def releases(station: Station) -> list[Release]:
    """Return every release the city published, newest first."""
    from priceindex import service

    with station.database.read() as session:
        return service.releases(session)
