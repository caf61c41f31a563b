"""Requests that are delivered several times, as a network does that loses answers."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice

from sqlmodel import Session

from ledger.entry import SignedStatement
from ledger.errors import DuplicateStatement
from ledger.writing import outbox
from ledger.writing.sequencer import Sequencer

MOST_TIMES = 5
LARGEST_GROUP = 64


def deliver(
    write: Callable[[], AbstractContextManager[Session]],
    sequencer: Sequencer,
    said: list[SignedStatement],
    *,
    seed: int,
    senders: int,
) -> Counter[str]:
    """Deliver each of `said` one to five times, in groups, in any order, from several threads.

    A sequencer drains meanwhile. Returns how often each statement was answered with "stored": exactly once
    each, or the gate is broken; every other answer must be that it was stored before.
    """
    lot = random.Random(seed)
    deliveries = [each for each in said for _ in range(lot.randint(1, MOST_TIMES))]
    lot.shuffle(deliveries)
    stored: Counter[str] = Counter()
    gate, done = threading.Lock(), threading.Event()
    rest = iter(list(_groups(deliveries, lot)))
    faults: list[BaseException] = []

    def send() -> None:
        try:
            while group := _next(rest, gate):
                with write() as session:
                    outcomes = outbox.submit_many(session, group, checked=True)
                for each, outcome in zip(group, outcomes, strict=True):
                    if isinstance(outcome, outbox.PendingEntry):
                        with gate:
                            stored[each.statement.id] += 1
                    elif not isinstance(outcome, DuplicateStatement):
                        raise outcome
        except BaseException as fault:  # noqa: BLE001  told to whoever delivers
            faults.append(fault)

    def drain() -> None:
        while not done.is_set():
            sequencer.drain()

    threads = [threading.Thread(target=send) for _ in range(senders)]
    drainer = threading.Thread(target=drain)
    for thread in (*threads, drainer):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    drainer.join()
    if faults:
        raise faults[0]
    sequencer.drain()
    return stored


def _groups(deliveries: list[SignedStatement], lot: random.Random) -> Iterator[list[SignedStatement]]:
    rest = iter(deliveries)
    while group := list(islice(rest, lot.randint(1, LARGEST_GROUP))):
        yield group


def _next(groups: Iterator[list[SignedStatement]], gate: threading.Lock) -> list[SignedStatement]:
    with gate:
        return next(groups, [])
