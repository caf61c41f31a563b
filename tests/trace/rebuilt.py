"""Rebuilding the tables of a test's session, and saying how they differ from the live ones."""

from sqlmodel import Session

from trace.replaying.rebuilding import Rebuilt, rebuild


def rebuilt(session: Session, *, write: bool = False) -> Rebuilt:
    """Rebuild from what the session's log and outbox hold."""
    return rebuild(
        session, write=write, counting=lambda _: None, replaying=lambda _: None, begin=lambda _, __: None
    )


def differences(session: Session) -> list[tuple[str, str, str, dict[str, tuple[object, object]]]]:
    """Return table, key, fault and columns of every difference."""
    return [
        (each.table, each.key, each.fault.value, dict(each.columns))
        for table in rebuilt(session).tables
        for each in table.named
    ]
