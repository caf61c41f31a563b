"""Puts the evidence 证据 of a code or of subjects together: all that a stranger needs, under one checkpoint.

Knows the log and nothing of herbs: whoever asks names the statements, the subjects and the code.
`ledger.verify` checks what is written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import orjson
from sqlmodel import Session

from ledger import log, store
from ledger.canonical import JsonValue, canonical
from ledger.keyring.key_statements import KEY_KINDS
from ledger.manifests.manifest import split_digests
from ledger.manifests.manifest_store import digests_by_id
from ledger.merkle import nodes_of
from ledger.note import encode_base64
from ledger.proofs.evidence_errors import EvidenceTooLarge, NoEvidenceYet
from ledger.proofs.joint_proof import prove_together, spans_of, spans_of_paths
from ledger.subjects.subject_index_errors import NoSubjectIndexYet
from ledger.subjects.subject_index_proofs import newest_index, proof_under
from ledger.subjects.subject_index_source import LoggedIndex
from ledger.tree.hot_tiles import HotTiles
from ledger.tree.tiles import node_reader
from ledger.writing.bulk import ask

FORMAT: Final = "daodi-evidence@v1"
MAX_ENTRIES: Final = 4_096
"""More than any pack has; a verifier on a phone refuses more."""

_LOOSE: Final = ("codes/", "log/subjects")
"""Subjects of which one entry is shown and not the history."""
_LOG_KEYS: Final = "log/keys"
_HISTORIES: Final = ("lot/", "key/", _LOG_KEYS)
"""Subjects of which a verifier demands to see that nothing newer was hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A trace code, the statement that issued its batch and the one that put it to use."""

    code: str
    issued: str
    count: int
    """How many codes the batch has."""
    place: int
    path: tuple[bytes, ...]
    """Its inclusion path among them (RFC 9162, section 2.1.3.1)."""
    step: str


def evidence(
    session: Session,
    statements: Iterable[str] = (),
    subjects: Iterable[str] = (),
    code: IssuedCode | None = None,
    hot: HotTiles | None = None,
) -> bytes:
    """Return the evidence file for these statements, subjects and code, under the published checkpoint.

    The histories of all subjects that the statements are about are in it, whole. What the checkpoint does
    not cover yet is left out, and so is a code whose statements it does not cover. Raises
    `NoCheckpointYet`, `LogNotFounded`, `EvidenceTooLarge`, or `NoEvidenceYet` when nothing is left.
    """
    head = log.checkpoint(session)
    gathered = _Gathered(session, head.size)
    wanted = list(statements)
    gathered.statements([*wanted, code.issued, code.step] if code else wanted)
    gathered.histories(subjects)
    if not gathered.leaves:
        raise NoEvidenceYet
    indexed = _newest_index(session, head.size)
    if indexed is not None:
        gathered.statements([indexed.index.statement_id])
    gathered.close()
    leaves = [gathered.leaves[index] for index in sorted(gathered.leaves)]
    places = _in_manifests(session, leaves)
    node = hot.reader(session, head.size) if hot else node_reader(store.tile_reader(session))
    proof = prove_together(sorted(gathered.leaves), head.size, spans_of(node))
    return canonical(
        {
            "checkpoint": head.text.removesuffix("\n").split("\n"),
            "code": _code(code, {leaf.id: leaf.index for leaf in leaves}),
            "complete": None if indexed is None else _complete(session, indexed, leaves),
            "disclosures": [],
            "entries": [_entry(leaf, places) for leaf in leaves],
            "format": FORMAT,
            "hashes": _joined(proof),
        }
    )


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What a stored entry says about what else is needed to check it."""

    index: int
    raw: bytes
    id: str
    subject: str
    keys: tuple[str, ...]
    """Ids of the keys whose standing decides about it: its signer's, and those it is about."""
    manifest: str | None
    place: int


@dataclass(slots=True)
class _Gathered:
    """The entries below one size that belong together."""

    session: Session
    size: int
    leaves: dict[int, _Leaf] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)

    def statements(self, ids: Iterable[str]) -> None:
        """Take these entries and the histories of their subjects."""
        found = self._where("statement_id", ids)
        self.histories(leaf.subject for leaf in found if not leaf.subject.startswith(_LOOSE))

    def histories(self, subjects: Iterable[str]) -> None:
        """Take every entry on these subjects."""
        wanted = set(subjects) - self.subjects
        self.subjects |= wanted
        self._where("subject", wanted)

    def close(self) -> None:
        """Take what the entries need to be checked: the histories of their keys, their manifests."""
        self.histories([_LOG_KEYS])
        counted = 0
        while len(self.leaves) != counted:
            counted = len(self.leaves)
            self.histories([f"key/{key}" for leaf in self.leaves.values() for key in leaf.keys])
            self.statements({leaf.manifest for leaf in self.leaves.values() if leaf.manifest})

    def _where(self, column: str, values: Iterable[str]) -> list[_Leaf]:
        rows = ask(
            self.session,
            f"SELECT entry_index, BYTES(leaf) FROM ledger_entry WHERE {column} AMONG ? AND entry_index < ?",  # noqa: S608  one of two names of ours
            list(values),
            self.size,
        )
        found = [_leaf(index, raw) for index, raw in rows]
        self.leaves |= {leaf.index: leaf for leaf in found}
        if len(self.leaves) > MAX_ENTRIES:
            raise EvidenceTooLarge(count=len(self.leaves), limit=MAX_ENTRIES)
        return found


def _newest_index(session: Session, below: int) -> LoggedIndex | None:
    try:
        return newest_index(session, below)
    except NoSubjectIndexYet:
        return None


def _complete(session: Session, indexed: LoggedIndex, leaves: Sequence[_Leaf]) -> dict[str, JsonValue]:
    """Return the index's leaf of every history shown that begins below its size."""
    index = indexed.index
    subjects = sorted(
        {leaf.subject for leaf in leaves if leaf.index < index.size and leaf.subject.startswith(_HISTORIES)}
    )
    proofs = [proof_under(session, indexed, subject).newest for subject in subjects]
    found = {proof.position: proof for proof in proofs if proof is not None}
    spans = spans_of_paths({place: proof.path for place, proof in found.items()}, index.count)
    heads: list[JsonValue] = [
        {
            "count": proof.head.count,
            "head": proof.head.head.hex(),
            "place": place,
            "subject": proof.head.subject,
        }
        for place, proof in sorted(found.items())
    ]
    hashes = _joined(prove_together(found, index.count, spans))
    return {"entry": indexed.entry_index, "hashes": hashes, "heads": heads}


def _leaf(index: int, raw: bytes) -> _Leaf:
    members = orjson.loads(raw)
    keys = [members["actor"]]
    if members["kind"] in KEY_KINDS:
        keys += [members["id"].partition("/")[2], members["public"].get("successor", members["actor"])]
    return _Leaf(
        index=index,
        raw=raw,
        id=members["id"],
        subject=members["subject"],
        keys=tuple(keys),
        manifest=members.get("manifest"),
        place=members.get("place", 0),
    )


def _in_manifests(session: Session, leaves: Sequence[_Leaf]) -> dict[str, dict[int, list[bytes]]]:
    """Return the joint proof of each place that an entry has in a manifest; one hashing of it serves all."""
    wanted: dict[str, list[int]] = {}
    for leaf in leaves:
        if leaf.manifest is not None:
            wanted.setdefault(leaf.manifest, []).append(leaf.place)
    found: dict[str, dict[int, list[bytes]]] = {}
    for name, digests in digests_by_id(session, wanted).items():
        hashes = split_digests(digests)
        span = cache(spans_of(nodes_of(hashes)))
        found[name] = {place: prove_together([place], len(hashes), span) for place in wanted[name]}
    return found


def _entry(leaf: _Leaf, places: Mapping[str, Mapping[int, Sequence[bytes]]]) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {"index": leaf.index, "leaf": leaf.raw.decode()}
    if leaf.manifest is not None:
        shown["path"] = _joined(places.get(leaf.manifest, {}).get(leaf.place, ()))
    return shown


def _in_order(path: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """Return a single inclusion path in the order of a joint proof."""
    return prove_together([index], size, spans_of_paths({index: path}, size))


def _code(code: IssuedCode | None, index_of: Mapping[str, int]) -> JsonValue:
    if code is None or code.issued not in index_of or code.step not in index_of:
        return None
    return {
        "code": code.code,
        "issued": index_of[code.issued],
        "path": _joined(_in_order(code.path, code.place, code.count)),
        "place": code.place,
        "step": index_of[code.step],
    }


def _joined(hashes: Sequence[bytes]) -> str:
    return encode_base64(b"".join(hashes))
