"""`daodi rebuild`: every table of the trace made again from the log, and compared with the live ones."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment
from api.cli.errors import TablesDiffer

if TYPE_CHECKING:
    from rich.progress import Progress
    from sqlmodel import Session

    from api.cli.screen import Screen
    from api.settings import Settings
    from trace.replaying.comparing import Difference
    from trace.replaying.rebuilding import Rebuilt

_STEP: int = 200
"""Statements between two looks at the bar."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("rebuild", help="help.rebuild")(rebuild)


def rebuild(
    context: typer.Context,
    write: Annotated[bool, typer.Option("--write/--check", help="option.rebuild_write")] = False,
) -> None:
    """Replay every statement into fresh tables and compare; with --write put them in the live ones' place."""
    screen = context.obj
    chosen = deployment.settings()
    begun = time.monotonic()
    done = _written(chosen, screen) if write else _compared(chosen, screen)
    seconds = max(time.monotonic() - begun, 0.001)
    screen.table(
        ("head.table", "head.rows", "head.unlike"),
        ((each.table, f"{each.rows:,}", f"{each.unlike:,}") for each in done.tables),
    )
    for table in done.tables:
        for difference in table.named:
            screen.plain(_line(screen, difference))
    screen.show(
        "rebuild.done",
        count=f"{done.statements:,}",
        seconds=f"{seconds:.1f}",
        rate=f"{done.statements / seconds:,.0f}",
    )
    if done.unnumbered:
        screen.remark("rebuild.unnumbered", count=f"{done.unnumbered:,}")
    if done.written:
        screen.show("rebuild.written")
    elif done.equal:
        screen.show("rebuild.equal")
    else:
        raise TablesDiffer(count=sum(each.unlike for each in done.tables))


def _compared(chosen: "Settings", screen: "Screen") -> "Rebuilt":
    """Compare beside a running service: nothing is written but temporary tables."""
    from api.database import Database

    database = Database(
        chosen.database_address, writable=False, busy_timeout_ms=chosen.busy_timeout_ms, pool=1
    )
    try:
        with database.scratch() as session, _bar(screen) as bar:
            return _rebuilt(session, bar, write=False)
    finally:
        database.dispose()


def _written(chosen: "Settings", screen: "Screen") -> "Rebuilt":
    deployment.must_not_run(chosen, "daodi rebuild --write")
    with deployment.writing(chosen) as station, _bar(screen) as bar:
        return station.writer.submit(lambda session: _rebuilt(session, bar, write=True))


def _rebuilt(session: "Session", bar: "Progress", *, write: bool) -> "Rebuilt":
    from trace.replaying import rebuilding

    task = bar.task_ids[0]
    waiting = 0

    def begin(entries: int, statements: int) -> None:
        bar.update(task, total=entries + statements, completed=0)

    def replayed(count: int) -> None:
        nonlocal waiting
        waiting += count
        if waiting >= _STEP:
            bar.advance(task, waiting)
            waiting = 0

    return rebuilding.rebuild(session, write=write, counting=_advance(bar), replaying=replayed, begin=begin)


def _advance(bar: "Progress") -> Callable[[int], None]:
    return lambda count: bar.advance(bar.task_ids[0], count)


@contextmanager
def _bar(screen: "Screen") -> "Iterator[Progress]":
    with screen.progress("rebuild.running", total=0) as bar:
        yield bar


_FAULTS: Final = {
    "missing": "rebuild.missing",
    "extra": "rebuild.extra",
    "differs": "rebuild.differs",
}


def _line(screen: "Screen", difference: "Difference") -> str:
    """Name one row that differs, and what stands there and should."""
    columns = "; ".join(
        screen.words("rebuild.column", column=name, live=live, logged=logged)
        for name, (live, logged) in difference.columns.items()
    )
    named = screen.words(_FAULTS[difference.fault.value], table=difference.table, key=difference.key)
    return f"{named} {columns}".rstrip()
