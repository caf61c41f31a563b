"""How each database is asked with whole lists and takes many rows at once.

One statement for a group instead of one an entry: a list travels as one parameter (an array on
PostgreSQL, a JSON text on SQLite), rows go in by COPY (PostgreSQL, section 14.4.2) or `executemany`.
The statements are written once, in the form `_spelt` explains. What is asked and written is the
callers' business.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, TypeAlias

import orjson
from psycopg import Connection as PostgresConnection
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

POSTGRESQL: Final = "postgresql"

Asked: TypeAlias = tuple[str, tuple[object, ...]]
"""A statement, written as `_spelt` explains, and its values; lists may be any length."""

_BYTES: Final = re.compile(r"BYTES\(([a-z_.]+)\)")


def ask(session: Session, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Return all rows `statement` gives, written as `_spelt` explains; lists may be any length."""
    connection = session.connection()
    name = connection.dialect.name
    taken = tuple(_parameter(name, value) for value in values)
    return [tuple(row) for row in connection.exec_driver_sql(_spelt(name, statement), taken)]


def ask_together(session: Session, *asked: Asked) -> list[list[tuple[Any, ...]]]:
    """Return all rows that each of `asked` gives, none for one that gives none; they run in this order.

    PostgreSQL is asked for all of them in one round trip (section 34.5, "Pipeline Mode"); the first that
    fails fails the others.
    """
    connection = session.connection()
    if connection.dialect.name != POSTGRESQL:
        return [_asked_alone(connection, *each) for each in asked]
    driver = _driver(connection)
    with _told_as_others(connection, "; ".join(statement for statement, _ in asked)):
        with driver.pipeline():
            cursors = [driver.execute(_spelt(POSTGRESQL, statement), values) for statement, values in asked]
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _asked_alone(connection: Connection, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    name = connection.dialect.name
    taken = tuple(_parameter(name, value) for value in values)
    result = connection.exec_driver_sql(_spelt(name, statement), taken)
    return [tuple(row) for row in result] if result.returns_rows else []


def tell(session: Session, statement: str, *values: object) -> int:
    """Run a `statement` that gives no rows, written as `_spelt` explains; return how many it changed."""
    connection = session.connection()
    name = connection.dialect.name
    taken = tuple(_parameter(name, value) for value in values)
    return connection.exec_driver_sql(_spelt(name, statement), taken).rowcount


def tell_each(session: Session, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run a `statement` that gives no rows once for each of `rows`, its parameters in order."""
    if rows:
        connection = session.connection()
        connection.exec_driver_sql(_spelt(connection.dialect.name, statement), list(rows))


def write_rows(
    session: Session, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert `rows` into `table`; `columns` are their names with their PostgreSQL types, in order.

    Raises `sqlalchemy.exc.IntegrityError` when a row breaks a constraint of the table.
    """
    if not rows:
        return
    connection = session.connection()
    names = ", ".join(name for name, _ in columns)
    if connection.dialect.name == POSTGRESQL:
        types = [kind for _, kind in columns]
        _copy(connection, f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)", types, rows)
    else:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  our own names
            list(rows),
        )


def _copy(
    connection: Connection, statement: str, types: list[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Send rows by the driver's COPY."""
    with (
        _told_as_others(connection, statement),
        _driver(connection).cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _driver(connection: Connection) -> "PostgresConnection[tuple[Any, ...]]":
    driver = connection.connection.driver_connection
    assert isinstance(driver, PostgresConnection)  # noqa: S101  the engine's only driver
    return driver


@contextmanager
def _told_as_others(connection: Connection, statement: str) -> Iterator[None]:
    """Tell of the driver's errors as SQLAlchemy tells of all others."""
    dialect = connection.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        ) from error


@cache
def _spelt(dialect_name: str, statement: str) -> str:
    """Spell a statement for one database: once for each, and each only once.

    `?` is a parameter; `AMONG ?` one that is a list, to be equal to a member of it, sent in binary form,
    which costs a quarter; `BYTES(column)` bytes whatever SQLite was told to keep there; `LOCKED` or `SHARED`
    at the end locks the rows found against any change.
    """
    if dialect_name == POSTGRESQL:
        spelt = _BYTES.sub(r"\1", statement)
        spelt = spelt.replace("AMONG ?", "= ANY(%b)")
        return spelt.replace("LOCKED", "FOR UPDATE").replace("SHARED", "FOR SHARE").replace("?", "%s")
    spelt = _BYTES.sub(r"CAST(\1 AS BLOB)", statement)
    spelt = spelt.replace("AMONG ?", "IN (SELECT value FROM json_each(?))")
    return spelt.replace("LOCKED", "").replace("SHARED", "")


def _parameter(dialect_name: str, value: object) -> object:
    """Return a value as the driver takes it. What somebody edited may be no JSON: it then equals nothing."""
    if dialect_name != POSTGRESQL and isinstance(value, list):
        return orjson.dumps(value, default=repr).decode()
    return value
