"""The PostgreSQL side of the database: its pool, snapshot reads, and the settings it must have."""

from sqlalchemy import Engine, create_engine, text

from api.errors import DatabaseUnsafe

_MUST_NOT_BE_OFF = ("fsync", "synchronous_commit", "full_page_writes")


def write_engine(address: str, pool: int) -> Engine:
    """Return an engine of up to `pool` connections, each checked before use so that a restart heals."""
    return create_engine(
        address,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "daodi"},
    )


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
