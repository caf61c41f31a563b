"""Early warning at the edge: families watched after each release and every day, and what people decide.

The look itself is computed beside the writer; what follows from it is written in one transaction.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlmodel import Session, select

from api.callers import Caller
from api.releasing import operator_of
from api.tokens import Scope
from api.warning_facts import facts_of, stocks_of
from ledger.canonical import JsonValue, canonical, parse
from priceindex.calendar import china_day, day_number
from priceindex.families import all_families, family
from priceindex.forecast.track.making import newest_release
from priceindex.releases.release_tables import ReleaseRow
from priceindex.warning.alerts.carrying_out import Look, carry_out
from priceindex.warning.alerts.deciding import Decision
from priceindex.warning.alerts.deciding import decide as decide_about
from priceindex.warning.alerts.digests import missed, send
from priceindex.warning.alerts.entered_lists import (
    GrainPriceNew,
    HealthHerb,
    HealthHerbNew,
    enter_grain_price,
    enter_health_herb,
)
from priceindex.warning.alerts.escalating import escalate
from priceindex.warning.alerts.facts import StocksSeen
from priceindex.warning.alerts.happenings import Happening, Warned
from priceindex.warning.alerts.warning_tables import WarningRow, WarningWatchRow
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import RuleOutcome
from priceindex.warning.watching import watch
from trace.herbs import all_herbs

if TYPE_CHECKING:
    from api.station import Station

READS: Final = frozenset({Scope.WARNINGS_READ, Scope.WARNINGS_DECIDE, Scope.OPERATOR})
"""Who holds one of these sees the warnings of regulators' rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look at one family did."""

    family: str
    release_id: str
    outcomes: tuple[RuleOutcome, ...]
    happened: Mapping[Happening, list[Warned]]


def sees_all(caller: Caller) -> bool:
    """Whether a caller sees warnings of regulators' rules and the sources' shares."""
    return bool(caller.scopes & READS)


def watch_family(station: "Station", family_id: str, stocks: StocksSeen | None = None) -> Looked:
    """Look at a family's newest release by every rule and bring its warnings up to it.

    `stocks` are those of all herbs where they were added up already. Looking again changes nothing, save
    that there may be room to tell more. Raises `UnknownFamily`, `NoReleaseYet`.
    """
    chosen, at_ms, book = family(family_id).id, station.clock(), rule_book()
    with station.database.read() as session:
        known = stocks if stocks is not None else stocks_of(session, at_ms)
        facts = facts_of(session, chosen, at_ms, known)
    watched = watch(facts, book)
    operator = operator_of(station)
    look = Look(
        family=chosen,
        release_id=facts.release_id,
        seen=watched.sightings,
        there=facts.there,
        scored=watched.scored,
        at_ms=at_ms,
        book=book,
        chance=station.randomness,
    )

    def work(session: Session) -> Mapping[Happening, list[Warned]]:
        if newest_release(session, chosen, station.clock()).release_id != facts.release_id:
            return {}  # one was published meanwhile: what an older one says must not undo what it says
        happened = carry_out(session, operator, look)
        _keep(session, facts.release_id, book.sha256, watched.outcomes, at_ms)
        return happened

    happened = station.writer.submit(work)
    return Looked(family=chosen, release_id=facts.release_id, outcomes=watched.outcomes, happened=happened)


def unwatched(session: Session, at_ms: int) -> list[str]:
    """The families whose newest release was not looked at yet today by the rules in force."""
    today, book = day_number(china_day(at_ms)), rule_book()
    newest: dict[str, tuple[int, str]] = {}
    asked = select(ReleaseRow.family, ReleaseRow.ordinal, ReleaseRow.release_id)
    for named, ordinal, release_id in session.exec(asked.where(ReleaseRow.published_ms <= at_ms)):
        newest[named] = max(newest.get(named, (0, "")), (ordinal, release_id))
    known = {each.id for each in all_families()}
    return [
        named
        for named, (_, release_id) in sorted(newest.items())
        if named in known and session.get(WarningWatchRow, (release_id, book.sha256, today)) is None
    ]


def daily(station: "Station") -> tuple[list[Warned], list[date]]:
    """Mark what nobody acknowledged in time and send the digests of the days that are over.

    Returns what was marked, and the days whose digests went out now.
    """
    at_ms, life = station.clock(), rule_book().life
    yesterday = china_day(at_ms) - timedelta(days=1)

    def work(session: Session) -> tuple[list[Warned], list[date]]:
        marked = escalate(session, life, at_ms)
        return marked, [day for day in missed(session, yesterday) if send(session, day, at_ms) is not None]

    return station.writer.submit(work)


def watch_due(station: "Station", resting: Collection[str] = ()) -> list[tuple[str, Exception | None]]:
    """Watch every family whose newest release was not looked at yet today; each with why it was not.

    Families in `resting` wait. Traced stocks are added up once for all of them. A fault in one family, of
    whatever kind, leaves the others watched.
    """
    at_ms = station.clock()
    with station.database.read() as session:
        families = [named for named in unwatched(session, at_ms) if named not in resting]
        stocks = stocks_of(session, at_ms) if families else None
    found: list[tuple[str, Exception | None]] = []
    for named in families:
        try:
            watch_family(station, named, stocks)
        except Exception as fault:  # noqa: BLE001  one family's fault is told to the caller, who logs it
            found.append((named, fault))
        else:
            found.append((named, None))
    return found


def any_warning(session: Session) -> bool:
    """Whether there ever was a warning: without one there is nothing to escalate or to digest."""
    return session.exec(select(WarningRow.warning_id).limit(1)).first() is not None


def decide(station: "Station", warning_id: str, decision: Decision, caller: Caller) -> Warned:
    """Carry out what a caller decided; raises what `priceindex.warning.alerts.deciding.decide` raises."""
    operator, at_ms = operator_of(station), station.clock()
    return station.writer.submit(
        lambda session: decide_about(
            session, operator, warning_id, decision, caller.person.strip(), at_ms, regulator=sees_all(caller)
        )
    )


def list_health_herb(station: "Station", new: HealthHerbNew, person: str) -> list[HealthHerb]:
    """Put a herb on the public-health list or take it off; raises what `enter_health_herb` raises."""
    at_ms, known = station.clock(), {herb.name_zh for herb in all_herbs()}
    return station.writer.submit(lambda session: enter_health_herb(session, new, known, person, at_ms))


def keep_grain_price(station: "Station", new: GrainPriceNew, person: str) -> None:
    """Enter the price of grain in a month."""
    at_ms = station.clock()
    station.writer.submit(lambda session: enter_grain_price(session, new, person, at_ms))


def outcomes_of(session: Session, release_id: str) -> list[RuleOutcome]:
    """How far each rule could judge a release, when it was last looked at; empty where it never was."""
    asked = select(WarningWatchRow).where(WarningWatchRow.release_id == release_id)
    rows = sorted(session.exec(asked), key=lambda row: row.watched_ms)
    if not rows:
        return []
    told = parse(rows[-1].outcome.encode())
    lines = told if isinstance(told, list) else []
    return [RuleOutcome(**line) for line in lines if isinstance(line, dict)]


def _keep(
    session: Session, release_id: str, rules: str, outcomes: tuple[RuleOutcome, ...], at_ms: int
) -> None:
    day = day_number(china_day(at_ms))
    if session.get(WarningWatchRow, (release_id, rules, day)) is not None:
        return
    told: list[JsonValue] = [
        {
            "rule": one.rule,
            "subjects": one.subjects,
            "judged": one.judged,
            "withheld": dict(one.withheld),
        }
        for one in outcomes
    ]
    session.add(
        WarningWatchRow(
            release_id=release_id,
            rules_sha256=rules,
            day=day,
            watched_ms=at_ms,
            outcome=canonical(told).decode(),
        )
    )
    session.flush()
