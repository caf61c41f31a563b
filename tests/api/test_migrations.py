"""Migrations: up, down, and equal to the models, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect

from api import migrations
from api.database import Database
from api.errors import DatabaseNotCurrent
from api.tables import METADATA


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.dispose()


def _tables(database: Database) -> set[str]:
    return set(inspect(database.write_engine).get_table_names()) - {"alembic_version"}


def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    migrations.upgrade(database)
    assert migrations.differences(database) == []
    assert _tables(database) == set(METADATA.tables)


def test_every_indexed_and_unique_column_of_the_models_is_so_in_the_tables(database: Database) -> None:
    """Alembic compares these too, but passes over unique constraints on SQLite that have no name."""
    migrations.upgrade(database)
    seen = inspect(database.write_engine)
    for name, table in METADATA.tables.items():
        indexed = {tuple(index["column_names"]) for index in seen.get_indexes(name)}
        assert {tuple(column.name for column in index.columns) for index in table.indexes} <= indexed
        assert tuple(seen.get_pk_constraint(name)["constrained_columns"]) == tuple(
            column.name for column in table.primary_key.columns
        )


def test_going_back_leaves_nothing(database: Database) -> None:
    migrations.upgrade(database)
    migrations.downgrade(database)
    assert _tables(database) == set()
    migrations.upgrade(database)
    assert migrations.differences(database) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrations.upgrade(database)
    migrations.upgrade(database)
    migrations.require_current(database)
    assert migrations.current(database) == migrations.head()


def test_an_empty_database_is_not_current(database: Database) -> None:
    with pytest.raises(DatabaseNotCurrent) as caught:
        migrations.require_current(database)
    assert migrations.head() in caught.value.message("zh")


def test_tables_keep_the_names_of_their_packages() -> None:
    prefixes = ("ledger_", "trace_", "price_", "api_")
    assert [name for name in METADATA.tables if not name.startswith(prefixes)] == []
