"""However often a request arrives, it leaves one entry. The full count is scripts/crash's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session

from tests.ledger.repeated_delivery import deliver
from tests.ledger.small_log import SmallLog, signed


@pytest.mark.parametrize("seed", [1])
def test_requests_delivered_one_to_five_times_leave_one_entry_each(log_of_two: SmallLog, seed: int) -> None:
    said = [signed(f"r{number}", f"lot/{number % 11}") for number in range(400)]
    turn = threading.Lock() if log_of_two.engine.dialect.name == "sqlite" else None

    @contextmanager
    def write() -> Iterator[Session]:
        if turn is None:
            with log_of_two.write() as session:
                yield session
        else:
            with turn, log_of_two.write() as session:
                yield session

    sequencer = log_of_two.sequencer()
    object.__setattr__(sequencer, "write", write)
    stored = deliver(write, sequencer, said, seed=seed, senders=3)
    assert set(stored.values()) == {1}
    assert len(stored) == 400
    assert log_of_two.value("SELECT count(*) FROM ledger_entry") == 402
    assert log_of_two.value("SELECT count(*) FROM ledger_pending") == 0
