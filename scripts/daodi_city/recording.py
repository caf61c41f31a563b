"""Registers the parties with their papers, and records what they did: steps in groups, acts in between."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from api.station import Station
from daodi_city.bars import Bars
from daodi_city.city import City
from daodi_city.pen import DatedStep
from daodi_city.town import CityClock, Town
from trace.registers.licences import register_licence
from trace.registers.outlines import outline_place
from trace.registers.staff import register_staff
from trace.supervision.trade_register import enter_all

_GROUP = 256


def register(city: City, station: Station, bars: Bars) -> None:
    """Register every party and place, their papers, and the register of the trade."""
    households = city.citizens.all()

    def work(session: Session) -> None:
        for household in households:
            station.recorder.register_party(session, household.party, city.founded_ms)
            for place in household.places:
                station.recorder.register_place(session, place, city.founded_ms)
            advance(1)
        _file_papers(city, station, session)

    with bars.bar("bar.parties", len(households)) as advance:
        station.writer.submit(work)


def _file_papers(city: City, station: Station, session: Session) -> None:
    papers, declarer, at_ms = city.papers, station.recorder.declarer, city.founded_ms
    for uscc, licence in papers.licences:
        register_licence(session, declarer, uscc, licence, at_ms)
    for uscc, somebody in papers.staff:
        register_staff(session, declarer, uscc, somebody, at_ms)
    field = papers.outlined
    outline_place(session, declarer, field.place, papers.outline, at_ms=at_ms, by=field.uscc)
    enter_all(session, declarer, papers.trade, city.citizens.regulator.uscc, at_ms)


def record(city: City, station: Station, clock: CityClock, bars: Bars) -> None:
    """Record every step and do every act, in the order of their moments."""
    town = Town(station=station, clock=clock, rolls=city.rolls, boxes=city.chapters.boxes)
    acts = sorted((*city.chapters.acts, city.spare), key=lambda act: act.at_ms)
    steps = city.steps
    done = 0
    with bars.bar("bar.steps", len(steps)) as advance:
        for act in acts:
            until = bisect_right(steps, act.at_ms, lo=done, key=lambda dated: dated.recorded_ms)
            _record_steps(town, steps[done:until], advance)
            act.do(town)
            done = until
        _record_steps(town, steps[done:], advance)
    clock.now_ms = city.now_ms


def _record_steps(town: Town, steps: Sequence[DatedStep], advance: Callable[[int], None]) -> None:
    for group in _groups(steps):
        town.write(_recording(town, group))
        advance(len(group))


def _recording(town: Town, group: Sequence[DatedStep]) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        for dated in group:
            town.station.recorder.record_step(session, town.spelt(session, dated), dated.recorded_ms)

    return work


def _groups(steps: Sequence[DatedStep]) -> Iterator[Sequence[DatedStep]]:
    for start in range(0, len(steps), _GROUP):
        yield steps[start : start + _GROUP]
