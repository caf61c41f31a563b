"""Small files after the power failed: names are certain once their folder was synced, content once they were.

Names given or taken since then reach the disk in order, as journaling file systems have it: some first part
of them did.
"""

import random
from dataclasses import dataclass, field
from pathlib import PurePath

from crash.power_trace import FileSynced, FolderSynced, Opened, Removed, Renamed, SmallFileEvent, Trace


@dataclass(eq=False)
class _File:
    """Content that was synced; None before."""

    content: bytes | None = None


@dataclass
class _Names:
    """Which file bears which name, as the process sees it and as the disk has it."""

    seen: dict[str, _File]
    durable: dict[str, _File]
    waiting: list[tuple[int, str, _File | None]] = field(default_factory=list)
    """Event number, name, and the file that bears it from then on, or None for nobody."""

    def give(self, number: int, name: str, file: _File | None) -> None:
        """Have `file` bear `name`."""
        if file is None:
            self.seen.pop(name, None)
        else:
            self.seen[name] = file
        self.waiting.append((number, name, file))

    def settle(self, folder: str, begun: int) -> None:
        """Make durable what was done in `folder` before event `begun`."""
        kept = []
        for number, name, file in self.waiting:
            if number < begun and str(PurePath(name).parent) == folder:
                _set(self.durable, name, file)
            else:
                kept.append((number, name, file))
        self.waiting = kept


def small_files_at(trace: Trace, cut: int, share: float, chance: random.Random) -> dict[str, bytes]:
    """Return the small files after the power failed before event number `cut`.

    `share` of the names no sync covered have reached the disk.
    """
    before = {name: _File(content) for name, content in trace.before.items() if "/" in name}
    names = _Names(dict(before), dict(before))
    for number, happened in enumerate(trace.events[:cut]):
        if isinstance(happened, SmallFileEvent):
            _take(names, number, happened)
    for _, name, file in names.waiting[: round(share * len(names.waiting))]:
        _set(names.durable, name, file)
    return {name: _content(file, chance) for name, file in names.durable.items()}


def _take(names: _Names, number: int, happened: SmallFileEvent) -> None:
    match happened:
        case Opened():
            names.give(number, happened.file, _File())
        case FileSynced():
            names.seen[happened.file].content = happened.content
        case Renamed():
            file = names.seen.get(happened.file)
            # A rename is one change of the disk; with the new name first a torn one leaves both names.
            names.give(number, happened.to, file)
            names.give(number, happened.file, None)
        case Removed():
            names.give(number, happened.file, None)
        case FolderSynced():
            names.settle(happened.folder, happened.begun)


def _set(names: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _content(file: _File, chance: random.Random) -> bytes:
    """Return what a file holds: rubbish, or nothing, until it was synced."""
    if file.content is not None:
        return file.content
    return chance.randbytes(chance.randrange(64)) if chance.random() < 0.5 else b""
