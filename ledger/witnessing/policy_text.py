"""Reads the policy file of c2sp.org/tlog-policy, strictly, and says in which line a fault stands."""

import re
from typing import Final

from ledger.errors import DaodiError, Said
from ledger.note import NoteKey, V, Verifier
from ledger.witnessing.cosignature import CosignerKey
from ledger.witnessing.policy import NONE, Group, Log, Policy, Witness
from ledger.witnessing.witness_errors import PolicyWrong

MAX_LINES: Final = 4096
"""The page asks for room for 32 logs, 32 witnesses and 32 groups; this bounds a hostile file."""

_FORBIDDEN: Final = re.compile(r"[^\t\n\x20-\x7e\x80-\U0010ffff]")
_BLANKS: Final = re.compile(r"[ \t]+")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,3}")
_KINDS: Final = {"log": Said("账本", "log"), "witness": Said("见证方", "witness")}


def read_policy(text: str, file: str | None = None) -> Policy:
    """Return the policy `text` says; raises `PolicyWrong` naming the line, and `file` if given."""
    reader = _Reader()
    lines = text.split("\n")
    # A last line that does not end may be the beginning of a longer one.
    if lines.pop():
        raise PolicyWrong(
            line=len(lines) + 1, file=file, reason=Said("末行缺少换行", "the last line does not end")
        )
    if len(lines) > MAX_LINES:
        raise PolicyWrong(
            line=MAX_LINES + 1, file=file, reason=Said(f"超过 {MAX_LINES} 行", f"more than {MAX_LINES} lines")
        )
    for number, line in enumerate(lines, 1):
        try:
            reader.take(line)
        except _Fault as fault:
            raise PolicyWrong(line=number, file=file, reason=fault.said) from fault.__cause__
    if reader.quorum is None:
        raise PolicyWrong(
            line=len(lines) + 1, file=file, reason=Said("没有 quorum 行", "there is no quorum line")
        )
    return Policy(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), reader.quorum)


class _Fault(Exception):
    """What is wrong with the line being read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.said = Said(zh, en)


class _Reader:
    """Takes a policy line by line; names must stand before their use, so one pass is enough."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._defined: set[str] = set()
        self._grouped: set[str] = set()
        self._owners: dict[bytes, str] = {}
        self._identities: set[tuple[str, bytes]] = set()

    def take(self, line: str) -> None:
        """Read one line; raises `_Fault`."""
        if _FORBIDDEN.search(line):
            raise _Fault("含控制字符（换行须为 LF）", "a control character (lines end with LF alone)")
        words = [word for word in _BLANKS.split(line) if word]
        if not words or words[0].startswith("#"):
            return
        reading = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if words[0] not in reading:
            raise _Fault(f"不认识 {words[0]!a}", f"{words[0]!a} is no known word")
        reading[words[0]](words[1:])

    def _log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise _Fault("应为 log 公钥 [地址]", "a log line is: log vkey [url]")
        key = _key(NoteKey, words[0])
        self._own(key, "log")
        self.logs.append(Log(key, words[1] if len(words) == 2 else None))

    def _witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise _Fault("应为 witness 名称 公钥 [地址]", "a witness line is: witness name vkey [url]")
        self._define(words[0])
        key = _key(CosignerKey, words[1])
        self._own(key, "witness")
        self.witnesses.append(Witness(words[0], key, words[2] if len(words) == 3 else None))

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise _Fault("应为 group 名称 人数 成员…", "a group line is: group name k|any|all member...")
        name, count, *members = words
        for member in members:
            if member not in self._defined:
                raise _Fault(f"成员 {member!a} 尚未定义", f"member {member!a} is not defined before")
            if member in self._grouped:
                raise _Fault(f"{member!a} 已属于一个组", f"{member!a} is in a group already")
            self._grouped.add(member)
        self._define(name)
        self.groups.append(Group(name, _threshold(count, len(members)), tuple(members)))

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            raise _Fault("应为 quorum 名称", "a quorum line is: quorum name")
        if self.quorum is not None:
            raise _Fault("quorum 只能有一行", "there is a quorum line already")
        if words[0] != NONE and words[0] not in self._defined:
            raise _Fault(f"{words[0]!a} 尚未定义", f"{words[0]!a} is not defined before")
        self.quorum = words[0]

    def _define(self, name: str) -> None:
        if name == NONE:
            raise _Fault("none 是保留名称", "the name none is taken")
        if name in self._defined:
            raise _Fault(f"名称 {name!a} 重复", f"the name {name!a} is defined already")
        self._defined.add(name)

    def _own(self, key: Verifier, kind: str) -> None:
        """One public key, one place: a second name for it would let one signer count twice."""
        if key.key.raw in self._owners:
            said = _KINDS[self._owners[key.key.raw]]
            raise _Fault(f"该公钥已用于另一个{said.zh}", f"this public key is another {said.en}'s already")
        if (key.name, key.key_hash) in self._identities:
            raise _Fault("名称和哈希与另一公钥相同", "its name and hash are another key's")
        self._owners[key.key.raw] = kind
        self._identities.add((key.name, key.key_hash))


def _key(kind: type[V], vkey: str) -> V:
    try:
        return kind.from_vkey(vkey)
    except DaodiError as error:
        raise _Fault(error.message("zh"), error.message("en")) from error


def _threshold(word: str, members: int) -> int:
    if word == "all":
        return members
    if word == "any":
        return 1
    if not _COUNT.fullmatch(word) or int(word) > members:
        raise _Fault(f"人数应为 1 到 {members}、any 或 all", f"the count is 1 to {members}, any or all")
    return int(word)
