"""Puts a city into a service through the front door: recorder, intake, sequencer, publication.

Nothing is written past the product's own rules; only the clock is the city's. Steps go to the writer in
groups, as many waiting requests would.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol

from sqlmodel import Session, col, select

from api.index_runs import known_names, publish_run
from api.station import Station
from daodi_city.almanac import at_ms
from daodi_city.city import City
from daodi_city.pen import DatedStep
from daodi_city.scanning import PackScan
from priceindex.intake import IntakeReport, take_in
from priceindex.quotes import Quote
from priceindex.service import Release
from trace.scans import Scan, add_scans
from trace.tables import CodeRow

SOURCE = "demo-city"
"""Name of the quotes' source: whoever reads a quote sees that it is made up."""
FAMILIES = ("herbs", "herbs-turnover")
_GROUP = 256


class Bars(Protocol):
    """Shows how far the work is."""

    def bar(self, key: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a bar named by a phrase; the call it gives adds to it."""


class CityClock:
    """The city's own time, set by the loader; reads like any clock."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        """Return epoch milliseconds."""
        return self.now_ms


def load(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Load `city` into the founded, empty service of `station`, which must read `clock`."""
    _register(city, station, bars)
    _record(city, station, bars)
    _settle(station, bars)
    _take_in_quotes(city, station, bars)
    _add_scans(city, station, bars)
    _publish(city, station, clock, bars)
    _settle(station, bars)


def _register(city: City, station: Station, bars: Bars) -> None:
    households = city.citizens.all()

    def work(session: Session) -> None:
        for household in households:
            station.recorder.register_party(session, household.party, city.founded_ms)
            for place in household.places:
                station.recorder.register_place(session, place, city.founded_ms)
            advance(1)

    with bars.bar("bar.parties", len(households)) as advance:
        station.writer.submit(work)


def _record(city: City, station: Station, bars: Bars) -> None:
    def work_of(group: Sequence[DatedStep]) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            for dated in group:
                station.recorder.record_step(session, dated.step, dated.recorded_ms)

        return work

    with bars.bar("bar.steps", len(city.seasons.steps)) as advance:
        for group in _groups(city.seasons.steps):
            station.writer.submit(work_of(group))
            advance(len(group))
    roll = city.roll
    station.writer.submit(
        lambda session: station.recorder.issue_codes(session, roll.party, roll.count, roll.issued_ms)
    )


def _groups(steps: Sequence[DatedStep]) -> Iterator[Sequence[DatedStep]]:
    for start in range(0, len(steps), _GROUP):
        yield steps[start : start + _GROUP]


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
    with station.database.read() as session:
        codes = {lot.lot: codes_of(session, lot.lot) for lot in city.seasons.packed}
        roll = roll_codes(session, city)
    scans = [_scan(each, codes[each.lot] if each.lot else roll) for each in city.scans]
    with bars.bar("bar.scans", len(scans)) as advance:
        station.writer.submit(lambda session: add_scans(session, scans))
        advance(len(scans))


def _scan(planned: PackScan, codes: Sequence[str]) -> Scan:
    return Scan(code=codes[planned.pack], at_ms=planned.at_ms, city=planned.city, device=planned.device)


def codes_of(session: Session, lot: str) -> list[str]:
    """Return the codes of a lot's packs in the order of their serials."""
    return list(session.exec(select(CodeRow.code).where(CodeRow.lot_id == lot).order_by(col(CodeRow.serial))))


def roll_codes(session: Session, city: City) -> list[str]:
    """Return the codes of the roll that no pack carries, in the order of their serials."""
    idle = select(CodeRow.code).where(CodeRow.status == "reserved").order_by(col(CodeRow.serial))
    return list(session.exec(idle))[: city.roll.count]


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
