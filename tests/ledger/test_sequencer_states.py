"""A model of submit, sequence, sign, publish, crash and restore, and the real log beside it: they agree.

Hypothesis (`RuleBasedStateMachine`) looks for an order of events after which they do not.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session

from ledger import log as reading
from ledger import store
from ledger.checkpoint import open_checkpoint
from ledger.errors import DaodiError, DuplicateStatement, LogForked, NoCheckpointYet
from ledger.keyring.log_keys import fixed
from ledger.merkle import verify_consistency
from ledger.note import NoteKey
from ledger.writing import outbox
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import LOG_KEY, ORIGIN, VKEY, SmallLog, signed

GROUP = 3
LOTS = ("lot/1", "lot/2")


class Died(Exception):
    """The process is gone."""


class LogMachine(RuleBasedStateMachine):
    """What must be true of a log, whatever happens to it: kept as plain lists beside the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="daodi-states-"))
        self.keys = self.folder / "keys"
        self.keys.mkdir()
        self.log = SmallLog(f"sqlite:///{self.folder / 'log.sqlite'}")
        self.founding = 2
        self.waiting: list[str] = []
        """Ids acknowledged and not yet in the log, in order."""
        self.logged: list[str] = []
        """Ids in the log, after the two founding entries, in order."""
        self.signed = 0
        """Size of the largest checkpoint signed."""
        self.published: list[str] = []
        """Checkpoints that somebody outside saw."""
        self.backup: tuple[list[str], list[str], int] | None = None
        self.rolled_back = False
        """Whether the database stands below what was signed."""

    @initialize()
    def found(self) -> None:
        """Both registrations enter the log first."""
        self.sequencer().drain()
        self.signed = self.founding

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return self.founding + len(self.logged)

    def sequencer(self, write: Any = None) -> Sequencer:
        """A sequencer that has just started."""
        return Sequencer(write or self.log.write, ORIGIN, fixed(LOG_KEY), GROUP, KeptHeads(self.keys))

    def known(self, name: str) -> bool:
        """Whether the database has the statement."""
        return name in self.waiting or name in self.logged

    @rule(numbers=st.lists(st.integers(0, 30), min_size=1, max_size=5), lot=st.sampled_from(LOTS))
    def submit(self, numbers: list[int], lot: str) -> None:
        """A group is submitted; what was submitted before is refused, the rest acknowledged."""
        with self.log.write() as session:
            outcomes = outbox.submit_many(session, [signed(f"s{number}", lot) for number in numbers])
        for number, outcome in zip(numbers, outcomes, strict=True):
            name = f"s{number}"
            assert isinstance(outcome, DuplicateStatement) is self.known(name)
            if not self.known(name):
                self.waiting.append(name)

    @rule(number=st.integers(31, 60), lot=st.sampled_from(LOTS))
    def submit_and_crash(self, number: int, lot: str) -> None:
        """A writer dies before its commit: nothing was acknowledged, nothing is there."""
        with self.log.read() as session:
            outbox.submit_many(session, [signed(f"s{number}", lot)])
            session.rollback()

    @precondition(lambda self: not self.rolled_back)
    @rule()
    def sequence(self) -> None:
        """A drain that nothing disturbs logs and signs everything that waits."""
        assert self.sequencer().drain() == len(self.waiting)
        self.logged += self.waiting
        self.waiting = []
        self.signed = self.size

    @precondition(lambda self: not self.rolled_back)
    @rule(transactions=st.integers(1, 4), persisted=st.booleans())
    def sequence_and_crash(self, transactions: int, persisted: bool) -> None:
        """A drain dies at the commit of one of its transactions: before it or just after."""
        opened: list[None] = []

        @contextmanager
        def write() -> Iterator[Session]:
            opened.append(None)
            with self.log.write() as session:
                yield session
                if len(opened) == transactions and not persisted:
                    raise Died
            if len(opened) == transactions:
                raise Died

        # Transactions in turn: look and sign, integrate a group, look and sign, …
        needed = 1 + 2 * -(-len(self.waiting) // GROUP)
        if needed < transactions:
            self.sequencer(write).drain()
            groups = len(self.waiting)
        else:
            with pytest.raises(Died):
                self.sequencer(write).drain()
            groups = (transactions if persisted else transactions - 1) // 2
        before = self.size
        integrated = self.waiting[: groups * GROUP]
        self.logged += integrated
        self.waiting = self.waiting[len(integrated) :]
        # A checkpoint is kept beside the keys before the commit that may fail: it counts as signed.
        signing = transactions % 2 == 1
        if needed < transactions or signing:
            self.signed = self.size
        else:
            self.signed = before + (transactions // 2 - 1) * GROUP

    @precondition(lambda self: not self.rolled_back)
    @rule()
    def publish(self) -> None:
        """Somebody outside fetches the checkpoint and keeps it, if it is new."""
        with self.log.read() as session:
            try:
                head = reading.checkpoint(session)
            except NoCheckpointYet:
                return
            self.check_continues(session, head.text)
        if head.text not in self.published:
            self.published.append(head.text)

    def check_continues(self, session: Session, note: str) -> None:
        """Prove the new head from the last one that was seen."""
        if not self.published:
            return
        trusted = NoteKey.from_vkey(VKEY)
        old, new = open_checkpoint(self.published[-1], trusted), open_checkpoint(note, trusted)
        assert old.size <= new.size
        proof = reading.consistency(session, old.size, new.size)
        verify_consistency(old.size, new.size, old.root, new.root, proof)

    @precondition(lambda self: not self.rolled_back)
    @rule()
    def back_up(self) -> None:
        """The database is copied, between transactions."""
        self.log.engine.dispose()
        shutil.copy(self.folder / "log.sqlite", self.folder / "backup.sqlite")
        self.backup = (list(self.waiting), list(self.logged), self.signed)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """The copy takes the database's place; the keys and the head beside them stay."""
        assert self.backup is not None
        self.log.engine.dispose()
        shutil.copy(self.folder / "backup.sqlite", self.folder / "log.sqlite")
        waiting, logged, _ = self.backup
        self.waiting, self.logged = list(waiting), list(logged)
        self.rolled_back = self.size < self.signed

    @precondition(lambda self: self.rolled_back)
    @rule()
    def sequence_after_restore(self) -> None:
        """A database older than what was signed is refused: nothing is integrated, nothing signed."""
        with pytest.raises(LogForked):
            self.sequencer().drain()

    @invariant()
    def the_log_is_the_model(self) -> None:
        """Entries, order and heads are the model's."""
        with self.log.read() as session:
            try:
                size = store.extent_of(session).size
            except DaodiError:
                return
            if not self.signed:
                return
            names = [reading.entry_at(session, index).entry.statement.id for index in range(2, size)]
            head = store.last_checkpoint(session)
            waits = outbox.waiting(session)
        assert names == self.logged
        assert waits == len(self.waiting)
        assert head is not None
        assert head.size <= self.signed
        found = KeptHeads(self.keys).read()
        assert found is not None
        assert found[0] == self.signed

    def teardown(self) -> None:
        """In the end the whole log is audited against every head that anybody saw."""
        report = self.log.audit(kept=() if self.rolled_back else tuple(self.published))
        self.log.engine.dispose()
        shutil.rmtree(self.folder)
        assert report.ok, report.faults


TestLogMachine = LogMachine.TestCase
TestLogMachine.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
