"""What can be said of a file before anybody waits for it: form, permission, and whom and where it names.

Only what no other row of the file can change is judged here, so that nothing is refused that would have been
written: stock, order and the gates are judged when a row is written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from ledger.clock import Randomness
from ledger.errors import DaodiError, Location
from trace.columns import PARTIES, PLACES, STEPS
from trace.errors import UnknownParty, UnknownPlace
from trace.follow_ons import KeptOut
from trace.imports import allowed, labelled, where_it_stands
from trace.intake import read_step
from trace.read_rows import ReadResult, each_of, placed
from trace.recalls.closure import in_parts
from trace.steps import StepNew
from trace.tables import PartyRow, PlaceRow

Allow = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who and where is registered, or would be by the file itself."""

    parties: frozenset[str]
    places: frozenset[str]


def first_look(session: Session, read: ReadResult, allow: Allow, randomness: Randomness) -> list[DaodiError]:
    """Return what is wrong with the rows of a file that is certain without writing any, in their order.

    `session` may refuse writes. `randomness` stands in for the ids of steps, which are not kept.
    """
    known, kept_out = _known(session, read), KeptOut()
    for row in read.unread:
        kept_out.keep(row.things, row.at)
    faults: list[DaodiError] = list(read.faults)
    for party in read.parties:
        found = _forbidden(allow, "uscc", party.new.uscc)
        faults += placed(labelled(found, PARTIES, party.new), party.at)
    for place in read.places:
        found = _forbidden(allow, "party", place.new.party)
        faults += placed(labelled(found, PLACES, place.new), place.at)
    for step in read.steps:
        found, _ = kept_out.told(_of_step(step.new, known, allow, randomness), step.at)
        faults += placed(labelled(found, STEPS, step.new), step.at)
    return sorted(faults, key=where_it_stands)


def _of_step(new: StepNew, known: _Known, allow: Allow, randomness: Randomness) -> Sequence[DaodiError]:
    return (
        _forbidden(allow, "party", new.party)
        or _raised(lambda: read_step(new, randomness))
        or list(_not_registered(new, known))[:1]
    )


def _forbidden(allow: Allow, field: str, uscc: str) -> Sequence[DaodiError]:
    return _raised(lambda: allowed(allow, field, uscc))


def _raised(judge: Callable[[], object]) -> Sequence[DaodiError]:
    try:
        judge()
    except DaodiError as fault:
        return each_of(fault)
    return ()


def _not_registered(new: StepNew, known: _Known) -> Iterator[DaodiError]:
    for member, uscc in (("party", new.party), ("counterparty", new.counterparty)):
        if uscc is not None and uscc not in known.parties:
            yield UnknownParty(uscc=uscc, at=Location(field=member, value=uscc))
    if new.place not in known.places:
        yield UnknownPlace(place=new.place, at=Location(field="place", value=new.place))


def _known(session: Session, read: ReadResult) -> _Known:
    """Return what is registered of all a file names, and what it registers itself."""
    parties = {row.new.uscc for row in read.parties}
    places = {row.new.place_id for row in read.places}
    named = {uscc for row in read.steps for uscc in (row.new.party, row.new.counterparty) if uscc}
    parties |= set(_registered(session, PartyRow.uscc, named - parties))
    places |= set(_registered(session, PlaceRow.place_id, {row.new.place for row in read.steps} - places))
    return _Known(frozenset(parties), frozenset(places))


def _registered(session: Session, key: str, names: Iterable[str]) -> Iterator[str]:
    for part in in_parts(sorted(names)):
        yield from session.exec(select(key).where(col(key).in_(part)))
