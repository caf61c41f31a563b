"""The models' tables in an empty database: written out once for a process, laid at once after that.

SQLAlchemy takes up to 0.15 s for each of some thousand tests, asking for every table first and, on SQLite,
committing it by itself.
"""

import sqlite3
from functools import cache

from sqlalchemy import Engine, create_engine, create_mock_engine, inspect
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlmodel import SQLModel


def make_tables(engine: Engine, *prefixes: str) -> None:
    """Make all tables of the models, or those whose names begin so; what a database already holds stays."""
    names = tuple(sorted(name for name in SQLModel.metadata.tables if name.startswith(prefixes or "")))
    if inspect(engine).get_table_names():
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in names])
        return
    raw = engine.raw_connection()
    driver = raw.driver_connection
    if isinstance(driver, sqlite3.Connection):
        _filled(names).backup(driver)
    else:
        raw.cursor().execute(_statements(engine.dialect.name, names))
        raw.commit()
    raw.close()


@cache
def _filled(names: tuple[str, ...]) -> sqlite3.Connection:
    """An SQLite database in memory with these tables, for the whole run."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables[name] for name in names])
    driver = engine.raw_connection().driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@cache
def _statements(dialect: str, names: tuple[str, ...]) -> str:
    """What SQLAlchemy sends for these tables."""
    said: list[str] = []

    def say(sql: ExecutableDDLElement, *_: object, **__: object) -> None:
        said.append(str(sql.compile(dialect=mock.dialect)))

    mock = create_mock_engine(f"{dialect}+psycopg://", say)
    tables = [SQLModel.metadata.tables[name] for name in names]
    SQLModel.metadata.create_all(mock, tables=tables, checkfirst=False)
    return ";\n".join(said)
