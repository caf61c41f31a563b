"""An entry as its leaf bytes say it (docs/ledger-format.md, sections 2 to 4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Said
from ledger.verify import strict_json
from ledger.verify.encodings import decoded, leaf_hash
from ledger.verify.faults import Refused
from ledger.verify.strict_json import Json

MAX_SIZE: Final = 65_535
GENESIS: Final = "0" * 64
_DOMAIN: Final = b"daodi/statement/v1\n"
_STATEMENT: Final = ("actor", "at_ms", "digests", "id", "kind", "log", "public", "refs", "subject", "v")
_SIGNED: Final = (*_STATEMENT, "prev", "seq", "sig")
_VOUCHED: Final = (*_STATEMENT, "manifest", "place", "prev", "seq")

_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_KIND: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_SUBJECT: Final = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]{1,200}"
)
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ACTOR: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One entry at its index."""

    index: int
    hashed: bytes
    statement: bytes
    """The canonical statement: what a signature covers and a manifest counts as its leaf."""
    id: str
    kind: str
    subject: str
    at_ms: int
    actor: str
    log: str
    public: Mapping[str, Json]
    digests: tuple[str, ...]
    refs: tuple[str, ...]
    signature: bytes | None
    """None when a manifest vouches for it."""
    manifest: str | None
    place: int
    """Its position in the manifest."""
    seq: int
    prev: str

    @property
    def signing_input(self) -> bytes:
        """The bytes a signature is over (format, section 3)."""
        return _DOMAIN + len(self.statement).to_bytes(8, "big") + self.statement


def read(raw: bytes, index: int) -> Leaf:
    """Return the entry whose bytes are exactly `raw`; raises `Refused`."""
    value = strict_json.read(raw)
    if len(raw) > MAX_SIZE or not isinstance(value, dict):
        raise _malformed("")
    taken = strict_json.members(value, *(_SIGNED if "sig" in value else _VOUCHED))
    if taken["v"] != 1 or isinstance(taken["v"], bool) or not isinstance(taken["public"], dict):
        raise _malformed("v, public")
    digests = _matching(taken["digests"], _DIGEST)
    if list(digests) != sorted(digests):
        raise _malformed("digests")
    signature = decoded(strict_json.text(taken["sig"])) if "sig" in taken else None
    if signature is not None and len(signature) != 64:
        raise _malformed("sig")
    return Leaf(
        index=index,
        hashed=leaf_hash(raw),
        statement=strict_json.write({name: taken[name] for name in _STATEMENT}),
        id=_match(taken["id"], _ID),
        kind=_match(taken["kind"], _KIND),
        subject=_match(taken["subject"], _SUBJECT),
        at_ms=strict_json.count(taken["at_ms"]),
        actor=_match(taken["actor"], _ACTOR),
        log=strict_json.text(taken["log"]),
        public=taken["public"],
        digests=digests,
        refs=_matching(taken["refs"], _ID),
        signature=signature,
        manifest=_match(taken["manifest"], _ID) if "manifest" in taken else None,
        place=strict_json.count(taken["place"]) if "place" in taken else 0,
        seq=strict_json.count(taken["seq"]),
        prev=_match(taken["prev"], _HASH),
    )


def _match(value: Json, form: re.Pattern[str]) -> str:
    found = strict_json.text(value)
    if not form.fullmatch(found):
        raise _malformed(found[:40])
    return found


def _matching(value: Json, form: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(_match(each, form) for each in strict_json.listed(value))


def _malformed(member: str) -> Refused:
    return Refused(Said(f"不是本版本的记录：{member}", f"it is not an entry of this version: {member}"))


def texts(public: Mapping[str, Json], *names: str) -> Sequence[str]:
    """Return members of a public part that is exactly these strings; raises `Refused`."""
    return [strict_json.text(strict_json.members(public, *names)[name]) for name in names]
