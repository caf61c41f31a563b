"""Every call on the store fails once, or does its work and fails all the same; then everything starts anew.

After each: nothing lost, nothing twice, no head but continues all before it. The log stands at 254 entries
and gets three more, so that each case crosses the edge of a tile (as Sunlight's TestSequenceErrors does).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlmodel import Session

from ledger import store
from ledger.entry import SignedStatement
from ledger.errors import DuplicateStatement
from ledger.keyring.log_keys import fixed
from ledger.tree.tiles import TILE_WIDTH
from ledger.writing import outbox, outbox_store
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import LOG_KEY, ORIGIN, SmallLog, signed

DRAIN = [
    (store, "state_of"),
    (store, "vkey_of"),
    (store, "leaves_of"),
    (store, "last_checkpoint"),
    (store, "tile_reader"),
    (store, "leaves_between"),
    (store, "logged_indices"),
    (store, "leaf_hashes_at"),
    (store, "swap_state"),
    (store, "write_entries"),
    (store, "write_tiles"),
    (store, "write_checkpoint"),
    (outbox_store, "waiting"),
    (outbox_store, "held_subjects"),
    (outbox_store, "set_aside"),
    (outbox_store, "forget"),
    (KeptHeads, "read"),
    (KeptHeads, "write"),
]
GATE = [
    (outbox_store, "hold"),
    (outbox_store, "place"),
]
WHEN = ["failed", "failed but persisted"]
COMMITS = 3
"""Transactions of a drain that has one group: look and sign, integrate, sign."""


class Died(Exception):
    """The process is gone."""


def failing(call: Callable[..., Any], when: str) -> Callable[..., Any]:
    """The same call, except that its first use dies before its work or after."""
    used: list[None] = []

    def once(*given: Any, **named: Any) -> Any:
        used.append(None)
        if len(used) > 1:
            return call(*given, **named)
        if when == "failed":
            raise Died
        found = call(*given, **named)
        if isinstance(found, Iterator):
            list(found)
        raise Died

    return once


def dying(log: SmallLog, number: int, when: str) -> Callable[[], Any]:
    """Sessions of which the `number`th dies at its commit: before it, or just after it."""
    opened: list[None] = []

    @contextmanager
    def write() -> Iterator[Session]:
        opened.append(None)
        with log.write() as session:
            yield session
            if len(opened) == number and when == "failed":
                raise Died
        if len(opened) == number:
            raise Died

    return write


class Trial:
    """A log that is brought to the edge of a tile before each case and looked at after it."""

    def __init__(self, log: SmallLog, folder: Path) -> None:
        self.log = log
        self.kept = KeptHeads(folder)
        self.size = 2
        self.case = 0
        self.notes: list[str] = []
        log.sequencer(kept=self.kept).drain()

    def three_at_the_edge(self) -> list[SignedStatement]:
        """Grow the log until two entries are lacking in its last tile; return three more statements."""
        self.case += 1
        lacking = (TILE_WIDTH - 2 - self.size) % TILE_WIDTH
        filling = [signed(f"fill-{self.case}-{number}", f"lot/{number % 5}") for number in range(lacking)]
        with self.log.write() as session:
            outbox.submit_many(session, filling, checked=True)
        assert self.log.sequencer(kept=self.kept).drain() == lacking
        self.size += lacking + 3
        return [signed(f"new-{self.case}-{number}", "lot/edge") for number in range(3)]

    def look(self) -> None:
        """Start anew, drain, and see that every statement stands in the log once and all heads agree."""
        self.log.sequencer(kept=self.kept).drain()
        assert self.log.value("SELECT count(*) FROM ledger_entry") == self.size
        assert self.log.value("SELECT max(size) FROM ledger_checkpoint") == self.size
        assert self.log.value("SELECT count(*) FROM ledger_pending") == 0
        found = self.kept.read()
        assert found is not None
        assert found[0] == self.size
        self.notes.append(found[1])


@pytest.mark.parametrize("when", WHEN)
def test_a_drain_that_dies_anywhere_is_finished_by_the_next(
    log_of_two: SmallLog, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial(log_of_two, tmp_path)
    for owner, name in DRAIN:
        submit(log_of_two, trial.three_at_the_edge())
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, failing(getattr(owner, name), when))
            with pytest.raises(Died):
                log_of_two.sequencer(kept=trial.kept).drain()
        trial.look()
    for number in range(1, COMMITS + 1):
        submit(log_of_two, trial.three_at_the_edge())
        with pytest.raises(Died):
            Sequencer(dying(log_of_two, number, when), ORIGIN, fixed(LOG_KEY), kept=trial.kept).drain()
        trial.look()
    report = log_of_two.audit(kept=tuple(trial.notes))
    assert (report.ok, report.entries) == (True, trial.size), report.faults


@pytest.mark.parametrize("when", WHEN)
def test_a_submission_that_dies_anywhere_can_be_sent_again(
    log_of_two: SmallLog, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = Trial(log_of_two, tmp_path)
    for owner, name in GATE:
        three = trial.three_at_the_edge()
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, failing(getattr(owner, name), when))
            with pytest.raises(Died):
                submit(log_of_two, three)
        assert submit(log_of_two, three) == ["stored"] * 3
        trial.look()
    three = trial.three_at_the_edge()
    with pytest.raises(Died), dying(log_of_two, 1, when)() as session:
        outbox.submit_many(session, three)
    again = "stored" if when == "failed" else "stored before"
    assert submit(log_of_two, three) == [again] * 3
    trial.look()


def submit(log: SmallLog, said: list[SignedStatement]) -> list[str]:
    """Hand statements in as a client does that repeats what it got no answer to."""
    with log.write() as session:
        outcomes = outbox.submit_many(session, said)
    return ["stored before" if isinstance(each, DuplicateStatement) else "stored" for each in outcomes]


def test_the_matrix_leaves_out_no_call_on_the_store() -> None:
    """Whoever adds a function to the store adds it here, or says why no drain and no gate calls it."""
    elsewhere = {
        "extent_of": "bulk append: tests/ledger/test_append.py",
        "reach": "the audit's",
        "count_waiting": "back-pressure: reads only, outside both",
    }
    tried = {name for _, name in [*DRAIN, *GATE]}
    for module in (store, outbox_store):
        assert functions(module) - tried <= set(elsewhere)


def functions(module: ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(module).items()
        if callable(value) and not isinstance(value, type) and value.__module__ == module.__name__
    }
