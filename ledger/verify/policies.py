"""Whom a verifier trusts: the log's key and how many of which witnesses (c2sp.org/tlog-policy)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.errors import Said
from ledger.verify import notes
from ledger.verify.faults import Refused
from ledger.verify.notes import Head, Signature, VerifierKey

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_DECIMAL: Final = re.compile("[1-9][0-9]{0,3}")
_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class _Group:
    needed: int
    members: tuple[str, ...]


@dataclass(slots=True)
class Policy:
    """The logs accepted, the witnesses known and the quorum demanded."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, _Group] = field(default_factory=dict)
    quorum: str | None = None

    @classmethod
    def of_log(cls, vkey: str) -> "Policy":
        """Trust one log and ask for no witness; raises `Refused`."""
        return cls(logs=[VerifierKey.of(vkey, notes.LOG)], quorum=_NONE)

    @classmethod
    def from_text(cls, text: str) -> "Policy":
        """Take up a policy file; raises `Refused` for anything the specification does not say."""
        if _CONTROL.search(text):
            raise _malformed("控制符", "control characters")
        policy = cls()
        for line in text.split("\n"):
            words = re.findall("[^ \t]+", line)
            if words and not words[0].startswith("#"):
                policy._take(words)
        if policy.quorum is None or not policy.logs:
            raise _malformed("缺少 log 或 quorum 行", "a log or quorum line is missing")
        return policy

    def met(self, cosigners: set[str], name: str | None = None) -> bool:
        """Say whether these witnesses, by their policy names, make up the quorum (or the group `name`)."""
        name = name or self.quorum or ""
        if name in self.witnesses:
            return name in cosigners
        if name not in self.groups:
            return name == _NONE
        group = self.groups[name]
        return sum(self.met(cosigners, member) for member in group.members) >= group.needed

    def _take(self, words: Sequence[str]) -> None:
        kind, *rest = words
        if kind == "log" and 1 <= len(rest) <= 2:
            self.logs.append(self._fresh(VerifierKey.of(rest[0], notes.LOG)))
        elif kind == "witness" and 2 <= len(rest) <= 3:
            self._name(rest[0])
            self.witnesses[rest[0]] = self._fresh(VerifierKey.of(rest[1], notes.WITNESS))
        elif kind == "group" and len(rest) >= 3:
            self._group(rest[0], rest[1], tuple(rest[2:]))
        elif kind == "quorum" and len(rest) == 1 and self.quorum is None:
            if rest[0] != _NONE and not self._known(rest[0]):
                raise _malformed(rest[0], rest[0])
            self.quorum = rest[0]
        else:
            raise _malformed(kind, kind)

    def _group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        self._name(name)
        listed = [each for group in self.groups.values() for each in group.members] + list(members)
        counted = {"all": len(members), "any": 1}.get(threshold) or (
            int(threshold) if _DECIMAL.fullmatch(threshold) else 0
        )
        known = all(map(self._known, members)) and len(set(listed)) == len(listed)
        if not known or not 1 <= counted <= len(members):
            raise _malformed(f"group {name}", f"group {name}")
        self.groups[name] = _Group(counted, members)

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _name(self, name: str) -> None:
        if name == _NONE or self._known(name):
            raise _malformed(f"名称 {name}", f"the name {name}")

    def _fresh(self, key: VerifierKey) -> VerifierKey:
        """Refuse a key that is there already, be it a log's or a witness's."""
        if any(each.raw == key.raw for each in (*self.logs, *self.witnesses.values())):
            raise _malformed("重复的公钥", "a key twice")
        return key


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint that the policy accepts."""

    head: Head
    log: str
    witnesses: tuple[str, ...]
    """Names of the policy's witnesses that cosigned."""
    seen_s: int | None
    """Seconds since 1970: the earliest of their times; None without any."""


def opened(lines: Sequence[str], policy: Policy) -> Opened:
    """Return the checkpoint a note states once the policy's log signed it and its quorum cosigned it.

    A line that names a key of the policy and does not hold spoils the note; lines of others are passed
    over. Raises `Refused`.
    """
    text, signatures = notes.split(lines)
    head = notes.head_of(text)
    if head.origin not in _logs(text, signatures, policy.logs):
        raise Refused(Said("没有所信任账本的签名", "the log you trust did not sign it"))
    times = {name: _times(text, signatures, key) for name, key in policy.witnesses.items()}
    seen = {name: max(found) for name, found in times.items() if found}
    if not policy.met(set(seen)):
        count = Said(f"只有 {len(seen)} 位见证方联署", f"only {len(seen)} witnesses cosigned it")
        raise Refused(count)
    return Opened(head, head.origin, tuple(sorted(seen)), min(seen.values(), default=None))


def _logs(text: str, signatures: Sequence[Signature], logs: Sequence[VerifierKey]) -> set[str]:
    """Return the names of the logs that signed; a line of any of them that does not hold spoils the note."""
    lines = [(line, key) for line in signatures for key in logs if line.by(key)]
    if not all(notes.log_signed(text, line, key) for line, key in lines):
        raise _spoilt()
    return {key.name for _, key in lines}


def _times(text: str, signatures: Sequence[Signature], key: VerifierKey) -> list[int]:
    found = []
    for line in signatures:
        if line.by(key):
            seconds = notes.witnessed(text, line, key)
            if seconds is None:
                raise _spoilt()
            found.append(seconds)
    return found


def _spoilt() -> Refused:
    return Refused(Said("一条签名与内容不符", "a signature does not match the checkpoint"))


def _malformed(zh: str, en: str) -> Refused:
    return Refused(Said(f"信任策略格式不对：{zh}", f"the policy is malformed: {en}"))
