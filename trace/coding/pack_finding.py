"""From codes to the packs they name, with all that stands in them, however deep."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from ledger.errors import DaodiError, ManyFaults
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import CodeState
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import Level
from trace.coding.pack_selection import PackRange, PackSelection
from trace.coding.runs import CodeRun, Range, clipped, merged, run_of, runs_in
from trace.coding.trace_code import Decoded, encode_many, read_code
from trace.errors import ForgedCode, MalformedCode
from trace.tables import table_of

_PARENT: Final = col(CodeRunRow.parent_serial)
_STANDING_IN: Final = (
    select(table_of(CodeRunRow))
    .where(bindparam("first") <= _PARENT, bindparam("last") >= _PARENT)
    .order_by(col(CodeRunRow.first_serial))
)
_FROZEN_WITH: Final = select(table_of(CodeRunRow)).where(
    col(CodeRunRow.lot_id).in_(bindparam("lots", expanding=True)),
    col(CodeRunRow.frozen),
    col(CodeRunRow.holder).is_(None),
)


def find_packs(
    session: Session, codes: Sequence[str], code_keys: CodeKeys, container: str | None = None
) -> PackSelection:
    """Return the packs that `codes` name, `container` being what they go into or come out of.

    Without codes, all that stands in `container` is meant. Codes that were never issued are in `unknown`;
    the runs found are kept from other writers. Raises `MalformedCode` or `ForgedCode`, or `ManyFaults` of
    these, before any query.
    """
    named = _read(codes if container is None else [*codes, container], code_keys)
    box = named.pop() if container is not None else None
    return _selected(session, named, box, code_keys)


def find_ranges(
    session: Session, ranges: Iterable[Range], container_serial: int | None = None
) -> PackSelection:
    """Return the packs that a logged event lists as ranges of serials, as `find_packs` does from codes."""
    container = None
    if container_serial is not None:
        container = _first(_states(session, [(container_serial, container_serial)]))
    return _gathered(session, _states(session, ranges), container)


def only_lot_within(session: Session, state: CodeState) -> str | None:
    """Return the lot of all packs that stand in a box, bag or bulk pack; None when there are several."""
    if state.level is Level.PACK:
        return None
    lots = find_ranges(session, [(state.serial, state.serial)]).lots
    return lots[0] if len(lots) == 1 else None


def _read(codes: Sequence[str], code_keys: CodeKeys) -> list[Decoded]:
    found, faults = list[Decoded](), list[DaodiError]()
    for code in codes:
        try:
            found.append(read_code(code, code_keys))
        except (MalformedCode, ForgedCode) as fault:
            faults.append(fault)
    if faults:
        raise faults[0] if len(faults) == 1 else ManyFaults(faults)
    return found


def _selected(
    session: Session, named: Sequence[Decoded], container: Decoded | None, code_keys: CodeKeys
) -> PackSelection:
    sought = [*named, *([container] if container else [])]
    states = _states(session, [(each.serial, each.serial) for each in sought], held=True)
    versions = {
        serial: each.key_version
        for each in states
        for serial in range(each.run.first_serial, each.run.last_serial + 1)
    }
    # Known here and printed with other keys is as unknown as never issued.
    unknown = tuple(each.code for each in sought if versions.get(each.serial) != each.version)
    if unknown:
        return PackSelection(unknown=unknown)
    box = _cut_to(states, [(container.serial, container.serial)]) if container else []
    wanted = merged((each.serial, each.serial) for each in named)
    found = _held_still(session, _cut_to(states, wanted), box[0] if box else None)
    above = containers_above(session, [*found.named, *box])

    def code_of(packs: PackRange) -> str:
        return encode_many(packs.run.first_serial, 1, code_keys, packs.key_version)[0]

    return replace(found, code_of=code_of, above=tuple(above))


def _held_still(session: Session, named: Sequence[PackRange], container: PackRange | None) -> PackSelection:
    """Gather what stands in all this, and keep other writers from it.

    On PostgreSQL another writer may have sold a pack out of its box while this one came to wait for it:
    what is in there is read anew once it is held. SQLite has one writer.
    """
    found = _gathered(session, named, container)
    inner = [each.serials for each in (*found.within, *found.inside)]
    if not inner or session.connection().dialect.name == "sqlite":
        return found
    runs_in(session, inner, held=True)
    return _gathered(session, named, container)


def frozen_around(session: Session, state: CodeState) -> list[int]:
    """Return the serials on hold among a code's own and those of what its pack stands in."""
    own = [state.serial] if state.frozen else []
    if state.run.parent_serial is None:
        return own
    around = containers_above(session, _described(session, [clipped(state.run, state.serial, state.serial)]))
    return own + [each.run.first_serial for each in around if each.run.frozen]


def frozen_among(session: Session, ranges: Iterable[Range]) -> bool:
    """Say whether any of these serials, or anything they stand in, is on hold."""
    things = _states(session, ranges)
    return any(each.run.frozen for each in (*things, *containers_above(session, things)))


def frozen_in_lots(session: Session, lots: Iterable[str]) -> list[int]:
    """Return the serials on hold of packs that go with these lots: a pack on hold stops its whole lot."""
    rows = session.connection().execute(_FROZEN_WITH, {"lots": list(lots)})
    return [serial for run in map(run_of, rows) for serial in range(run.first_serial, run.last_serial + 1)]


def containers_above(session: Session, things: Iterable[PackRange]) -> list[PackRange]:
    """Return what `things` stand in, and what that stands in, up to the highest."""
    found: list[PackRange] = []
    level = _holding(session, things)
    while level:
        found += level
        level = _holding(session, level)
    return found


def _holding(session: Session, things: Iterable[PackRange]) -> list[PackRange]:
    parents = {each.run.parent_serial for each in things} - {None}
    return _states(session, [(serial, serial) for serial in parents if serial is not None])


def _gathered(session: Session, named: Sequence[PackRange], container: PackRange | None) -> PackSelection:
    standing = [] if container is None else _inside(session, [container])
    if not named:
        named = standing
    return PackSelection(
        named=tuple(named),
        within=tuple(_all_within(session, named)),
        container=container,
        inside=(*standing, *_all_within(session, standing)),
    )


def _all_within(session: Session, named: Sequence[PackRange]) -> list[PackRange]:
    """Level by level: a thing stands only in something higher, so this ends."""
    found: list[PackRange] = []
    level = _inside(session, named)
    while level:
        found += level
        level = _inside(session, level)
    return found


def _inside(session: Session, holders: Iterable[PackRange]) -> list[PackRange]:
    """Return what stands directly in any of `holders`."""
    boxes = merged(each.serials for each in holders if each.level is not Level.PACK)
    runs = [
        run_of(row)
        for first, last in boxes
        for row in session.connection().execute(_STANDING_IN, {"first": first, "last": last})
    ]
    return _described(session, sorted(runs, key=lambda run: run.first_serial))


def _states(session: Session, ranges: Iterable[Range], *, held: bool = False) -> list[PackRange]:
    """Return the states of exactly these serials."""
    wanted = merged(ranges)
    return _cut_to(_described(session, runs_in(session, wanted, held=held)), wanted)


def _described(session: Session, runs: Sequence[CodeRun]) -> list[PackRange]:
    rows = session.execute(
        select(
            col(CodeBatchRow.batch_id),
            col(CodeBatchRow.level),
            col(CodeBatchRow.party),
            col(CodeBatchRow.key_version),
        ).where(col(CodeBatchRow.batch_id).in_({run.batch_id for run in runs}))
    )
    batches = {row.batch_id: row for row in rows}
    return [
        PackRange(
            run=run,
            level=Level(batches[run.batch_id].level),
            party=batches[run.batch_id].party,
            key_version=batches[run.batch_id].key_version,
        )
        for run in runs
    ]


def _cut_to(states: Iterable[PackRange], wanted: Sequence[Range]) -> list[PackRange]:
    return [
        _cut(each, first, last)
        for each in states
        for first, last in wanted
        if each.run.first_serial <= last and each.run.last_serial >= first
    ]


def _cut(each: PackRange, first: int, last: int) -> PackRange:
    return replace(each, run=clipped(each.run, first, last))


def _first(states: Sequence[PackRange]) -> PackRange | None:
    return states[0] if states else None
