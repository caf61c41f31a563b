"""What a party states, its signature, and the entry the log keeps of it.

A statement is made and signed by its party. The log's one writer then places it: `seq`
counts the entries on one subject and `prev` names the one before, so that a gap or a fork
in a lot's history shows. Both stand in the leaf, hence under the tree's root, but not under
the party's signature. Nothing here reads a clock, a database or a network.
docs/ledger-format.md, sections 2 to 4, fixes the bytes.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import LeafTooLarge, MalformedLeaf, MalformedStatement
from ledger.keys import SIGNATURE_SIZE, PublicKey, SigningKey
from ledger.manifests.manifest_errors import SignedByManifest
from ledger.merkle import leaf_hash

VERSION: Final = 1
MAX_LEAF_SIZE: Final = 65_535
"""A tlog-tiles entry bundle prefixes each entry with its length as a uint16."""
GENESIS: Final = "0" * 64
"""`prev` of the first entry on a subject."""
STATEMENT_DOMAIN: Final = b"daodi/statement/v1\n"
"""What every statement signature begins with, so that it can never be taken for another kind."""

_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_KIND: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
# Without white space and without what Unicode calls default ignorable (DerivedCoreProperties.txt):
# with one of those, two subjects with two histories would look like one.
_SUBJECT: Final = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]{1,200}"
)
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ACTOR: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_UNSIGNED: Final = frozenset(
    ("v", "log", "id", "kind", "subject", "at_ms", "actor", "public", "digests", "refs", "seq", "prev")
)
_MEMBERS: Final = (_UNSIGNED | {"sig"}, _UNSIGNED | {"manifest", "place"})
"""A leaf has one or the other: a signature of its own, or its place in a signed manifest."""

MAX_MANIFEST: Final = 10_000
"""Most statements under one manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one party says about one subject. Raises `MalformedStatement` when a part lacks its form."""

    id: str
    """Unique for ever within a log; made by the party, so that a repeat is recognised."""
    kind: str
    """"step", "key.registered", "codes.issued", "release", …"""
    subject: str
    """What the statement is about, such as `lot/BS-24-0001`; its entries form one chain."""
    at_ms: int
    """When the party says it speaks: epoch milliseconds, UTC."""
    public: Mapping[str, JsonValue]
    """What everybody may read."""
    digests: tuple[str, ...] = ()
    """Salted digests (`ledger.private.disclosure`) of what only some may read; order carries no meaning."""
    refs: tuple[str, ...] = ()
    """Ids of earlier statements this one builds on."""

    def __post_init__(self) -> None:
        _check("id", self.id, _ID)
        _check("kind", self.kind, _KIND)
        _check("subject", self.subject, _SUBJECT)
        if type(self.at_ms) is not int or not 0 <= self.at_ms < 2**53:  # True would be written `true`
            raise MalformedStatement(member="at_ms", value=self.at_ms, form="0 … 2^53-1")
        for digest in self.digests:
            _check("digests", digest, _DIGEST)
        for ref in self.refs:
            _check("refs", ref, _ID)


@dataclass(frozen=True, slots=True)
class ManifestPlace:
    """Where a statement without a signature of its own stands in a manifest (`ledger.manifests.manifest`).

    Raises `MalformedStatement` when a part lacks its form.
    """

    manifest: str
    """Id of the statement that signs for it."""
    place: int
    """Its position among the manifest's statements, from 0."""

    def __post_init__(self) -> None:
        _check("manifest", self.manifest, _ID)
        if type(self.place) is not int or not 0 <= self.place < MAX_MANIFEST:
            raise MalformedStatement(member="place", value=self.place, form=f"0 … {MAX_MANIFEST - 1}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """A statement bound to one log and vouched for by one key."""

    statement: Statement
    origin: str
    """Name of the log it is meant for; signed, so that it cannot be replayed to another."""
    actor: str
    """`key_id` of the signing key."""
    signature: bytes | ManifestPlace
    """The actor's own signature, or where the statement stands in a manifest the actor signed."""

    def members(self) -> dict[str, JsonValue]:
        """Return the members the signature covers (docs/ledger-format.md, section 2)."""
        said = self.statement
        return {
            "v": VERSION,
            "log": self.origin,
            "id": said.id,
            "kind": said.kind,
            "subject": said.subject,
            "at_ms": said.at_ms,
            "actor": self.actor,
            "public": said.public,
            "digests": sorted(said.digests),
            "refs": list(said.refs),
        }

    def signing_input(self) -> bytes:
        """Return the bytes that are signed: domain, length as uint64, canonical members."""
        body = canonical(self.members())
        return STATEMENT_DOMAIN + len(body).to_bytes(8, "big") + body

    def verify(self, key: PublicKey) -> None:
        """Raise `BadSignature` unless `key` signed this so that every verifier agrees.

        Raises `SignedByManifest` for a statement without a signature of its own: what vouches for
        that is its manifest (`ledger.manifests.manifest.verify_membership`).
        """
        if isinstance(self.signature, ManifestPlace):
            raise SignedByManifest(id=self.statement.id, manifest=self.signature.manifest)
        key.verify(self.signing_input(), self.signature)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A signed statement placed after the entries on its subject that came before."""

    signed: SignedStatement
    seq: int
    """How many entries the subject had before this one."""
    prev: str
    """Leaf hash, in hex, of the subject's entry before; `GENESIS` for the first."""

    @property
    def statement(self) -> Statement:
        """What was stated."""
        return self.signed.statement

    @cached_property
    def leaf_bytes(self) -> bytes:
        """The bytes the log keeps and hashes. Raises `LeafTooLarge`, `NotCanonical`."""
        members = self.signed.members()
        vouched = self.signed.signature
        if isinstance(vouched, ManifestPlace):
            members["manifest"], members["place"] = vouched.manifest, vouched.place
        else:
            members["sig"] = base64.b64encode(vouched).decode()
        members["seq"] = self.seq
        members["prev"] = self.prev
        leaf = canonical(members)
        if len(leaf) > MAX_LEAF_SIZE:
            raise LeafTooLarge(length=len(leaf), limit=MAX_LEAF_SIZE)
        return leaf

    @cached_property
    def leaf_hash(self) -> bytes:
        """SHA-256(0x00 || leaf): what the tree holds, and the subject's next entry names."""
        return leaf_hash(self.leaf_bytes)


def sign_statement(statement: Statement, origin: str, key: SigningKey) -> SignedStatement:
    """Sign `statement` for the log named `origin`.

    Raises `NotCanonical` when the public part breaks a rule of the canonical form.
    """
    draft = SignedStatement(statement=statement, origin=origin, actor=key.public.key_id, signature=b"")
    signature = key.sign(draft.signing_input())
    return SignedStatement(statement=statement, origin=origin, actor=draft.actor, signature=signature)


def parse_leaf(leaf: bytes) -> Entry:
    """Return the entry whose leaf bytes are exactly `leaf`.

    Raises `LeafTooLarge`, `NotCanonical`, `MalformedLeaf` (naming the member at fault) or
    `MalformedStatement`. The signature is parsed, not verified.
    """
    if len(leaf) > MAX_LEAF_SIZE:
        raise LeafTooLarge(length=len(leaf), limit=MAX_LEAF_SIZE)
    value = parse(leaf)
    if not isinstance(value, Mapping) or value.keys() not in _MEMBERS:
        raise MalformedLeaf(member="members")
    taken = _Members(value)
    statement = Statement(
        id=taken.text("id"),
        kind=taken.text("kind"),
        subject=taken.text("subject"),
        at_ms=taken.integer("at_ms"),
        public=taken.mapping("public"),
        digests=taken.texts("digests"),
        refs=taken.texts("refs"),
    )
    signed = SignedStatement(
        statement=statement,
        origin=taken.text("log"),
        actor=taken.matching("actor", _ACTOR),
        signature=taken.signature() if "sig" in value else taken.manifest_place(),
    )
    entry = Entry(signed=signed, seq=taken.integer("seq"), prev=taken.matching("prev", _HASH))
    if taken.integer("v") != VERSION or entry.seq < 0 or entry.leaf_bytes != leaf:
        raise MalformedLeaf(
            member="v" if value["v"] != VERSION else "seq" if entry.seq < 0 else "digests, sig"
        )
    return entry


@dataclass(frozen=True, slots=True)
class _Members:
    """Takes a parsed leaf's members by name and type."""

    value: Mapping[str, JsonValue] = field()

    def text(self, name: str) -> str:
        taken = self.value[name]
        if not isinstance(taken, str):
            raise MalformedLeaf(member=name)
        return taken

    def matching(self, name: str, form: re.Pattern[str]) -> str:
        taken = self.text(name)
        if not form.fullmatch(taken):
            raise MalformedLeaf(member=name)
        return taken

    def integer(self, name: str) -> int:
        taken = self.value[name]
        if not isinstance(taken, int) or isinstance(taken, bool):
            raise MalformedLeaf(member=name)
        return taken

    def mapping(self, name: str) -> Mapping[str, JsonValue]:
        taken = self.value[name]
        if not isinstance(taken, Mapping):
            raise MalformedLeaf(member=name)
        return taken

    def texts(self, name: str) -> tuple[str, ...]:
        taken = self.value[name]
        if not isinstance(taken, list) or not all(isinstance(text, str) for text in taken):
            raise MalformedLeaf(member=name)
        return tuple(str(text) for text in taken)

    def manifest_place(self) -> ManifestPlace:
        return ManifestPlace(self.text("manifest"), self.integer("place"))

    def signature(self) -> bytes:
        try:
            signature = base64.b64decode(self.text("sig"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedLeaf(member="sig") from error
        if len(signature) != SIGNATURE_SIZE:
            raise MalformedLeaf(member="sig")
        return signature


def _check(member: str, value: str, form: re.Pattern[str]) -> None:
    if not form.fullmatch(value):
        raise MalformedStatement(member=member, value=ascii(value[:80]), form=form.pattern)
