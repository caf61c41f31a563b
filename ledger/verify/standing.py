"""Which key counts at which index, from the key statements among the entries shown.

The rules of docs/ledger-format.md, section 7: a key counts after its registration and until the entry that
rotates, revokes or retires it. The key that entry 0 registers is the log's; log.key.added makes more.
"""

import re
from dataclasses import dataclass
from typing import Final

from ledger.errors import Said
from ledger.verify import ed25519
from ledger.verify.encodings import decoded
from ledger.verify.faults import Refused
from ledger.verify.leaves import Leaf, texts

REGISTERED: Final = "key.registered"
_LOG_ONLY: Final = frozenset(("log.key.added", "log.key.retired", "subjects.indexed"))
_CHANGES: Final = frozenset(("key.rotated", "key.revoked", "log.key.added", "log.key.retired"))

_REASON: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(slots=True)
class Standing:
    """One key as the entries so far leave it."""

    raw: bytes
    holder: str
    is_log: bool
    ended: bool = False


class Standings:
    """Takes entries in index order and says whose key counts for each."""

    def __init__(self) -> None:
        self.known: dict[str, Standing] = {}

    def take(self, leaf: Leaf) -> Standing:
        """Return the key that must have signed `leaf`; then learn from it. Raises `Refused`."""
        if leaf.kind == REGISTERED:
            return self._register(leaf)
        signer = self._counting(leaf, leaf.actor)
        if leaf.kind in _LOG_ONLY and not signer.is_log:
            raise _refused(leaf, "须由账本密钥签名", "only a log key may sign it")
        if leaf.kind in _CHANGES:
            self._change(leaf, signer)
        return signer

    def _register(self, leaf: Leaf) -> Standing:
        algorithm, holder, encoded = texts(leaf.public, "algorithm", "holder", "key")
        raw = decoded(encoded)
        fits = (
            leaf.id == f"{REGISTERED}/{leaf.actor}"
            and leaf.subject == f"key/{leaf.actor}"
            and leaf.signature is not None
            and not (leaf.digests or leaf.refs)
            and algorithm == "Ed25519"
            and holder
            and ed25519.key_id(raw) == leaf.actor
        )
        if not fits or leaf.actor in self.known or not ed25519.safe(raw):
            raise _refused(leaf, "密钥登记不成立", "the registration of the key does not hold")
        self.known[leaf.actor] = Standing(raw, holder, is_log=leaf.index == 0)
        return self.known[leaf.actor]

    def _counting(self, leaf: Leaf, key: str) -> Standing:
        found = self.known.get(key)
        if found is None:
            raise _refused(leaf, "签名密钥此前没有登记", "its key was not registered before it")
        if found.ended:
            raise _refused(leaf, "签名密钥此前已轮换或吊销", "its key was rotated or revoked before it")
        return found

    def _change(self, leaf: Leaf, signer: Standing) -> None:
        kind, _, key = leaf.id.partition("/")
        about = self._counting(leaf, key)
        named = key
        if kind == "key.rotated":
            (named,) = texts(leaf.public, "successor")
            right = signer is about and named != key and not about.is_log
            right = right and self._counting(leaf, named).holder == about.holder
        elif kind == "key.revoked":
            named, reason = texts(leaf.public, "key", "reason")
            right = named == key and (signer is about or signer.is_log) and not about.is_log
            right = right and _REASON.fullmatch(reason) is not None
        else:
            (named,) = texts(leaf.public, "key")
            right = named == key and about.is_log == (kind == "log.key.retired") and signer is not about
            right = right and (about.is_log or about.holder == leaf.log)
        subject = "log/keys" if kind.startswith("log.") else f"key/{key}"
        bare = not (leaf.digests or leaf.refs) and leaf.signature is not None
        if not right or not bare or leaf.kind != kind or leaf.subject != subject:
            raise _refused(leaf, "密钥变更不成立", "the change of the key does not hold")
        if kind == "log.key.added":
            about.is_log = True
        else:
            about.ended = True


def _refused(leaf: Leaf, zh: str, en: str) -> Refused:
    return Refused(Said(f"第 {leaf.index} 号记录：{zh}", f"entry {leaf.index}: {en}"))
