"""The tables' history: bring a database up to this version's form, back to nothing, or compare.

Alembic is configured here, not by a file: the same code runs from a checkout and from a wheel.
"""

import functools
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.database import Database
from api.errors import DatabaseNotCurrent
from ledger.private.private_vault import Vault

_HERE = Path(__file__).resolve().parent


def upgrade(database: Database, revision: str = "head", *, vault: Vault | None = None) -> None:
    """Bring the tables to `revision`, in one transaction; does nothing when they are there.

    `vault` seals private values that an older version kept in the clear (`private_values`).
    """
    with database.write_engine.begin() as connection:
        config = _config(connection)
        config.attributes["vault"] = vault
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the tables back to `revision`. Content of dropped tables is lost: for tests and trials."""
    with database.write_engine.begin() as connection:
        command.downgrade(_config(connection), revision)


@functools.cache
def head() -> str:
    """Return the revision this program works with: read from its files once, they do not change."""
    return str(ScriptDirectory(str(_HERE)).get_current_head())


def current(database: Database) -> str | None:
    """Return the revision the tables are at, or None for an empty database."""
    with database.read_engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Raise `DatabaseNotCurrent` unless the tables are those this program works with."""
    found = current(database)
    if found != head():
        raise DatabaseNotCurrent(found=found or "-", wanted=head())


def differences(database: Database) -> list[object]:
    """Return what the tables lack or have too much against the models; empty when they agree."""
    from api.tables import METADATA

    with database.read_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def draft(database: Database, message: str) -> Path:
    """Write a new migration from the differences between `database` and the models; for developers."""
    with database.write_engine.begin() as connection:
        script = command.revision(_config(connection), message=message, autogenerate=True)
    if script is None or isinstance(script, list):
        raise DatabaseNotCurrent(found="-", wanted=head())
    return Path(script.path)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
