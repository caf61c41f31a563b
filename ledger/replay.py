"""Checks the entries of a log one after another: what each must be, given all before it."""

from bisect import bisect_left, insort

from ledger.entry import GENESIS, Entry, parse_leaf
from ledger.errors import DaodiError, Said
from ledger.faults import (
    ActorNotRegistered,
    AuditFault,
    ChainBroken,
    EntryAltered,
    EntryMissing,
    EntrySignatureBad,
    IdRepeated,
)
from ledger.keys import PublicKey
from ledger.merkle import leaf_hash
from ledger.note import NoteKey
from ledger.registration import KIND, registered_key
from ledger.tables import EntryRow


class Replay:
    """The state of a replay: keys registered, ids used, heads of subjects, faults found."""

    def __init__(self, log: NoteKey) -> None:
        self.faults: list[AuditFault] = []
        self._log = log
        self._keys: dict[str, PublicKey] = {}
        self._first_use: dict[str, int] = {}
        self._heads: dict[str, tuple[int, str]] = {}
        self._faulty: list[int] = []

    def faulty_between(self, begin: int, end: int) -> bool:
        """Say whether an entry with an index from `begin` to `end - 1` was found at fault."""
        place = bisect_left(self._faulty, begin)
        return place < len(self._faulty) and self._faulty[place] < end

    def missing(self, index: int) -> None:
        """Note that no entry stands at `index`."""
        self._fault(EntryMissing(index=index, expected=index, found="—"))

    def entry(self, row: EntryRow) -> bytes:
        """Check one stored entry and return the leaf hash its bytes give."""
        index, leaf = row.entry_index, row.leaf
        hashed = leaf_hash(leaf)
        if hashed != row.leaf_hash:
            self._fault(
                EntryAltered(
                    index=index, reason=Said("字节与存储的哈希不符", "its bytes do not give its stored hash")
                )
            )
        try:
            entry = parse_leaf(leaf)
        except DaodiError as error:
            self._fault(EntryAltered(index=index, reason=error))
            return hashed
        if entry.signed.origin != self._log.name:
            self._fault(EntryAltered(index=index, reason=Said("属于另一个账本", "made for another log")))
        said = entry.statement
        if (said.id, said.subject, entry.seq) != (row.statement_id, row.subject, row.seq):
            self._fault(
                EntryAltered(
                    index=index, reason=Said("与所在行的列不符", "it contradicts the columns of its row")
                )
            )
        self._check_id(index, said.id)
        self._check_chain(index, entry, hashed)
        self._check_signature(index, entry)
        return hashed

    def _check_id(self, index: int, statement_id: str) -> None:
        first = self._first_use.setdefault(statement_id, index)
        if first != index:
            self._fault(IdRepeated(index=index, first=first, id=statement_id))

    def _check_chain(self, index: int, entry: Entry, hashed: bytes) -> None:
        subject = entry.statement.subject
        seq, head = self._heads.get(subject, (0, GENESIS))
        if (entry.seq, entry.prev) != (seq, head):
            self._fault(ChainBroken(index=index, subject=subject))
        # Going on from what stands here keeps one fault from being reported at every later entry.
        self._heads[subject] = (entry.seq + 1, hashed.hex())

    def _check_signature(self, index: int, entry: Entry) -> None:
        signed = entry.signed
        try:
            if signed.statement.kind == KIND:
                key = registered_key(signed)
            elif signed.actor in self._keys:
                key = self._keys[signed.actor]
            else:
                self._fault(ActorNotRegistered(index=index, key=signed.actor))
                return
            signed.verify(key)
        except DaodiError:
            self._fault(EntrySignatureBad(index=index, key=signed.actor))
            return
        if index == 0 and key != self._log.key:
            self._fault(ActorNotRegistered(index=0, key=self._log.key.key_id))
        if signed.statement.kind == KIND:
            self._keys[key.key_id] = key

    def _fault(self, fault: AuditFault) -> None:
        self.faults.append(fault)
        if not self._faulty or self._faulty[-1] != fault.index:
            insort(self._faulty, fault.index)
