"""Fresh, empty tables beside the live ones, under the same names: what writes the live ones writes them.

A temporary table is found before a lasting one of the same name, in SQLite and PostgreSQL alike. The live
tables stay within reach under the name of their schema.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Table, text
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class FreshTables:
    """Tables that exist twice while this is open."""

    tables: tuple[Table, ...]
    live_schema: str
    fresh_schema: str

    def live(self, table: Table) -> str:
        """Return the full name of the live table."""
        return f'"{self.live_schema}"."{table.name}"'

    def fresh(self, table: Table) -> str:
        """Return the full name of the fresh table."""
        return f'"{self.fresh_schema}"."{table.name}"'


@contextmanager
def fresh_tables(
    session: Session, tables: Sequence[Table], also: Sequence[Table] = ()
) -> Iterator[FreshTables]:
    """Hide `tables` behind empty ones for the length of the block, in the transaction of `session`.

    `also` are hidden too, and are no part of what comes of it.
    """
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    live = "main" if sqlite else connection.execute(text("SELECT current_schema()")).scalar_one()
    opened = FreshTables(tuple(tables), live, "temp" if sqlite else "pg_temp")
    for table in (*tables, *also):
        made = CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=connection.dialect)
        connection.exec_driver_sql(str(made).replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))
    yield opened
    session.expunge_all()
    for table in (*tables, *also):
        connection.exec_driver_sql(f"DROP TABLE {opened.fresh(table)}")
