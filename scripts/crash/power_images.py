"""What may stand on a disk after the power failed: images built from a trace.

Nothing is assumed of writes that no sync covered, but that a sector of 512 bytes is either old or new and
that bytes outside a write stay (SQLite, "powersafe overwrite"). Each may be kept, dropped or torn, in any
combination, so any order of arrival is covered.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from crash.folder_images import small_files_at
from crash.power_trace import Delete, Sync, SyncFailed, Trace, Truncate, Write

SECTORS: Final = (512, 4096)
DATABASE: Final = "daodi.sqlite"
_SHARED_MEMORY: Final = DATABASE + "-shm"


class Mood(StrEnum):
    """What becomes of everything no sync covered."""

    KEPT = "kept"
    DROPPED = "dropped"
    PREFIX = "prefix"
    """A first part arrived, the rest did not."""
    MIXED = "mixed"
    """Each write by itself: kept, dropped or torn."""
    TORN = "torn"
    """Every write is torn."""


_Change: TypeAlias = Write | Truncate
_Fate: TypeAlias = Callable[[_Change], _Change | list[Write] | None]


@dataclass
class _OnDisk:
    """One file: what is durable, and what was handed over since."""

    content: bytearray | None
    waiting: list[tuple[int, _Change]] = field(default_factory=list)

    def settle(self, begun: int) -> None:
        """Make durable what was handed over before event `begun`."""
        if self.content is None:
            self.content = bytearray()
        for number, change in self.waiting:
            if number < begun:
                _apply(self.content, change)
        self.waiting = [(number, change) for number, change in self.waiting if number >= begun]

    def fail(self, begun: int, fate: _Fate) -> None:
        """Have what was handed over before event `begun` meet its fate now."""
        for number, change in self.waiting:
            if number < begun:
                self.meet(change, fate)
        self.waiting = [(number, change) for number, change in self.waiting if number >= begun]

    def meet(self, change: _Change, fate: _Fate) -> None:
        """Apply what `fate` leaves of a change."""
        left = fate(change)
        for part in left if isinstance(left, list) else [left]:
            if part is not None:
                self.content = bytearray() if self.content is None else self.content
                _apply(self.content, part)


@dataclass(frozen=True, slots=True)
class Image:
    """The files after one failure, and how many events came before it."""

    files: dict[str, bytes]
    cut: int
    mood: Mood

    def write(self, folder: Path) -> None:
        """Lay the files down in `folder`, for their owner only as keys have to be."""
        for name, content in self.files.items():
            path = folder / name
            for above in reversed(path.relative_to(folder).parents):
                (folder / above).mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)


def image_at(trace: Trace, cut: int, mood: Mood, chance: random.Random) -> Image:
    """Return one image of the power failing just before event number `cut`."""
    fate = _fate(mood, chance)
    database = {name: content for name, content in trace.before.items() if "/" not in name}
    files = {name: _OnDisk(bytearray(content)) for name, content in database.items()}
    for number, happened in enumerate(trace.events[:cut]):
        match happened:
            case Write() | Truncate():
                files.setdefault(happened.file, _OnDisk(None)).waiting.append((number, happened))
            case Sync():
                files.setdefault(happened.file, _OnDisk(None)).settle(happened.begun)
            case SyncFailed():
                files.setdefault(happened.file, _OnDisk(None)).fail(happened.begun, fate)
            case Delete():
                if happened.synced or chance.random() < _share_of_names(mood, chance):
                    files.pop(happened.file, None)
            case _:
                continue
    for on_disk in files.values():
        for _, change in on_disk.waiting:
            on_disk.meet(change, fate)
    found = {name: bytes(on_disk.content) for name, on_disk in files.items() if on_disk.content is not None}
    beside = small_files_at(trace, cut, _share_of_names(mood, chance), chance)
    return Image(found | beside | _shared_memory(chance), cut, mood)


def _share_of_names(mood: Mood, chance: random.Random) -> float:
    """Say how many of the names no sync of their folder covered are on the disk, from none to all."""
    return {Mood.KEPT: 1.0, Mood.DROPPED: 0.0}.get(mood, chance.random())


def _shared_memory(chance: random.Random) -> dict[str, bytes]:
    """Leave rubbish, or nothing, where the index of the WAL was: it is never synced."""
    if chance.random() < 0.5:
        return {}
    return {_SHARED_MEMORY: chance.randbytes(32768)}


def _apply(content: bytearray, change: _Change) -> None:
    if isinstance(change, Truncate):
        if change.size < len(content):
            del content[change.size :]
        else:
            content.extend(bytes(change.size - len(content)))
        return
    end = change.offset + len(change.content)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[change.offset : end] = change.content


def _fate(mood: Mood, chance: random.Random) -> _Fate:
    """Return what decides the fate of each change in turn."""
    prefix = chance.randrange(64)
    likely = chance.random()
    met = 0

    def decide(change: _Change) -> _Change | list[Write] | None:
        nonlocal met
        met += 1
        match mood:
            case Mood.KEPT:
                return change
            case Mood.DROPPED:
                return None
            case Mood.PREFIX:
                return change if met <= prefix else None
            case Mood.MIXED:
                dice = chance.random()
                if dice < 0.2:
                    return _torn(change, chance)
                return change if chance.random() < likely else None
            case Mood.TORN:
                return _torn(change, chance)

    return decide


def _torn(change: _Change, chance: random.Random) -> _Change | list[Write] | None:
    """Return some of a write's sectors: a first few, or any."""
    if isinstance(change, Truncate):
        return change if chance.random() < 0.5 else None
    sector = chance.choice(SECTORS)
    pieces = _sectors(change, sector)
    if chance.random() < 0.5:
        return pieces[: chance.randrange(len(pieces) + 1)]
    return [piece for piece in pieces if chance.random() < 0.5]


def _sectors(change: Write, sector: int) -> list[Write]:
    """Cut a write at the boundaries of the disk's sectors."""
    pieces: list[Write] = []
    at, end = change.offset, change.offset + len(change.content)
    while at < end:
        upto = min(end, (at // sector + 1) * sector)
        begin = at - change.offset
        pieces.append(Write(change.file, at, change.content[begin : upto - change.offset]))
        at = upto
    return pieces
