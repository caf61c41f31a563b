"""The evidence file 证据: everything that shows the history of some subjects under one checkpoint.

One canonical JSON object (format `daodi-evidence@v1`); every leaf stands in it once, as its canonical text,
and one joint proof (`ledger.verify.trees`) leads from all of them to the checkpoint's root.
docs/ledger-format.md fixes the members.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ledger.errors import Said
from ledger.verify import strict_json
from ledger.verify.encodings import decoded, hash_of, split_hashes
from ledger.verify.faults import Refused
from ledger.verify.strict_json import Json, count, listed, members, text

FORMAT: Final = "daodi-evidence@v1"
MAX_BYTES: Final = 8_000_000
MAX_ENTRIES: Final = 4_096


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of the file."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...] | None
    """Its inclusion path in the manifest that vouches for it; None where its own signature does."""


@dataclass(frozen=True, slots=True)
class ShownHead:
    """How many entries a subject had, and which was its last."""

    subject: str
    place: int
    count: int
    head: bytes


@dataclass(frozen=True, slots=True)
class ShownHeads:
    """Heads of subjects as a subjects.indexed entry commits to them."""

    entry: int
    hashes: tuple[bytes, ...]
    heads: tuple[ShownHead, ...]


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A trace code, its batch and the step that activated it."""

    code: str
    issued: int
    """Index of the codes.issued entry."""
    place: int
    path: tuple[bytes, ...]
    step: int
    """Index of the step that put the code to use."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An evidence file taken apart; nothing of it is verified yet."""

    checkpoint: tuple[str, ...]
    """Lines of the signed note."""
    entries: tuple[Shown, ...]
    hashes: tuple[bytes, ...]
    complete: ShownHeads | None
    code: ShownCode | None
    disclosures: tuple[tuple[int, str], ...]
    """Index of an entry, and an RFC 9901 disclosure of one of its values."""


def parse(raw: bytes) -> Evidence:
    """Take an evidence file apart; raises `Refused` for any other bytes than the one form."""
    if len(raw) > MAX_BYTES:
        raise _malformed("过大", "it is too large")
    names = ("checkpoint", "code", "complete", "disclosures", "entries", "format", "hashes")
    file = members(strict_json.read(raw), *names)
    if file["format"] != FORMAT:
        raise _malformed(f"格式不是 {FORMAT}", f"its format is not {FORMAT}")
    entries = tuple(_entry(each) for each in listed(file["entries"]))
    if not 1 <= len(entries) <= MAX_ENTRIES:
        raise _malformed("记录过多或没有记录", "it has too many entries, or none")
    if any(before.index >= after.index for before, after in pairwise(entries)):
        raise _malformed("记录未按序号排列", "its entries are not in order")
    return Evidence(
        checkpoint=tuple(text(line) for line in listed(file["checkpoint"])),
        entries=entries,
        hashes=_hashes(file["hashes"]),
        complete=None if file["complete"] is None else _heads(file["complete"]),
        code=None if file["code"] is None else _code(file["code"]),
        disclosures=tuple(_disclosure(each) for each in listed(file["disclosures"])),
    )


def _entry(value: Json) -> Shown:
    vouched = isinstance(value, Mapping) and "path" in value
    taken = members(value, "index", "leaf", *(["path"] if vouched else []))
    path = _hashes(taken["path"]) if vouched else None
    return Shown(count(taken["index"]), text(taken["leaf"]).encode(), path)


def _heads(value: Json) -> ShownHeads:
    taken = members(value, "entry", "hashes", "heads")
    heads = tuple(_head(each) for each in listed(taken["heads"]))
    subjects, places = {head.subject for head in heads}, {head.place for head in heads}
    if not len(subjects) == len(places) == len(heads):
        raise _malformed("同一主题出现两次", "a subject stands in it twice")
    return ShownHeads(count(taken["entry"]), _hashes(taken["hashes"]), heads)


def _head(value: Json) -> ShownHead:
    taken = members(value, "count", "head", "place", "subject")
    return ShownHead(
        text(taken["subject"]), count(taken["place"]), count(taken["count"]), hash_of(text(taken["head"]))
    )


def _code(value: Json) -> ShownCode:
    taken = members(value, "code", "issued", "path", "place", "step")
    return ShownCode(
        text(taken["code"]),
        count(taken["issued"]),
        count(taken["place"]),
        _hashes(taken["path"]),
        count(taken["step"]),
    )


def _disclosure(value: Json) -> tuple[int, str]:
    taken = members(value, "disclosure", "index")
    return count(taken["index"]), text(taken["disclosure"])


def _hashes(value: Json) -> tuple[bytes, ...]:
    return tuple(split_hashes(decoded(text(value))))


def _malformed(zh: str, en: str) -> Refused:
    return Refused(Said(f"不是证据文件：{zh}", f"it is not an evidence file: {en}"))
