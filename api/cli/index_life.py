"""`daodi index standing|calendar|triangle|notices`: what a family is, when it is due, how it was revised."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment
from api.cli.index import FAMILY, Family, day, index
from api.cli.index_work import moment, send

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.cli.screen import Screen
    from api.station import Station
    from priceindex.releases.persons import Person

_DUE_SHOWN: Final = 31

Token = Annotated[Path | None, typer.Option("--token-file", help="option.token_file")]
Why = Annotated[str | None, typer.Option("--reason", help="option.index.reason")]


@index.command("standing", help="help.index.standing")
def standing(
    context: typer.Context,
    family: Family = FAMILY,
    to: Annotated[str | None, typer.Option("--to", help="option.index.to")] = None,
    reason: Why = None,
    token_file: Token = None,
) -> None:
    """Show what a family is and was, or declare what it becomes."""
    screen = context.obj
    if to is not None:
        _declare(screen, family, to, _required(reason), token_file)
        return
    from api.clock import system_clock
    from priceindex.families import family as family_named
    from priceindex.releases.standing import standing_of, standings

    family_named(family)
    with deployment.reading(deployment.settings()) as session:
        now_ms = system_clock()
        newest, before = standing_of(session, family, now_ms), standings(session, family, now_ms)
    screen.table(
        ("head.standing", "head.since", "head.why"),
        (
            (each.standing.words(screen.language), moment(each.since_ms), each.reason)
            for each in (before or [newest])
        ),
        title=family,
    )


def _declare(screen: "Screen", family: str, to: str, reason: str, token_file: Path | None) -> None:
    from priceindex.releases.standing import Standing

    words = {each.value: each for each in Standing}
    if to not in words:
        raise typer.BadParameter(", ".join(words), param_hint="--to")

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.releasing import declare
        from api.routes.release_life_answer import StandingAnswer

        return StandingAnswer.of(declare(station, family, words[to], reason, person), screen.language)

    body = {"standing": to, "reason": reason}
    answer = send(screen, f"/v1/families/{family}/standing", body, token_file, here)
    name, since = answer["standing"]["name"], answer["since"]
    screen.show("index.standing_is", family=family, standing=name, since=since, reason=answer["reason"])


def _required(reason: str | None) -> str:
    if reason is None:
        raise typer.BadParameter("--reason", param_hint="--reason")
    return reason


@index.command("calendar", help="help.index.calendar")
def calendar(
    context: typer.Context,
    family: Family = FAMILY,
    close: Annotated[
        list[str] | None, typer.Option("--close", help="option.index.close", metavar="YYYY-MM-DD")
    ] = None,
    reason: Why = None,
    token_file: Token = None,
) -> None:
    """Show when releases are due, a year ahead; or enter days on which nothing is published."""
    screen = context.obj
    if close:
        _close(screen, close, _required(reason), token_file)
        return
    from api.clock import system_clock
    from priceindex.calendar import china_day
    from priceindex.families import family as family_named
    from priceindex.releases.publication_calendar import AHEAD_DAYS, closed_days, due_moments

    chosen, today = family_named(family), china_day(system_clock())
    with deployment.reading(deployment.settings()) as session:
        closed = closed_days(session)
    found = due_moments(chosen.publication, today, today + timedelta(days=AHEAD_DAYS), closed)
    screen.table(
        ("head.period", "head.public_at", "head.moved", "head.why"),
        (
            (
                str(each.first) if each.first == each.last else f"{each.first} – {each.last}",
                moment(each.due_ms),
                "" if each.moved_from is None else str(each.moved_from),
                each.reason,
            )
            for each in found[:_DUE_SHOWN]
        ),
        title=screen.words("index.calendar_title", family=chosen.words(screen.language)),
    )
    if len(found) > _DUE_SHOWN:
        screen.remark("index.calendar_more", count=len(found) - _DUE_SHOWN)


def _close(screen: "Screen", close: list[str], reason: str, token_file: Path | None) -> None:
    days = [each for each in map(day, close) if each is not None]

    def here(station: "Station", person: "Person") -> "BaseModel":
        from api.releasing import close_days
        from api.routes.family_standing import ClosedAnswer
        from priceindex.releases.publication_calendar import closed_days

        close_days(station, days, reason, person)
        with station.database.read() as session:
            return ClosedAnswer(days=closed_days(session))

    body = {"days": [each.isoformat() for each in days], "reason": reason}
    answer = send(screen, "/v1/closed-days", body, token_file, here)
    screen.show("index.closed", count=len(answer["days"]))


@index.command("triangle", help="help.index.triangle")
def triangle(
    context: typer.Context,
    family: Family = FAMILY,
    level: Annotated[str, typer.Option("--level", help="option.index.level")] = "composite",
    node: Annotated[str, typer.Option("--node", help="option.index.node")] = "all",
    frequency: Annotated[str, typer.Option("--frequency", help="option.index.frequency")] = "day",
    last: Annotated[int, typer.Option("--last", min=1, max=400, help="option.index.last")] = 12,
) -> None:
    """Show how the last values changed from release to release."""
    from priceindex import service
    from priceindex.releases.series import FREQUENCIES

    screen = context.obj
    every = next((each for each in FREQUENCIES if each == frequency), None)
    if every is None:
        raise typer.BadParameter(", ".join(FREQUENCIES), param_hint="--frequency")
    with deployment.reading(deployment.settings()) as session:
        found = service.triangle(session, family, level, node, every, last)
    rows = zip(found.periods, found.values, found.revisions, strict=True)
    screen.table(
        ("head.period", "head.first_said", "head.newest_said", "head.revised_by", "head.vintages"),
        (
            (str(period), *_ends(values), _signed(revision), str(_vintages(values)))
            for period, values, revision in rows
        ),
        title=screen.words("index.triangle_title", family=family, node=node),
    )
    screen.show(
        "index.triangle_mean",
        mean=_places(found.mean_absolute_revision),
        lean=_signed(found.mean_revision),
        count=len(found.periods),
    )


def _ends(values: tuple[Decimal | None, ...]) -> tuple[str, str]:
    told = [each for each in values if each is not None]
    return (_places(told[0]), _places(told[-1])) if told else ("", "")


def _vintages(values: tuple[Decimal | None, ...]) -> int:
    """How often a value was said anew."""
    told = [each for each in values if each is not None]
    return len(told[:1]) + sum(one != other for one, other in pairwise(told))


def _places(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _signed(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:+.4f}"


@index.command("notices", help="help.index.notices")
def notices(
    context: typer.Context,
    family: Annotated[str | None, typer.Option("--family", help="option.family")] = None,
) -> None:
    """List what was found wrong with published values."""
    from api.clock import system_clock
    from priceindex.releases.notices import notices as found_in

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = found_in(session, family, as_of_ms=system_clock())
    if not found:
        screen.remark("index.notices_none")
        return
    screen.table(
        (
            "head.release",
            "head.node",
            "head.days",
            "head.wrong",
            "head.corrected",
            "head.why",
            "head.published",
        ),
        (
            (
                each.release_id,
                each.node,
                f"{each.first_day} – {each.last_day}",
                _places(each.wrong),
                _places(each.corrected),
                each.reason,
                moment(each.at_ms),
            )
            for each in found
        ),
    )
