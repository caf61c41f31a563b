"""Comparing rebuilt tables with the live ones, row by row, and putting them in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from sqlalchemy import RowMapping, Table, text
from sqlmodel import Session

from trace.replaying.fresh_tables import FreshTables

_Row: TypeAlias = RowMapping
MOST_NAMED: Final = 100
"""Rows named for each table; all are counted."""


class Fault(StrEnum):
    """How a live table differs from what the log says."""

    MISSING = "missing"
    """The log says there is such a row."""
    EXTRA = "extra"
    """Nothing in the log says so."""
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not as the log says."""

    table: str
    key: str
    """Its primary key, the parts joined by a comma."""
    fault: Fault
    columns: Mapping[str, tuple[object, object]]
    """Where both rows exist: the live and the rebuilt value of each column that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One table, compared."""

    table: str
    rows: int
    """Rows rebuilt."""
    unlike: int
    """Rows of either side that the other side lacks; a row that differs is counted on both."""
    named: tuple[Difference, ...]


def compare(session: Session, tables: FreshTables) -> list[Compared]:
    """Compare every table."""
    return [_compared(session, tables, table) for table in tables.tables]


def replace_live(session: Session, tables: FreshTables) -> None:
    """Put the rebuilt rows in the place of the live ones; the caller owns the transaction."""
    connection = session.connection()
    for table in reversed(tables.tables):
        connection.exec_driver_sql(f"DELETE FROM {tables.live(table)}")  # noqa: S608  names of our own tables
    for table in tables.tables:
        columns = _columns(table)
        connection.exec_driver_sql(
            f"INSERT INTO {tables.live(table)} ({columns}) SELECT {columns} FROM {tables.fresh(table)}"  # noqa: S608  names of our own tables
        )


def _compared(session: Session, tables: FreshTables, table: Table) -> Compared:
    live, fresh = tables.live(table), tables.fresh(table)
    only_live, of_live = _only_in(session, table, live, fresh)
    only_fresh, of_fresh = _only_in(session, table, fresh, live)
    return Compared(
        table=table.name,
        rows=_count(session, fresh),
        unlike=of_live + of_fresh,
        named=tuple(_named(session, table, tables, only_live, only_fresh)),
    )


def _only_in(session: Session, table: Table, here: str, there: str) -> tuple[dict[str, _Row], int]:
    """Return some rows of `here` that `there` lacks, by their keys, and how many there are."""
    columns = _columns(table)
    unlike = f"SELECT {columns} FROM {here} EXCEPT SELECT {columns} FROM {there}"  # noqa: S608  as above
    count = _count(session, f"({unlike}) AS unlike")
    if not count:
        return {}, 0
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    rows = session.execute(text(f"SELECT * FROM ({unlike}) AS unlike ORDER BY {keys} LIMIT {MOST_NAMED}"))  # noqa: S608  as above
    return {_key(table, row): row for row in rows.mappings()}, count


def _named(
    session: Session, table: Table, tables: FreshTables, live: dict[str, _Row], fresh: dict[str, _Row]
) -> list[Difference]:
    found = []
    for key in sorted({*live, *fresh}):
        row = live.get(key) or fresh[key]
        here = live.get(key) or _row(session, table, tables.live(table), row)
        there = fresh.get(key) or _row(session, table, tables.fresh(table), row)
        found.append(_difference(table, key, here, there))
    return found


def _difference(table: Table, key: str, here: _Row | None, there: _Row | None) -> Difference:
    columns: dict[str, tuple[object, object]] = {}
    if here is not None and there is not None:
        names = (column.name for column in table.columns)
        columns = {name: (here[name], there[name]) for name in names if here[name] != there[name]}
        fault = Fault.DIFFERS
    else:
        fault = Fault.MISSING if here is None else Fault.EXTRA
    return Difference(table=table.name, key=key, fault=fault, columns=columns)


def _row(session: Session, table: Table, name: str, like: _Row) -> _Row | None:
    """Return the row of `name` with the key of `like`, whose first hundred may not have held it."""
    keys = [column.name for column in table.primary_key]
    where = " AND ".join(f'"{key}" = :{key}' for key in keys)
    wanted = text(f"SELECT {_columns(table)} FROM {name} WHERE {where}")  # noqa: S608  as above
    return session.execute(wanted, {key: like[key] for key in keys}).mappings().one_or_none()


def _count(session: Session, source: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {source}")).scalar_one())  # noqa: S608  as above


def _key(table: Table, row: _Row) -> str:
    return ",".join(str(row[column.name]) for column in table.primary_key)


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
