"""Whom a checkpoint must be signed and cosigned by to be believed (c2sp.org/tlog-policy).

A policy names logs and witnesses by their keys, and a quorum: which sets of witnesses are
enough. The parser is strict and names the line; it refuses more than the page does in one
place, a key that is a log's and a witness's at once, for then nobody outside is watching.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedNote, Said
from ledger.note import NoteKey, Verifier
from ledger.witnessing.cosignature import CosignerKey

NONE: Final = "none"
"""The quorum that asks for no witness at all."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoints are accepted."""

    key: NoteKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness whose cosignatures may count."""

    name: str
    """What the policy calls it; has no meaning outside the policy."""
    key: CosignerKey
    url: str | None = None
    """Its submission prefix (c2sp.org/tlog-witness), where somebody has to reach it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which at least `threshold` must have witnessed a checkpoint."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Accept a checkpoint that any of `logs` signed and that `quorum` witnessed.

    >>> from ledger.keys import SigningKey
    >>> key = NoteKey("log.example", SigningKey.from_seed(bytes(32)).public)
    >>> Policy.of_log(key.to_vkey()).quorum_met([])
    True
    """

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    """In an order in which every group stands after its members."""
    quorum: str = NONE
    """Name of a witness or group, or `none`."""

    @classmethod
    def from_text(cls, text: str, file: str | None = None) -> "Policy":
        """Read a policy; raises `PolicyWrong` with the line, and `file` as the place."""
        from ledger.witnessing.policy_text import read_policy

        return read_policy(text, file)

    @classmethod
    def from_bytes(cls, raw: bytes, file: str | None = None) -> "Policy":
        """Read a policy file's bytes; those beyond ASCII are opaque, as the page demands."""
        return cls.from_text(raw.decode("utf-8", "surrogateescape"), file)

    @classmethod
    def of_log(cls, vkey: str) -> "Policy":
        """Return the policy that believes this log alone and asks for no witness.

        Raises `MalformedNote`, `BadPublicKey` or `BadKeyName` for an unusable vkey.
        """
        return cls((Log(NoteKey.from_vkey(vkey)),))

    def to_text(self) -> str:
        """Return the policy file that says this."""
        lines = [_line("log", log.key.to_vkey(), log.url) for log in self.logs]
        lines += [_line("witness", each.name, each.key.to_vkey(), each.url) for each in self.witnesses]
        lines += [_line("group", each.name, str(each.threshold), *each.members) for each in self.groups]
        return "".join([*lines, _line("quorum", self.quorum)])

    @property
    def log(self) -> NoteKey:
        """The key of the first log named; raises `MalformedNote` when the policy names none."""
        if not self.logs:
            raise MalformedNote(reason=Said("策略没有列出账本", "the policy names no log"))
        return self.logs[0].key

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """Every key a note may be opened with."""
        return (*(log.key for log in self.logs), *(witness.key for witness in self.witnesses))

    @property
    def fewest(self) -> int:
        """The smallest number of cosignatures that can meet the quorum."""
        needed = {witness.name: 1 for witness in self.witnesses}
        for group in self.groups:
            needed[group.name] = sum(sorted(needed[name] for name in group.members)[: group.threshold])
        return needed.get(self.quorum, 0)

    def log_keys(self, origin: str) -> tuple[NoteKey, ...]:
        """Return the keys that may sign for the log named `origin`; several while keys overlap."""
        return tuple(log.key for log in self.logs if log.key.name == origin)

    def quorum_met(self, cosigners: Collection[Verifier]) -> bool:
        """Tell whether these witnesses, each of whose cosignature holds, are enough.

        Keys that are no witness of the policy count nothing.
        """
        if self.quorum == NONE:
            return True
        seen = {witness.name for witness in self.witnesses if witness.key in cosigners}
        for group in self.groups:
            if _count(group.members, seen) >= group.threshold:
                seen.add(group.name)
        return self.quorum in seen


def _count(members: Iterable[str], seen: Collection[str]) -> int:
    return sum(name in seen for name in members)


def _line(*words: str | None) -> str:
    return " ".join(word for word in words if word is not None) + "\n"
