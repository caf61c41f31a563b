"""The PostgreSQL side of the database: its pool, snapshot reads, and the settings it must have."""

import select
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError

from api.errors import DatabaseUnsafe

_VANISHED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server that vanishes without a word is given up after some 25 seconds, not hours (libpq's names)."""
_MUST_NOT_BE_OFF = ("fsync", "synchronous_commit", "full_page_writes")


def write_engine(address: str, pool: int) -> Engine:
    """Return an engine of up to `pool` connections, each checked before use so that a restart heals."""
    engine = create_engine(
        address,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "daodi", **_VANISHED},
    )
    event.listen(engine, "checkout", _refuse_ended)
    return engine


def _refuse_ended(driver: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401  as the pool calls it
    """Have the pool connect anew where the server has ended an idle connection.

    A server says nothing unasked but farewell, so the socket alone tells, without the round trip of a ping.
    """
    if driver.closed:
        raise DisconnectionError
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def read_engine(engine: Engine) -> Engine:
    """Return a view of `engine` whose transactions see one snapshot and cannot write."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def refuse_unsafe(engine: Engine) -> None:
    """Raise `DatabaseUnsafe` when the server could lose a commit it has acknowledged."""
    with engine.connect() as connection:
        for setting in _MUST_NOT_BE_OFF:
            value = connection.execute(
                text("SELECT current_setting(:setting)"), {"setting": setting}
            ).scalar_one()
            if value == "off":
                raise DatabaseUnsafe(setting=setting, value=value, wanted="on")
