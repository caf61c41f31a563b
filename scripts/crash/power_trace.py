"""What a database engine told the disk, and what the service promised meanwhile, in one order."""

import pickle
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes handed to the system, not yet known to be on the disk."""

    file: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A new length, not yet known to be on the disk."""

    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync of `file` that ended: what was handed over before event number `begun` is on the disk."""

    file: str
    begun: int


@dataclass(frozen=True, slots=True)
class SyncFailed:
    """A sync that ended with an error. What it should have made durable may be gone for good.

    Linux marks such pages clean: a later sync that succeeds says nothing about them.
    """

    file: str
    begun: int


@dataclass(frozen=True, slots=True)
class Delete:
    """A file was removed; `synced` when its folder was synced too."""

    file: str
    synced: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A small file, named by its path in the station's folder, is opened to be written anew."""

    file: str


@dataclass(frozen=True, slots=True)
class FileSynced:
    """A small file was synced while it held `content`."""

    file: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Renamed:
    """A small file takes another name, in place of what bore it."""

    file: str
    to: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A small file is removed."""

    file: str


@dataclass(frozen=True, slots=True)
class FolderSynced:
    """A folder was synced: names given or taken before event number `begun` are on the disk."""

    folder: str
    begun: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A line of the diary: from here on it has to hold."""

    word: str
    rest: str


SmallFileEvent: TypeAlias = Opened | FileSynced | Renamed | Removed | FolderSynced
Event: TypeAlias = Write | Truncate | Sync | SyncFailed | Delete | SmallFileEvent | Promise


@dataclass
class Trace:
    """Events in order, and the files as they were before the first."""

    events: list[Event] = field(default_factory=list)
    before: dict[str, bytes] = field(default_factory=dict)
    """Content by path in the station's folder."""
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def add(self, make: Callable[[int], Event]) -> int:
        """Append the event `make` returns for its number; return that number."""
        with self._turn:
            number = len(self.events)
            self.events.append(make(number))
            return number

    def promise(self, word: str, rest: str) -> None:
        """Append a line of the diary."""
        self.add(lambda _: Promise(word, rest))

    def keep(self, path: Path) -> None:
        """Write the trace to a file."""
        path.write_bytes(pickle.dumps((self.events, self.before)))

    @classmethod
    def load(cls, path: Path) -> "Trace":
        """Read a trace that this program wrote."""
        events, before = pickle.loads(path.read_bytes())  # noqa: S301  our own file of a moment ago
        return cls(events, before)
