"""Runs of serials that share a state: found, split, changed and joined again.

Pure but for three functions at the end: what a change does to runs is computed from the runs it
touches, and the table always holds the longest runs there can be.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, bindparam, delete, func, select
from sqlmodel import Session, col

from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.tables import insert_rows, table_of

Range: TypeAlias = tuple[int, int]
"""First and last serial, both within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRun:
    """Serials in a row with one state; the members are those of `CodeRunRow`."""

    first_serial: int
    last_serial: int
    batch_id: str
    status: CodeStatus
    status_ms: int
    lot_id: str | None = None
    pack_step: str | None = None
    grams: int | None = None
    activated_ms: int | None = None
    holder: str | None = None
    came_from: str | None = None
    sold_to: str | None = None
    in_transit_to: str | None = None
    moved_ms: int | None = None
    parent_serial: int | None = None
    frozen: bool = False

    @property
    def count(self) -> int:
        """How many codes it is."""
        return self.last_serial - self.first_serial + 1


Change: TypeAlias = Callable[[CodeRun], CodeRun]
"""What becomes of a run; it must leave its serials and its batch alone."""

_NAMES: Final = tuple(CodeRun.__slots__)


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Return `ranges` in order, those that touch or overlap joined.

    >>> merged([(5, 6), (1, 2), (3, 3), (6, 9)])
    [(1, 3), (5, 9)]
    """
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def clipped(run: CodeRun, first: int, last: int) -> CodeRun:
    """Return the part of `run` that lies within a range, which must touch it."""
    return replace(run, first_serial=max(first, run.first_serial), last_serial=min(last, run.last_serial))


def changed(runs: Sequence[CodeRun], ranges: Sequence[Range], change: Change) -> list[CodeRun]:
    """Return `runs`, which are in order, after `change` was made to the serials in `ranges`.

    Runs are split where a range begins or ends, and neighbours that came to share a state are joined.
    """
    return _joined(piece for run in runs for piece in _split(run, ranges, change))


def _split(run: CodeRun, ranges: Sequence[Range], change: Change) -> Iterator[CodeRun]:
    at = run.first_serial
    for first, last in ranges:
        if last < at or first > run.last_serial:
            continue
        if at < first:
            yield clipped(run, at, first - 1)
        inner = clipped(run, first, last)
        yield change(inner)
        at = inner.last_serial + 1
    if at <= run.last_serial:
        yield clipped(run, at, run.last_serial)


def _joined(runs: Iterable[CodeRun]) -> list[CodeRun]:
    found: list[CodeRun] = []
    for run in runs:
        if found and _one(found[-1], run):
            found[-1] = replace(found[-1], last_serial=run.last_serial)
        else:
            found.append(run)
    return found


def _one(left: CodeRun, right: CodeRun) -> bool:
    """Whether two runs are neighbours in one state."""
    if left.last_serial + 1 != right.first_serial:
        return False
    return replace(left, first_serial=right.first_serial, last_serial=right.last_serial) == right


_TABLE: Final = table_of(CodeRunRow)
_FIRST: Final = col(CodeRunRow.first_serial)
_EARLIER: Final = _TABLE.alias("earlier")
_BATCHES: Final = table_of(CodeBatchRow)
_EARLIER_BATCHES: Final = _BATCHES.alias("earlier")
# Runs never overlap, so the one that contains a serial is the last that begins at or before it.
_OVERLAPPING: Final = (
    select(_TABLE)
    .where(
        func.coalesce(
            select(func.max(_EARLIER.c.first_serial))
            .where(_EARLIER.c.first_serial <= bindparam("first"))
            .scalar_subquery(),
            bindparam("first"),
        )
        <= _FIRST,
        bindparam("last") >= _FIRST,
        col(CodeRunRow.last_serial) >= bindparam("first"),
    )
    .order_by(_FIRST)
)
# On PostgreSQL writers of one batch take turns by its row: a run that another writer replaces meanwhile
# would otherwise be missed by whoever waited for it. SQLite has one writer.
_HOLD: Final = (
    select(_BATCHES.c.batch_id)
    .where(
        func.coalesce(
            select(func.max(_EARLIER_BATCHES.c.first_serial))
            .where(_EARLIER_BATCHES.c.first_serial <= bindparam("first"))
            .scalar_subquery(),
            bindparam("first"),
        )
        <= _BATCHES.c.first_serial,
        bindparam("last") >= _BATCHES.c.first_serial,
    )
    .order_by(_BATCHES.c.first_serial)
    .with_for_update()
)
_DROP: Final = delete(_TABLE).where(bindparam("gone") == _FIRST)


def run_of(row: Row[Any]) -> CodeRun:
    """Return the run a row of `trace_code_run` holds."""
    values = {name: getattr(row, name) for name in _NAMES}
    return CodeRun(**values | {"status": CodeStatus(row.status), "frozen": bool(row.frozen)})


def runs_in(session: Session, ranges: Iterable[Range], *, held: bool = False) -> list[CodeRun]:
    """Return the runs that share a serial with `ranges`, whole, in order; `held` keeps other writers off."""
    found: dict[int, CodeRun] = {}
    wanted = merged(ranges)
    if held and wanted:
        session.connection().execute(_HOLD, {"first": wanted[0][0], "last": wanted[-1][1]}).all()
    for first, last in wanted:
        rows = session.connection().execute(_OVERLAPPING, {"first": first, "last": last})
        found |= {row.first_serial: run_of(row) for row in rows}
    return [found[first] for first in sorted(found)]


def change_runs(session: Session, ranges: Iterable[Range], change: Change) -> None:
    """Change the state of the serials in `ranges`; serials nobody issued are passed over."""
    wanted = merged(ranges)
    old = runs_in(session, [(max(0, first - 1), last + 1) for first, last in wanted], held=True)
    new = changed(old, wanted, change)
    kept = set(old) & set(new)
    gone = [{"gone": run.first_serial} for run in old if run not in kept]
    if gone:
        session.connection().execute(_DROP, gone)
    add_runs(session, (run for run in new if run not in kept))


def add_runs(session: Session, runs: Iterable[CodeRun]) -> None:
    """Write runs of serials that no run holds yet."""
    insert_rows(session, CodeRunRow, ({name: getattr(run, name) for name in _NAMES} for run in runs))


def set_frozen(session: Session, first_serial: int, last_serial: int, *, frozen: bool) -> None:
    """Mark a range of codes as on hold, or as free again."""
    change_runs(session, [(first_serial, last_serial)], lambda run: replace(run, frozen=frozen))
