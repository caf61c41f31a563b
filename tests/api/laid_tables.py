"""Tables of a new service: laid by the migrations for the first of a worker, copied for those after it.

The migrations take 0.2 s on SQLite and 0.35 s on PostgreSQL, and over a thousand tests begin a service. What
the migrations do is tested without this: in test_migrations and wherever `daodi init` is a process.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, inspect

from api import migrations
from api.database import Database
from ledger.private.private_vault import Vault


class CopiedTables:
    """Stands where `api.founding` finds the migrations, and copies what they once made of nothing."""

    def __init__(self, folder: Path) -> None:
        """Prepare; the SQLite file that is copied lies in `folder`."""
        self._sqlite = folder / "laid.sqlite"
        self._postgresql = ""

    def upgrade(self, database: Database, *, vault: Vault | None = None) -> None:
        """Bring the tables of `database` to this version's form: an empty one gets a copy."""
        if inspect(database.write_engine).get_table_names():
            migrations.upgrade(database, vault=vault)
        elif database.is_sqlite:
            self._copy_file(database)
        else:
            self._run_again(database)

    def _copy_file(self, database: Database) -> None:
        if not self._sqlite.exists():
            laid = Database(f"sqlite:///{self._sqlite}")
            migrations.upgrade(laid)
            laid.dispose()
        source = sqlite3.connect(self._sqlite)
        target = database.write_engine.raw_connection()
        driver = target.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        source.backup(driver)
        target.close()
        source.close()

    def _run_again(self, database: Database) -> None:
        """Send PostgreSQL the statements of the migrations all at once."""
        if not self._postgresql:
            self._postgresql = ";\n".join(_statements(database))
            return
        with database.write_engine.begin() as connection:
            connection.exec_driver_sql(self._postgresql)


def _statements(database: Database) -> list[str]:
    """Run the migrations; return what they wrote, which depends on nothing in an empty database."""
    seen: list[str] = []

    def see(_: Connection, __: object, statement: str, values: object, *___: object) -> None:
        if not statement.lstrip().upper().startswith("SELECT"):
            assert not values, statement
            seen.append(statement)

    event.listen(database.write_engine, "before_cursor_execute", see)
    migrations.upgrade(database)
    event.remove(database.write_engine, "before_cursor_execute", see)
    return seen


@pytest.fixture(scope="session", autouse=True)
def laid_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let every service that this process founds get a copy of its tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.founding.migrations", CopiedTables(tmp_path_factory.mktemp("laid")))
        yield
