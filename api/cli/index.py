"""`daodi index`: compute, publish, verify and list price index releases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.errors import DateWrong, ProofFailed
from ledger.errors import Location

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.settings import Settings
    from priceindex.releases.exclusions import Exclusion
    from priceindex.releases.series import Series

FAMILY: Final = "bozhou"
"""The family that needs no more than one market's quotes."""

_HERBS_NAMED: Final = 5
"""Herbs named of those whose quotes were left out; the bundle lists every quote."""

index = typer.Typer(help="help.index")
Family = Annotated[str, typer.Option("--family", help="option.family")]
Until = Annotated[str | None, typer.Option("--until", help="option.until", metavar="YYYY-MM-DD")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(index, name="index")


@index.command("compute", help="help.index.compute")
def compute(context: typer.Context, family: Family = FAMILY, until: Until = None) -> None:
    """Compute an index from the quotes here, show its newest values, write nothing."""
    from api.clock import system_clock, system_randomness
    from api.index_runs import compute_run
    from api.vault_keys import open_vault

    screen = context.obj
    last = day(until)
    chosen = deployment.settings()
    vault = open_vault(chosen.keys_folder, system_randomness)
    with deployment.reading(chosen) as session, screen.progress("index.computing"):
        run = compute_run(session, vault, family, last, system_clock())
    series = run.all_series()
    through = series[0].last.day
    screen.table(
        ("head.level", "head.node", "head.index", "head.coverage", "head.imputed"),
        (_line(each, screen) for each in series),
        title=screen.words("index.title", family=run.family.words(screen.language), through=through),
    )
    _show_left_out(screen, [_left_out(each, screen) for each in run.exclusions])


@index.command("publish", help="help.index.publish")
def publish(context: typer.Context, family: Family = FAMILY, until: Until = None) -> None:
    """Compute and publish; the digest of inputs and values is in the log when this ends."""
    screen = context.obj
    chosen = deployment.settings()
    last = day(until)
    address = deployment.running(chosen)
    with screen.progress("index.publishing"):
        if address is None:
            published = _publish_here(screen, chosen, family, last)
        else:
            published = _hand_over(screen, chosen, address, family, last)
    screen.show("index.published", release=published.release, value=published.value)
    screen.show("index.statement", statement=published.statement)
    _show_left_out(screen, published.left_out)


@index.command("verify", help="help.index.verify")
def verify(context: typer.Context, release: Annotated[str, typer.Argument(help="option.release")]) -> None:
    """Recompute a release from its logged inputs and compare every value."""
    from priceindex import service

    screen = context.obj
    with deployment.reading(deployment.settings()) as session, screen.progress("index.recomputing"):
        found = service.release(session, release)
        verification = service.verify(session, release)
    if not verification.ok:
        screen.faults(verification.faults)
        raise ProofFailed(reason=release)
    screen.show("index.same", count=verification.values_compared)
    screen.show("index.logged", digest=found.bundle_sha256)


@index.command("list", help="help.index.list")
def show(
    context: typer.Context,
    family: Annotated[str | None, typer.Option("--family", help="option.family")] = None,
) -> None:
    """List the releases, newest first."""
    from priceindex import service

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = service.releases(session, family)
    if not found:
        screen.remark("index.none")
        return
    screen.table(
        ("head.release", "head.family", "head.status", "head.day", "head.index", "head.published"),
        (
            (
                each.release_id,
                each.family,
                each.status.words(screen.language),
                str(each.last_day),
                shown(each.headline),
                f"{datetime.fromtimestamp(each.published_ms / 1000, UTC):%Y-%m-%d %H:%MZ}",
            )
            for each in found
        ),
    )


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Quotes that did not count, by the reason that kept them out."""

    quotes: int
    why: str
    herbs: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Published:
    """What was published, by this process or by the service."""

    release: str
    value: str
    statement: str
    left_out: Sequence[_LeftOut]


def _show_left_out(screen: "Screen", left_out: Sequence[_LeftOut]) -> None:
    """Say how many quotes did not count, and why (Decree 22, article 17: no exclusion is silent)."""
    for each in left_out:
        named = [*each.herbs[:_HERBS_NAMED], *(["…"] if len(each.herbs) > _HERBS_NAMED else [])]
        herbs = ("、" if screen.language == "zh" else ", ").join(named)
        screen.remark("index.left_out", count=each.quotes, why=each.why, herbs=herbs)


def _left_out(exclusion: "Exclusion", screen: "Screen") -> _LeftOut:
    return _LeftOut(exclusion.quotes, exclusion.words(screen.language), exclusion.herbs)


def day(word: str | None) -> date | None:
    """Read a day such as 2026-03-31; raises `DateWrong`."""
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise DateWrong(at=Location(field="--until", value=word), value=word) from error


def shown(value: Any) -> str:  # noqa: ANN401  a Decimal, or its text from the service
    """Write an index value with the two digits it is published with (half to even).

    >>> shown("1023.455")
    '1023.46'
    """
    from decimal import Decimal

    from priceindex.releases.series import rounded

    return rounded(Decimal(value), 2)


def _publish_here(screen: "Screen", chosen: "Settings", family: str, last: date | None) -> _Published:
    from api.index_runs import publish_run

    with deployment.writing(chosen) as station:
        release = publish_run(station, family, last)
    left_out = [_left_out(each, screen) for each in release.summary.exclusions]
    return _Published(release.release_id, shown(release.headline), release.statement_id, left_out)


def _hand_over(
    screen: "Screen",
    chosen: "Settings",
    address: str,
    family: str,
    last: date | None,
) -> _Published:
    from api.cli.remote import hand_over

    wish = {"family": family, "until": None if last is None else last.isoformat()}
    answer = hand_over(chosen, address, "/v1/releases", screen.language, body=wish)
    left_out = [_LeftOut(each["quotes"], each["why"], each["herbs"]) for each in answer["left_out"]]
    return _Published(answer["id"], shown(answer["value"]), answer["statement_id"], left_out)


def _line(series: "Series", screen: "Screen") -> tuple[str, str, str, str, str]:
    from priceindex.classification import node_words

    last = series.last
    return (
        screen.words(f"level.{series.level}"),
        node_words(series.level, series.node, screen.language),
        last.shown() or screen.words("trace.none"),
        f"{last.quoted}/{last.quoted + last.carried + last.missing}",
        f"{last.imputed_bp / 100:.1f} %",
    )
