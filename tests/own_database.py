"""A database of its own on a PostgreSQL server, for a fixture that lives longer than one test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, make_url, text


@contextmanager
def own_database(server: str, kind: str) -> Iterator[str]:
    """Make a database, give its address, and drop it: many tests' may stand on one server."""
    name = f"{kind}_{secrets.token_hex(4)}"
    control = create_engine(server, isolation_level="AUTOCOMMIT")
    _say(control, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _say(control, f"DROP DATABASE {name} WITH (FORCE)")
        control.dispose()


def _say(control: Engine, statement: str) -> None:
    with control.connect() as connection:
        connection.execute(text(statement))
