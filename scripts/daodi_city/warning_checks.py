"""Asks the loaded city about its warnings: stories told in time, the quiet left in peace, secrets kept."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

import httpx
import numpy as np
from sqlmodel import Session, func, select
from structlog.testing import capture_logs

from api.app import create_app
from api.station import Station
from daodi_city import stories
from daodi_city.almanac import DAY_MS, LAST_DAY
from daodi_city.city import City
from daodi_city.outcome import Outcome, outcome
from daodi_city.stories import WEEKLY
from daodi_city.warned_life import fridays
from priceindex.calendar import china_day
from priceindex.releases.drafts import Stage, drafts
from priceindex.warning.alerts.happenings import Happening, Reason, Warned
from priceindex.warning.alerts.warning_store import Asking, history, warnings
from priceindex.warning.alerts.warning_tables import WarningDigestRow
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book

BUDGET: Final = 0.15
"""False alarms a herb and year that the bound of the three-month rise was tuned to."""
SURGE: Final = 0.30
"""A rise of so much within half a year is one, by the label the bound was tuned with."""
_FIRST_WEEKS: Final = timedelta(weeks=4)
"""What had begun before the family was first published is in time so long after that."""
_MOST: Final = 10_000
_HALF_A_YEAR: Final = 183
DECIDED: Final = frozenset({Reason.TRUE, Reason.PRICE_ERROR, Reason.POLICY, Reason.SEASONAL})
"""Why the city's regulator closed warnings."""


def look_at_warnings(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Run every check of what was warned of."""
    every = warnings(session, Asking(regulator=True), before=None, limit=_MOST)
    first = fridays(city.panel.herbs)[0]
    for story in stories.told_of(city.panel.herbs):
        yield _in_time(story, max(story.promised, first + _FIRST_WEEKS), every)
    yield _quiet(city, every)
    yield _budget(session, every)
    yield _decided(session, every)
    yield _held(session)
    yield _kept(session, station, every)


def _in_time(story: stories.Story, promised: date, every: list[Warned]) -> Outcome:
    """A story's warning opened after it began and not after the day it was promised for."""
    opened = [
        china_day(one.opened_ms)
        for one in every
        if (one.family, one.key.rule, one.key.level) == (story.family, story.rule, story.level)
        and story.is_of(one.key.node)
    ]
    day = min((day for day in opened if day >= story.begins), default=None)
    rule = rule_book().rule(story.rule)
    return outcome(
        "check.story", "figures.story", passed=day is not None and day <= promised,
        rule=rule.words, node=story.node, opened=day or "-", promised=promised,
    )  # fmt: skip


def _quiet(city: City, every: list[Warned]) -> Outcome:
    """Herbs that did not rise by 30 % within half a year are left in peace, but for the budget."""
    herbs = {grade.herb for grade in city.panel.grades if grade.origin == "甘肃"}
    alarms = [
        one
        for one in every
        if (one.family, one.key.rule, one.key.level) == (WEEKLY, "growth-up", "herb")
        and one.worst >= State.ALERT
    ]
    false = [one for one in alarms if not _surged(city, one.key.node, one.opened_ms)]
    years = len(herbs) * (LAST_DAY - fridays(city.panel.herbs)[0]).days / 365.25
    return outcome(
        "check.quiet", "figures.quiet", passed=len(false) <= BUDGET * years,
        alarms=len(alarms), false=len(false), years=f"{years:.1f}", rate=f"{len(false) / years:.2f}",
        budget=BUDGET,
    )  # fmt: skip


def _surged(city: City, herb: str, opened_ms: int) -> bool:
    """Whether the boards' mean price of a herb rose by a surge within half a year of the warning's day."""
    rows = [row for row, grade in enumerate(city.panel.grades) if grade.herb == herb]
    mean = np.exp(np.log(city.panel.fen_per_kg[rows]).mean(axis=0))
    day = city.panel.days.index(min(china_day(opened_ms), LAST_DAY))
    span = mean[max(day - _HALF_A_YEAR, 0) : day + _HALF_A_YEAR]
    return bool((span / np.minimum.accumulate(span)).max() >= 1.0 + SURGE)


def _budget(session: Session, every: list[Warned]) -> Outcome:
    """In no seven days were more told than the rules allow, crises in a room of their own.

    What a decision told does not count: somebody knew of it.
    """
    events = [[each.event for each in history(session, one.warning_id)] for one in every]
    decided = {event.at_ms for of_one in events for event in of_one if event.by_name is not None}
    told = [
        event
        for of_one in events
        for event in of_one
        if event.kind is Happening.TOLD and event.at_ms not in decided
    ]
    crises = _most_in_a_week([event.at_ms for event in told if event.state is State.CRISIS])
    others = _most_in_a_week([event.at_ms for event in told if event.state is not State.CRISIS])
    allowed = rule_book().life.told_per_week
    return outcome(
        "check.told", "figures.told", passed=bool(told) and max(crises, others) <= allowed,
        opened=len(every), told=len(told), crises=crises, others=others, allowed=allowed,
    )  # fmt: skip


def _most_in_a_week(moments: list[int]) -> int:
    """The most moments in any seven days.

    >>> _most_in_a_week([0, 1, 7 * DAY_MS])
    2
    """
    return max((sum(since <= at < since + 7 * DAY_MS for at in moments) for since in moments), default=0)


def _decided(session: Session, every: list[Warned]) -> Outcome:
    """The regulator acknowledged, explained, closed; what it left lay until it was marked; digests went."""
    reasons = {one.reason for one in every if one.reason is not None}
    marked = [one for one in every if one.escalated_ms is not None]
    kinds = {each.event.kind for one in every for each in history(session, one.warning_id)}
    digests = session.exec(select(func.count()).select_from(WarningDigestRow)).one()
    people = {Happening.ACKNOWLEDGED, Happening.EXPLAINED, Happening.CLOSED}
    return outcome(
        "check.decided", "figures.decided",
        passed=reasons >= DECIDED and bool(marked) and people <= kinds and digests > 0,
        closed=sum(one.reason is not None for one in every), marked=len(marked), digests=digests,
        reasons=lambda language: "、".join(each.words(language) for each in Reason if each in reasons),
    )  # fmt: skip


def _held(session: Session) -> Outcome:
    """With the switch on, a release that one source dominates waited for the second person."""
    held = [each for each in drafts(session, family=WEEKLY) if each.held is not None]
    return outcome(
        "check.held", "figures.held",
        passed=bool(held) and all(each.stage is Stage.PUBLISHED for each in held),
        words=lambda language: held[0].held.words(language) if held and held[0].held else "-",
    )  # fmt: skip


def _kept(session: Session, station: Station, every: list[Warned]) -> Outcome:
    """What only regulators see is on no public route: neither the warnings, nor who moved a price."""
    own = [one for one in every if one.visible != "public"]
    public = warnings(session, Asking(regulator=False), before=None, limit=_MOST)
    paths = ["/v1/warnings?which=all&limit=100", "/v1/warnings?limit=100", "/warnings", "/v1/warnings/digest"]
    paths += [f"/v1/warnings/{one.warning_id}" for one in (*own, *public[:20])]
    paths += [f"/warnings/{one.warning_id}" for one in own[:5]]
    with capture_logs():  # nobody asked for a line about each of them
        answers = asyncio.run(_asked(station, paths))
    secret = {one.warning_id for one in own} | {each for one in own for each in _sources(session, one)}
    leaked = [
        path
        for path, (status, body) in answers.items()
        if status == HTTPStatus.OK and any(word in body for word in secret)
    ]
    hidden = {
        path for one in own for path in (f"/v1/warnings/{one.warning_id}", f"/warnings/{one.warning_id}")
    }
    return outcome(
        "check.kept", "figures.kept",
        passed=bool(own) and not leaked
        and all((status == HTTPStatus.OK) is (path not in hidden) for path, (status, _) in answers.items()),
        own=len(own), asked=len(paths), leaked=len(leaked),
    )  # fmt: skip


def _sources(session: Session, one: Warned) -> Iterator[str]:
    """The private evidence of a regulator's warning, as it is stored."""
    for each in history(session, one.warning_id):
        if each.evidence_private is not None:
            yield each.evidence_private


async def _asked(station: Station, paths: list[str]) -> dict[str, tuple[int, str]]:
    """Ask the service without a token; (status, body) by path."""
    transport = httpx.ASGITransport(app=create_app(station))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answers = [await client.get(path) for path in paths]
    return {path: (each.status_code, each.text) for path, each in zip(paths, answers, strict=True)}
