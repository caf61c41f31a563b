"""`daodi index`: compute, verify and list price index releases."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli import deployment
from api.cli.errors import DateWrong, ProofFailed
from ledger.errors import Location

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from priceindex.releases.series import Series

FAMILY: Final = "bozhou"
"""The family that needs no more than one market's quotes."""

index = typer.Typer(help="help.index")
Family = Annotated[str, typer.Option("--family", help="option.family")]
Until = Annotated[str | None, typer.Option("--until", help="option.until", metavar="YYYY-MM-DD")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(index, name="index")


@index.command("compute", help="help.index.compute")
def compute(
    context: typer.Context,
    family: Family = FAMILY,
    until: Until = None,
    history: Annotated[Path | None, typer.Option("--history", help="option.index.history")] = None,
) -> None:
    """Compute an index from the quotes here, or from a history; show its newest values, write nothing."""
    from api.cli.index_release import LeftOut, show_left_out
    from api.clock import system_clock, system_randomness
    from api.index_runs import compute_run
    from api.quote_history import compute_from_history, limits
    from api.vault_keys import open_vault

    screen = context.obj
    last = day(until)
    chosen = deployment.settings()
    vault = open_vault(chosen.keys_folder, system_randomness)
    with deployment.reading(chosen) as session, screen.progress("index.computing"):
        if history is None:
            run = compute_run(session, vault, family, last, system_clock())
        else:
            run = compute_from_history(session, vault, family, last, history, limits(chosen))
    series = run.all_series()
    through = series[0].last.day
    screen.table(
        ("head.level", "head.node", "head.index", "head.coverage", "head.imputed"),
        (_line(each, screen) for each in series if each.frequency == "day"),
        title=screen.words("index.title", family=run.family.words(screen.language), through=through),
    )
    show_left_out(screen, [LeftOut.of(each, screen.language) for each in run.exclusions])


@index.command("verify", help="help.index.verify")
def verify(
    context: typer.Context,
    release: Annotated[str, typer.Argument(help="option.index.release_or_file")],
    receipt: Annotated[Path | None, typer.Option("--receipt", help="option.index.receipt")] = None,
    trust: Annotated[str | None, typer.Option("--trust", help="option.index.trust")] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="option.index.policy")] = None,
) -> None:
    """Recompute a release kept here, or a bundle from anywhere, and compare every value with the log's."""
    from api.cli import files
    from api.cli.bundles import verify_here, verify_with_receipt
    from api.cli.trust import trusted

    screen, file = context.obj, Path(release)
    if receipt is not None:
        verify_with_receipt(screen, files.read(file), receipt, trusted(trust, policy))
    elif file.is_file():
        verify_here(screen, files.read(file))
    else:
        _verify_stored(screen, release)


def _verify_stored(screen: "Screen", release: str) -> None:
    from priceindex import service

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
    waiting: Annotated[bool, typer.Option("--waiting", help="option.index.waiting")] = False,
) -> None:
    """List the releases, newest first."""
    from api.cli.index_release import show_waiting
    from priceindex import service

    screen = context.obj
    if waiting:
        show_waiting(screen)
        return
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


def day(word: str | None, option: str = "--until") -> date | None:
    """Read a day such as 2026-03-31, given with the option named; raises `DateWrong`."""
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise DateWrong(at=Location(field=option, value=word), value=word) from error


def shown(value: Any) -> str:  # noqa: ANN401  a Decimal, or its text from the service
    """Write an index value with the two digits it is published with (half to even).

    >>> shown("1023.455")
    '1023.46'
    """
    from decimal import Decimal

    from priceindex.releases.series import rounded

    return rounded(Decimal(value), 2)


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
