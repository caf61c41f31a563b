"""Receipts and disclosure files, checked as evidence of one entry: what each of them shows, and no more.

A receipt (`c2sp.org/tlog-proof@v1`) holds an entry, the registration of its key and the manifest that vouches
for it, each with an inclusion proof of its own; a disclosure file holds a receipt and some of the values the
entry commits to. Neither shows that nothing newer was hidden. docs/ledger-format.md, sections 9 and 10.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.errors import Said
from ledger.verify import ed25519
from ledger.verify.checks import EvidenceCheck
from ledger.verify.encodings import HASH_SIZE, decoded
from ledger.verify.evidence import MAX_BYTES, Evidence, Shown
from ledger.verify.faults import Refused
from ledger.verify.leaves import Leaf
from ledger.verify.policies import Policy
from ledger.verify.standing import REGISTERED, Standing, Standings
from ledger.verify.strict_json import Json, count, listed, members, text
from ledger.verify.trees import in_order, root_from
from ledger.verify.verdicts import Verdict

HEADER: Final = b"c2sp.org/tlog-proof@v1\n"
DISCLOSURES: Final = "daodi-disclosure@v1"
_EXTRAS: Final = (b"daodi-receipt@v1", b"daodi-receipt@v2")
_BLOCKS: Final = (b"registration", b"manifest", b"path")
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")


def check_file(raw: bytes, policy: Policy) -> Verdict:
    """Check an evidence file, a receipt or a disclosure file against whom the verifier trusts."""
    if raw.startswith(HEADER):
        return _ReceiptCheck(raw, policy, ()).verdict()
    found = _disclosures_in(raw)
    if found is not None:
        return _ReceiptCheck(found[0].encode("utf-8", "replace"), policy, found[1], found[2]).verdict()
    return EvidenceCheck(raw, policy).verdict()


@dataclass(frozen=True, slots=True)
class _Proven:
    """A leaf, its index and its inclusion proof."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]


class _ReceiptCheck(EvidenceCheck):
    """The checks of an evidence file, of those entries that a receipt holds."""

    def __init__(
        self, raw: bytes, policy: Policy, disclosures: Sequence[str], statement: str | None = None
    ) -> None:
        super().__init__(raw, policy)
        self._shown, self._statement = disclosures, statement
        self._proofs: dict[int, tuple[bytes, ...]] = {}
        self._about = -1

    def _form(self) -> Said:
        own, others, path, note = _parts(self.raw)
        self._about = own.index
        entries = sorted((own, *others), key=lambda each: each.index)
        self._proofs = {each.index: each.proof for each in entries}
        if len(self._proofs) != len(entries):
            raise _malformed()
        self.file = Evidence(
            checkpoint=note,
            entries=tuple(Shown(each.index, each.leaf, path if each is own else None) for each in entries),
            hashes=(),
            complete=None,
            code=None,
            disclosures=tuple((own.index, each) for each in self._shown),
        )
        return Said("", "")

    def _entries(self) -> Said:
        found = super()._entries()
        if self._statement not in (None, self.by_index[self._about].id):
            raise Refused(Said("回执属于另一条陈述", "its receipt is that of another statement"))
        return found

    def _inclusion(self) -> Said:
        if self.opened is None:
            raise _malformed()
        head = self.opened.head
        for leaf in self.leaves:
            proof = in_order(leaf.index, head.size, self._proofs[leaf.index])
            if root_from({leaf.index: leaf.hashed}, head.size, proof) != head.root:
                raise Refused(Said("推出的根不同", "they lead to another root"))
        return Said("", "")

    def _keys(self) -> Said:
        """The log's trusted keys count without a registration; every other key needs one at a lower index."""
        standings = Standings()
        registered = {leaf.actor for leaf in self.leaves if leaf.kind == REGISTERED}
        for key in self.policy.logs:
            key_id = ed25519.key_id(key.raw)
            if self.opened is not None and key.name == self.opened.log and key_id not in registered:
                standings.known[key_id] = Standing(key.raw, key.name, is_log=True)
        self.keys = [standings.take(leaf) for leaf in self.leaves]
        number = len({leaf.actor for leaf in self.leaves})
        return Said(f"{number} 把密钥", f"{number} keys")

    def _signatures(self) -> Said:
        by_id = {leaf.id: leaf for leaf in self.leaves}
        entries = tuple(self._shown_in_order(each, by_id) for each in self.file.entries)
        self.file = replace(self.file, entries=entries)
        return super()._signatures()

    def _shown_in_order(self, shown: Shown, by_id: Mapping[str, Leaf]) -> Shown:
        """Return the entry with its path in its manifest, if it has one, as evidence holds it."""
        leaf = self.by_index[shown.index]
        manifest = by_id.get(leaf.manifest or "")
        if shown.path is None or manifest is None:
            return shown
        size = count(manifest.public.get("count"))
        return replace(shown, path=in_order(leaf.place, size, shown.path))

    def _chains(self) -> None:
        """A receipt shows no chain."""


def _parts(raw: bytes) -> tuple[_Proven, list[_Proven], tuple[bytes, ...] | None, tuple[str, ...]]:
    """Return the entry, the entries it needs, its path in a manifest or None, and the note's lines."""
    try:
        head, separator, note = raw.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise _malformed() from error
    lines = head.split("\n")
    if not separator or len(raw) > MAX_BYTES or len(lines) < 3 or f"{lines[0]}\n".encode() != HEADER:
        raise _malformed()
    if not lines[1].startswith("extra ") or not note.endswith("\n"):
        raise _malformed()
    leaf, others, path = _extra(decoded(lines[1].removeprefix("extra ")))
    return _proven(leaf, lines[2:]), others, path, tuple(note[:-1].split("\n"))


def _extra(extra: bytes) -> tuple[bytes, list[_Proven], tuple[bytes, ...] | None]:
    lines = extra.split(b"\n")
    if lines[-1] or len(lines) < 3 or lines[0] not in _EXTRAS:
        raise _malformed()
    leaf, rest = lines[1], lines[2:-1]
    if lines[0] == _EXTRAS[0]:
        return leaf, [_block(rest)] if rest else [], None
    words = [line for line in rest if line in _BLOCKS]
    if words not in ([*_BLOCKS], [*_BLOCKS[1:]]) or rest[0] != words[0]:
        raise _malformed()
    begins = [rest.index(word) for word in words]
    blocks = [rest[begin + 1 : end] for begin, end in zip(begins, [*begins[1:], len(rest)], strict=True)]
    return leaf, [_block(each) for each in blocks[:-1]], _hashes([_ascii(each) for each in blocks[-1]])


def _block(lines: Sequence[bytes]) -> _Proven:
    if len(lines) < 2:
        raise _malformed()
    return _proven(lines[0], [_ascii(line) for line in lines[1:]])


def _proven(leaf: bytes, lines: Sequence[str]) -> _Proven:
    matched = _INDEX.fullmatch(lines[0])
    if matched is None:
        raise _malformed()
    return _Proven(int(matched[1]), leaf, _hashes(lines[1:]))


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    found = tuple(decoded(line) for line in lines)
    if any(len(each) != HASH_SIZE for each in found):
        raise _malformed()
    return found


def _ascii(line: bytes) -> str:
    if not line.isascii():
        raise _malformed()
    return line.decode("ascii")


def _disclosures_in(raw: bytes) -> tuple[str, list[str], str] | None:
    """Return receipt, disclosures and statement id of a disclosure file; None for another file."""
    try:
        value: Json = json.loads(raw, object_pairs_hook=_once)
        taken = members(value, "format", "statement", "disclosures", "receipt")
        shown = [text(each) for each in listed(taken["disclosures"])]
        return (
            (text(taken["receipt"]), shown, text(taken["statement"]))
            if taken["format"] == DISCLOSURES
            else None
        )
    except (ValueError, RecursionError, Refused):
        return None


def _once(pairs: Sequence[tuple[str, Json]]) -> Json:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def _malformed() -> Refused:
    return Refused(Said("不是存证回执的格式", "it does not have the form of a receipt"))
