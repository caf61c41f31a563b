"""What a check of an evidence file ends with: every check by name, with its mark and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.errors import Said


class Mark(StrEnum):
    """How one check ended."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_SHOWN = "not-shown"
    """The file does not claim it, so nothing was checked."""
    NOT_REACHED = "not-reached"
    """An earlier check failed."""

    @property
    def sign(self) -> str:
        """The sign that stands before a check's words."""
        return {Mark.HOLDS: "✓", Mark.FAILS: "✗"}.get(self, "–")


CHECKS: Final[Mapping[str, Said]] = {
    "form": Said("文件格式", "form of the file"),
    "checkpoint": Said("检查点：账本签名与见证", "checkpoint: signed by the log, witnessed"),
    "entries": Said("记录格式", "form of the entries"),
    "inclusion": Said("每条记录都在账本中", "every entry is in the log"),
    "keys": Said("签名密钥当时有效", "keys counted when they signed"),
    "signatures": Said("签名", "signatures"),
    "chains": Said("同一主题的记录前后相接", "entries of each subject follow each other"),
    "complete": Said("没有隐瞒更新的记录", "nothing newer was hidden"),
    "code": Said("追溯码属于其批次", "the code is of its batch"),
    "disclosures": Said("披露的内容与承诺一致", "disclosed values are those committed to"),
}
"""The checks, in the order in which they are made."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check and how it ended."""

    name: str
    """A key of `CHECKS`."""
    mark: Mark
    detail: Said
    """What was found; empty where there is nothing to add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the check of a file ended."""

    checks: tuple[Check, ...]
    origin: str | None
    """Name of the log, once its checkpoint held."""
    size: int | None
    """Entries under the checkpoint."""
    code: str | None
    """The trace code the file is about, where it is about one."""
    subject: str | None
    """The lot the code was put to use on."""
    complete_to: int | None
    """Index below which nothing newer was hidden; None where that is not shown."""

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return all(check.mark in (Mark.HOLDS, Mark.NOT_SHOWN) for check in self.checks)

    @property
    def marks(self) -> Mapping[str, str]:
        """Each check's mark, for programs."""
        return {check.name: check.mark.value for check in self.checks}
