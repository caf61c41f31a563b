"""What tests copy instead of migrating is what the migrations make of nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, text

from api import migrations
from api.database import Database
from tests.api.laid_tables import CopiedTables

_CATALOGUE = {
    "columns": "SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type,"
    " character_maximum_length, is_identity FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT * FROM pg_sequences WHERE schemaname = 'public'",
}


@pytest.fixture
def other_url(database_url: str) -> Iterator[str]:
    """The address of a second empty database of the same kind."""
    first = make_url(database_url)
    if first.get_backend_name() == "sqlite":
        yield database_url.replace("daodi.sqlite", "other.sqlite")
        return
    control = Database(database_url)
    engine = control.write_engine.execution_options(isolation_level="AUTOCOMMIT")
    name = f"{first.database}_other"
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield first.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    control.dispose()


def _made(url: str, upgrade: Callable[[Database], None]) -> dict[str, list[str]]:
    """Everything that stands in an empty database once it was brought up to date."""
    database = Database(url)
    upgrade(database)
    asked = dict(_CATALOGUE)
    if database.is_sqlite:
        asked = {"form": "SELECT type, name, tbl_name, sql FROM sqlite_master"}
    for name in inspect(database.write_engine).get_table_names():
        asked[name] = f'SELECT * FROM "{name}"'  # noqa: S608  a name the database itself gave
    with database.read_engine.connect() as connection:
        made = {what: sorted(map(str, connection.execute(text(sql)))) for what, sql in asked.items()}
    database.dispose()
    return made


def test_copied_tables_are_the_migrated_ones(database_url: str, other_url: str, tmp_path: Path) -> None:
    copied = CopiedTables(tmp_path)
    first = _made(database_url, copied.upgrade)
    assert first["alembic_version"] == [f"('{migrations.head()}',)"]
    assert _made(other_url, copied.upgrade) == first
    if make_url(other_url).get_backend_name() == "sqlite":  # where the first is a copy too
        assert _made(f"sqlite:///{tmp_path / 'migrated.sqlite'}", migrations.upgrade) == first


def test_tables_of_an_older_version_are_migrated(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    migrations.upgrade(database, "0010")
    CopiedTables(tmp_path).upgrade(database)
    assert migrations.current(database) == migrations.head()
    database.dispose()
