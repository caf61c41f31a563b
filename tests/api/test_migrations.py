"""Migrations: up, down, and equal to the models, on both databases."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from api import migrations
from api.database import Database
from api.errors import DatabaseNotCurrent, NotInitialised
from api.tables import METADATA
from ledger.private.disclosure import conceal
from ledger.private.private_cipher import WrappingKey
from ledger.private.private_vault import vault_of
from trace.private_values import private_values


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


def test_private_values_of_an_older_version_are_sealed_on_the_way(database: Database) -> None:
    migrations.upgrade(database, "0001")
    phone = conceal("phone", "13800138000", os.urandom)
    with database.write() as session:
        session.execute(
            text(
                "INSERT INTO ledger_pending (statement_id, subject, seq, leaf_hash, leaf) "
                "VALUES ('step/1', 'lot/A', 0, :none, :none)"
            ),
            {"none": b""},
        )
        session.execute(
            text("INSERT INTO trace_disclosure VALUES ('step/1', 'phone', 'regulator', :encoded, :digest)"),
            {"encoded": phone.encoded, "digest": phone.digest},
        )
    with pytest.raises(NotInitialised):
        migrations.upgrade(database)
    vault = vault_of(WrappingKey(bytes(32)), os.urandom)
    migrations.upgrade(database, vault=vault)
    with database.read() as session:
        [kept] = private_values(session, vault, "step/1")
        assert (kept.name, kept.visibility, kept.disclosure) == ("phone", "regulator", phone)
    assert migrations.differences(database) == []
