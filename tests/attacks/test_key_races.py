"""Somebody signs with a key at the moment it is revoked, so that one of the two slips past the other."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session

from ledger.errors import DaodiError
from ledger.keyring import key_changes
from ledger.keyring.key_errors import KeyEnded
from ledger.writing import outbox
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, SmallLog, signed

_WAITING = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


@pytest.fixture
def log(postgresql_url: str) -> Iterator[SmallLog]:
    """A log on PostgreSQL, where transactions run side by side."""
    made = SmallLog(postgresql_url)
    made.sequencer().drain()
    yield made
    made.engine.dispose()


def sign(session: Session) -> None:
    outbox.submit(session, signed("step"))


def revoke(session: Session) -> None:
    key_changes.revoke(session, ORIGIN, GROWER.public.key_id, "compromised", LOG_KEY, AT_MS)


@pytest.mark.parametrize(("first", "second", "outcome"), [(sign, revoke, None), (revoke, sign, KeyEnded)])
def test_what_a_key_signs_while_it_is_revoked_is_refused_or_stands_below_the_revocation(
    log: SmallLog,
    first: Callable[[Session], None],
    second: Callable[[Session], None],
    outcome: type[DaodiError] | None,
) -> None:
    refused: list[type[DaodiError]] = []

    def meanwhile() -> None:
        try:
            with log.write() as session:
                second(session)
        except DaodiError as error:
            refused.append(type(error))

    thread = threading.Thread(target=meanwhile)
    with log.write() as session:
        first(session)
        thread.start()
        while thread.is_alive() and not log.value(_WAITING):
            thread.join(0.01)
        # Whoever did not wait is in the log before the first has even committed.
        log.sequencer().drain()
    thread.join()
    log.sequencer().drain()
    assert refused == ([outcome] if outcome else [])
    # Nothing that was admitted is held back.
    assert log.value("SELECT count(*) FROM ledger_pending") == 0
    assert log.audit().ok
