"""Notes what a process does to small files in some folders: opened to be written, synced, renamed, removed.

Python tells of opening, renaming and removing by itself (sys.audit); of `os.fsync` it does not, so that
function is replaced while watching.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from crash.power_trace import FileSynced, FolderSynced, Opened, Removed, Renamed, Trace

_WRITING: Final = os.O_WRONLY | os.O_RDWR


class FolderWatch:
    """Notes into `trace` what happens in the folders `names` of a station's folder."""

    def __init__(self, trace: Trace, station: Path, names: tuple[str, ...]) -> None:
        self._trace, self._station, self._names = trace, station.resolve(), names
        self._on = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch during the block. The hook stays for good, as hooks do, and is silent afterwards."""
        sys.addaudithook(self._heard)
        self._on = True
        try:
            with patch.object(os, "fsync", self._syncing(os.fsync)):
                yield
        finally:
            self._on = False

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open" and given[2] & _WRITING:
            self._note(given[0], Opened)
        elif event == "os.rename":
            self._note(given[0], lambda name: Renamed(name, self._name(given[1]) or name))
        elif event == "os.remove":
            self._note(given[0], Removed)

    def _note(self, path: object, make: Callable[[str], Opened | Renamed | Removed]) -> None:
        name = self._name(path)
        if name is not None:
            self._trace.add(lambda _: make(name))

    def _name(self, path: object) -> str | None:
        """Return the path in the station's folder if it lies in a watched one."""
        if not isinstance(path, str | os.PathLike):
            return None
        full = Path(os.path.abspath(path))  # noqa: PTH100  resolve() would ask the disk, and be heard
        if not full.is_relative_to(self._station):
            return None
        name = full.relative_to(self._station)
        return str(name) if name.parts and name.parts[0] in self._names else None

    def _syncing(self, original: Callable[[int], None]) -> Callable[[int], None]:
        def fsync(handle: int) -> None:
            begun = len(self._trace.events)
            path = Path(f"/proc/self/fd/{handle}").readlink()
            name = self._name(path)
            original(handle)
            if name is None:
                return
            if path.is_dir():
                self._trace.add(lambda _: FolderSynced(name, begun))
            else:
                content = path.read_bytes()
                self._trace.add(lambda _: FileSynced(name, content))

        return fsync
