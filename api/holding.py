"""Holds and recalls at the edge: who asks, written through the one writer, and seen by scans at once."""

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

from api.callers import Caller
from api.errors import NotYourParty
from api.station import Station
from trace.declaring import Declarer
from trace.recalls.closure import lots_under
from trace.recalls.hold_targets import HoldNew
from trace.recalls.hold_world import Role
from trace.recalls.holds import HoldPlaced, ask_to_lift, lift, place_hold
from trace.recalls.persons import Person
from trace.recalls.recall_ending import Closing, acknowledge, ask_to_close, close_recall, recall_row, remind
from trace.recalls.recalls import RecallNew, RecallOpened, open_recall

T = TypeVar("T")


def person_of(caller: Caller) -> Person:
    """Return in which role a caller acts; raises `NotYourParty` for a token bound to no party.

    A regulator's token acts for the regulator, an operator's for the operator, any other for its party.
    """
    name, token = caller.name or "", caller.token or ""
    if caller.regulator:
        return Person(role=Role.REGULATOR, party=caller.party, name=name, token=token)
    if caller.operates:
        return Person(role=Role.OPERATOR, party=None, name=name, token=token)
    if caller.party is None:
        raise NotYourParty(own="—")
    return Person(role=Role.OWNER, party=caller.party, name=name, token=token)


def place(station: Station, new: HoldNew, person: Person) -> HoldPlaced:
    """Place a hold; raises what `trace.recalls.holds.place_hold` raises."""
    keys, at_ms = station.code_keys, station.clock()
    done = station.writer.submit(
        lambda session: place_hold(session, station.recorder.declarer, new, person, keys, at_ms)
    )
    station.invalidation.lots_changed(done.lots)
    return done


def ask_lifting(station: Station, hold_id: str, reason: str, person: Person) -> HoldPlaced:
    """Ask for a hold to be lifted; raises what `trace.recalls.holds.ask_to_lift` raises."""
    at_ms = station.clock()
    return _written(station, lambda session, by: ask_to_lift(session, by, hold_id, reason, person, at_ms))


def lift_hold(station: Station, hold_id: str, person: Person) -> HoldPlaced:
    """Lift a hold; raises what `trace.recalls.holds.lift` raises."""
    at_ms = station.clock()
    done = _written(station, lambda session, by: lift(session, by, hold_id, person, at_ms))
    station.invalidation.lots_changed(done.lots)
    return done


def recall(station: Station, new: RecallNew, person: Person) -> RecallOpened:
    """Open a recall; raises what `trace.recalls.recalls.open_recall` raises."""
    at_ms = station.clock()
    done = _written(station, lambda session, by: open_recall(session, by, new, person, at_ms))
    station.invalidation.lots_changed(done.lots)
    return done


def acknowledge_recall(station: Station, recall_id: str, person: Person) -> tuple[int, str | None]:
    """Acknowledge a recall; raises what `trace.recalls.recall_ending.acknowledge` raises."""
    at_ms = station.clock()
    return _written(station, lambda session, by: acknowledge(session, by, recall_id, person, at_ms))


def remind_holders(station: Station, recall_id: str, person: Person) -> tuple[str, ...]:
    """Remind the late; raises what `trace.recalls.recall_ending.remind` raises."""
    at_ms = station.clock()
    return _written(station, lambda session, by: remind(session, by, recall_id, person, at_ms))


def ask_closing(station: Station, recall_id: str, closing: Closing, report: str, person: Person) -> str:
    """Ask for a recall to be closed; raises what `trace.recalls.recall_ending.ask_to_close` raises."""
    at_ms = station.clock()
    return _written(
        station, lambda session, by: ask_to_close(session, by, recall_id, closing, report, person, at_ms)
    )


def close(
    station: Station, recall_id: str, person: Person, confirmed: Closing | None = None
) -> tuple[str, str]:
    """Close a recall; returns its state then and the statement. Raises what `close_recall` raises."""
    at_ms = station.clock()

    def work(session: Session, by: Declarer) -> tuple[str, str, tuple[str, ...]]:
        statement = close_recall(session, by, recall_id, person, at_ms, confirmed)
        return recall_row(session, recall_id).state, statement, lots_under(session, recall_id)

    state, statement, lots = _written(station, work)
    station.invalidation.lots_changed(lots)
    return state, statement


def _written(station: Station, work: Callable[[Session, Declarer], T]) -> T:
    return station.writer.submit(lambda session: work(session, station.recorder.declarer))
