"""Checks the entries of a log one after another: what each must be, given all before it.

Every entry is hashed; its chain, its id and the standing of its key are judged from an outline
of it in about two microseconds. What needs the whole entry (its form to the last byte, its signature)
is handed out as jobs (`ledger.audits.leaf_checks`), except for the few entries that decide which keys count.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import count
from typing import Final

import msgspec

from ledger.audits.faults import (
    ActorNotRegistered,
    AuditFault,
    ChainBroken,
    EntryAltered,
    EntryMissing,
    EntrySignatureBad,
    IdRepeated,
    KeyStatementFalse,
    OthersDepend,
    SubjectIndexFalse,
)
from ledger.audits.indexed_heads import Head, Trail, index_fault
from ledger.audits.leaf_checks import Blemish, Job
from ledger.audits.log_source import Page
from ledger.entry import GENESIS, Entry, ManifestPlace, parse_leaf
from ledger.errors import BadSignature, DaodiError, Said
from ledger.keyring.key_book import KeyBook
from ledger.keyring.key_statements import KEY_KINDS, REGISTERED
from ledger.manifests.manifest import KIND as MANIFEST
from ledger.manifests.manifest_book import ManifestBook
from ledger.manifests.manifest_faults import ManifestUnfinished, ManifestUnsound, NotUnderManifest
from ledger.note import NoteKey
from ledger.subjects.subject_index import KIND as SUBJECTS

_START: Final = bytes.fromhex(GENESIS)
_UNUSUAL: Final = KEY_KINDS | {SUBJECTS}
_TRAIL: Final = 1 << 17
"""How many entries back the heads of all subjects can be told: more than ever lie between two checkpoints."""
_NO_OUTLINE: Final = Said("读不出各成员", "its members cannot be read")
_OTHER_BYTES: Final = (EntryMissing, EntryAltered, EntrySignatureBad)
"""Faults of entries whose bytes may have been others when their tiles were written."""
_HASH: Final = Said("字节与存储的哈希不符", "its bytes do not give its stored hash")
_COLUMNS: Final = Said("与所在行的列不符", "it contradicts the columns of its row")


class _Outline(msgspec.Struct, gc=False):
    """The members of a leaf that its place in the log depends on."""

    actor: str
    id: str
    kind: str
    log: str
    prev: str
    seq: int
    subject: str
    manifest: str | None = None


_outline = msgspec.json.Decoder(_Outline).decode
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What it raises for bytes that are no leaf, deeply nested ones among them."""


class Replay:
    """The state of a replay: keys that count, ids used, heads of subjects, faults found."""

    def __init__(self, log: NoteKey, digests_of: Callable[[str], bytes | None]) -> None:
        """`digests_of` gives kept digests of a manifest."""
        self.faults: list[AuditFault] = []
        self.book = KeyBook(log)
        self.manifests = ManifestBook(digests_of)
        self.heads: dict[str, Head] = {}
        """By subject: how far it reaches."""
        self.trail: Trail = deque(maxlen=_TRAIL)
        self.replayed = 0
        self._log = log
        # Whole ids: of a hash that met another, whoever serves the log need not show the first again.
        self._first_use: dict[str, int] = {}
        self._faulty: list[int] = []
        self._malformed: set[int] = set()
        self._failed: dict[str, int] = {}
        """The entry that should have brought in a key or a manifest, by its id, and is at fault itself."""
        self._depending: dict[int, set[int]] = {}

    def faulty_between(self, begin: int, end: int) -> bool:
        """Say whether a faulty entry from `begin` to `end - 1` explains a hash that differs."""
        place = bisect_left(self._faulty, begin)
        return place < len(self._faulty) and self._faulty[place] < end

    def page(self, page: Page) -> list[bytes | None]:
        """Check the entries of a page and return their leaf hashes; None for an entry that is missing."""
        hashes = [None if leaf is None else sha256(b"\x00" + leaf).digest() for leaf in page.leaves]
        heads, trail, active, ids = self.heads, self.trail, self.book.active, self._first_use
        origin, unusual = self._log.name, _UNUSUAL
        columns = page.columns or ()
        for index, leaf, hashed in zip(count(page.begin), page.leaves, hashes, strict=False):
            if leaf is None or hashed is None:
                self.fault(EntryMissing(index=index, expected=index, found="—"))
                continue
            try:
                said = _outline(leaf)
            except _UNREADABLE:
                self._without_outline(index, leaf)
                continue
            head = heads.get(said.subject) or (said.subject, 0, _START)
            if said.seq != head[1] or said.prev != head[2].hex():
                self.fault(ChainBroken(index=index, subject=said.subject))
            trail.append(head)
            # Going on from what stands here keeps one fault from being reported at every later entry.
            heads[said.subject] = (head[0], said.seq + 1, hashed)
            first = ids.setdefault(said.id, index)
            if first != index:
                self.fault(IdRepeated(index=index, first=first, id=said.id))
            if said.actor not in active or said.kind in unusual or said.log != origin:
                self._look_closer(index, leaf, said)
            if columns:
                self._compare(index, columns[index - page.begin], (hashed, said.id, said.subject, said.seq))
        self.replayed += len(hashes) - hashes.count(None)
        return hashes

    def _look_closer(self, index: int, leaf: bytes, said: "_Outline") -> None:
        """Judge an entry of another log, one whose key does not count, or one that changes what counts."""
        if said.log != self._log.name:
            self.fault(EntryAltered(index=index, reason=Said("属于另一个账本", "made for another log")))
        if said.kind in KEY_KINDS:
            self._key_statement(index, leaf)
            self._note_failed_key(index, said)
        elif said.actor not in self.book.active:
            self._unregistered(index, said.actor)
        elif said.kind == SUBJECTS:
            self._subject_index(index, leaf)

    def jobs(self, page: Page) -> list[Job]:
        """Return what of a page is left to check elsewhere, after looking at its manifests and members.

        Statements about keys were verified on the way; entries of unknown keys have no key to verify with.
        """
        left: list[Job] = []
        for index, leaf in enumerate(page.leaves, page.begin):
            if leaf is None:
                continue
            try:
                said = _outline(leaf)
            except _UNREADABLE:
                continue
            if said.manifest is not None or said.kind == MANIFEST:
                self._manifest(index, leaf)
            state = self.book.states.get(said.actor)
            raw = None if state is None or said.kind in KEY_KINDS else state.key.raw
            left.append((index, leaf, raw))
        return left

    def blemished(self, blemishes: Iterable[Blemish]) -> None:
        """Note what the checks elsewhere found."""
        for found in blemishes:
            if found.forged_key:
                self.fault(EntrySignatureBad(index=found.index, key=found.forged_key))
            else:
                self._is_malformed(found.index, found.reason)

    def finish(self) -> None:
        """Note what only the end of the log shows: manifests that could not be judged."""
        for each in self.manifests.unfinished():
            self.fault(ManifestUnfinished(index=each.index, count=each.count, logged=each.logged))

    def depending(self) -> list[OthersDepend]:
        """Return, for each entry at fault, how many others cannot be judged because of it."""
        return [OthersDepend(index=cause, count=len(each)) for cause, each in self._depending.items()]

    def malformed(self, index: int) -> bool:
        """Say whether the bytes at `index` are no entry."""
        return index in self._malformed

    def fault(self, fault: AuditFault) -> None:
        """Note a fault at its index."""
        self.faults.append(fault)
        if isinstance(fault, _OTHER_BYTES):
            insort(self._faulty, fault.index)

    def _note_failed_key(self, index: int, said: _Outline) -> None:
        if said.kind == REGISTERED and said.actor not in self.book.states:
            self._failed.setdefault(said.actor, index)

    def _unregistered(self, index: int, actor: str) -> None:
        if actor in self.book.states or not self._depends(index, actor):
            self.fault(ActorNotRegistered(index=index, key=actor))

    def _depends(self, index: int, needed: str) -> bool:
        """Note that an entry needs a key or manifest that is at fault itself; False where none is.

        Of bytes that cannot be read, nobody can tell which key they brought in; a single such entry is taken
        for the one that is missed.
        """
        cause = self._failed.get(needed)
        if cause is None and len(self._malformed) == 1:
            cause = next(iter(self._malformed))
        if cause is None or cause >= index:
            return False
        self._failed.setdefault(needed, cause)
        self._depending.setdefault(cause, set()).add(index)
        return True

    def _compare(self, index: int, stored: object, given: tuple[bytes, str, str, int]) -> None:
        if stored != given and isinstance(stored, tuple):
            self.fault(EntryAltered(index=index, reason=_HASH if stored[0] != given[0] else _COLUMNS))

    def _without_outline(self, index: int, leaf: bytes) -> None:
        """Name the fault of bytes that give no outline: nothing else of them can be checked."""
        if self._read(index, leaf) is not None:
            self._is_malformed(index, _NO_OUTLINE)

    def _read(self, index: int, leaf: bytes) -> Entry | None:
        """Return the entry whose bytes these are, or None and note why they are none."""
        try:
            return parse_leaf(leaf)
        except DaodiError as error:
            self._is_malformed(index, error)
            return None

    def _is_malformed(self, index: int, reason: Said | DaodiError) -> None:
        """Note, once, that the bytes at `index` are no entry."""
        if index not in self._malformed:
            self._malformed.add(index)
            self.fault(EntryAltered(index=index, reason=reason))

    def _key_statement(self, index: int, leaf: bytes) -> None:
        """Take in a statement about a key if it counts: it decides about everything after it."""
        entry = self._read(index, leaf)
        if entry is None:
            return
        try:
            entry.signed.verify(self.book.check(index, entry.signed))
        except BadSignature:
            self.fault(EntrySignatureBad(index=index, key=entry.signed.actor))
        except DaodiError as error:
            signer = entry.signed.actor
            known = entry.statement.kind == REGISTERED or signer in self.book.states
            if not known and self._depends(index, signer):
                return
            self.fault(
                KeyStatementFalse(index=index, reason=error)
                if index
                else ActorNotRegistered(index=0, key=self._log.key.key_id)
            )
        else:
            self.book.take(index, entry)

    def _subject_index(self, index: int, leaf: bytes) -> None:
        entry = self._read(index, leaf)
        if entry is None:
            return
        reason: Said | DaodiError | None
        try:
            self.book.check(index, entry.signed)
            reason = index_fault(index, entry, self.heads, self.trail)
        except DaodiError as error:
            reason = error
        if reason is not None:
            self.fault(SubjectIndexFalse(index=index, reason=reason))

    def _manifest(self, index: int, leaf: bytes) -> None:
        """Judge a manifest, or an entry that names one."""
        entry = self._read(index, leaf)
        if entry is None:
            return
        if entry.statement.kind == MANIFEST:
            self._take_manifest(index, entry)
        elif reason := self.manifests.fault(entry):
            named = entry.signed.signature
            if not (isinstance(named, ManifestPlace) and self._lacks(index, named.manifest)):
                self.fault(NotUnderManifest(index=index, reason=reason))

    def _take_manifest(self, index: int, entry: Entry) -> None:
        try:
            entry.signed.verify(self.book.key(entry.signed.actor))
            unsound: Said | DaodiError | None = self.manifests.take(index, entry.signed)
        except DaodiError as error:
            unsound = error
        if unsound is None:
            return
        name, signer = entry.statement.id, entry.signed.actor
        if signer in self._failed and signer not in self.book.states:
            self._failed[name] = self._failed[signer]  # it is counted among what depends on that already
            return
        if not self.manifests.passed(name):
            self._failed[name] = index
        self.fault(ManifestUnsound(index=index, reason=unsound))

    def _lacks(self, index: int, manifest: str) -> bool:
        """Note that an entry's manifest was not taken in because it is at fault itself."""
        return not self.manifests.passed(manifest) and self._depends(index, manifest)
