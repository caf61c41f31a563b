"""Releases at the edge: who acts, written through the one writer under the operator's key."""

from datetime import date

from sqlmodel import Session

from api import operator_token
from api.callers import Caller
from api.index_runs import compute_run
from api.station import Station
from api.web.conditional import Check
from priceindex.families import family
from priceindex.governance.stating import Operator
from priceindex.releases import drafts, notices, publication_calendar, publishing, standing
from priceindex.releases.dominance import dominant
from priceindex.releases.drafts import Draft
from priceindex.releases.notices import Notice, NoticeNew
from priceindex.releases.persons import Person
from priceindex.releases.release import Release
from priceindex.releases.standing import Standing, StandingLine
from priceindex.service import IndexRun


def person_of(caller: Caller) -> Person:
    """Return who acts: the name its token was issued under, and the token's prefix.

    The token a running service leaves for its own console is the console: one person, whether the
    service runs or not.
    """
    if caller.operates and (caller.name or "").startswith(operator_token.SERVICE):
        return publishing.CONSOLE
    return Person(caller.name or "", caller.token or "")


def operator_of(station: Station) -> Operator:
    """Return who signs what is stated: the service's log and its newest key."""
    return Operator(station.settings.origin, station.key)


def computed(station: Station, family_id: str, until: date | None) -> IndexRun:
    """Compute a family from what is known now; raises what `compute_run` raises."""
    as_of_ms = station.clock()
    with station.database.read() as session:
        return compute_run(session, station.vault, family_id, until, as_of_ms, station.kept_runs)


def release_or_make(
    station: Station, family_id: str, until: date | None, person: Person, reason: str | None = None
) -> Release | Draft:
    """Compute a family and publish it; where two persons are needed, make a draft for the second.

    Two are needed where the family's text says so, and where one source dominates and the settings hold such.

    Raises what computing and `priceindex.releases.publishing.publish` raise.
    """
    run, at_ms = computed(station, family_id, until), station.clock()
    operator = operator_of(station)
    with station.database.read() as session:
        status = standing.publishable_status(session, run.family.id, at_ms)
    held = dominant(run) if station.settings.hold_dominated_releases else None
    if held is not None or publishing.needs_second_person(run, status):
        return station.writer.submit(
            lambda session: drafts.make(session, run, person, at_ms, reason=reason, held=held)
        )
    return station.writer.submit(
        lambda session: publishing.publish(
            session, run, operator.origin, operator.key, at_ms, reason=reason, person=person
        )
    )


def approve(
    station: Station, release_id: str, values_sha256: str, person: Person
) -> tuple[Draft, Release | None]:
    """Approve a draft; raises what `priceindex.releases.drafts.approve` raises."""
    operator, at_ms = operator_of(station), station.clock()
    return station.writer.submit(
        lambda session: drafts.approve(session, operator, release_id, values_sha256, person, at_ms)
    )


def refuse(station: Station, release_id: str, reason: str, person: Person) -> Draft:
    """Send a draft back; raises what `priceindex.releases.drafts.refuse` raises."""
    operator, at_ms = operator_of(station), station.clock()
    return station.writer.submit(
        lambda session: drafts.refuse(session, operator, release_id, reason, person, at_ms)
    )


def declare(
    station: Station,
    family_id: str,
    declared: Standing,
    reason: str,
    person: Person,
    *,
    check: Check = lambda _: None,
) -> StandingLine:
    """Declare a family's standing; raises `UnknownFamily` and what `check` and `standing.declare` raise."""
    operator, at_ms, chosen = operator_of(station), station.clock(), family(family_id)

    def work(session: Session) -> StandingLine:
        check(session)
        return standing.declare(session, operator, chosen, declared, reason, person, at_ms)

    return station.writer.submit(work)


def announce(station: Station, release_id: str, new: NoticeNew, person: Person) -> Notice:
    """Publish a notice about a release; raises what `notices.announce` raises."""
    operator, at_ms = operator_of(station), station.clock()
    return station.writer.submit(
        lambda session: notices.announce(session, operator, release_id, new, person, at_ms)
    )


def close_days(station: Station, days: list[date], reason: str, person: Person) -> None:
    """Enter days on which nothing is published."""
    at_ms = station.clock()
    station.writer.submit(
        lambda session: publication_calendar.close_days(session, days, reason, person, at_ms)
    )
