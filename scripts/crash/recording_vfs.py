"""A recording VFS inside the very SQLite library the product uses; the product's code is untouched.

A copy of the default VFS (https://sqlite.org/c3ref/vfs.html) is registered as the new default. Its `xOpen`
gives every opened file a table of methods (https://sqlite.org/c3ref/io_methods.html) in which writes,
truncations and syncs are noted before or after the original does them; locks, reads and the shared memory
of the WAL stay the original's.
"""

import _sqlite3
import ctypes
from collections.abc import Callable, Container
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, Final, TypeAlias

from crash.power_trace import Delete, Sync, SyncFailed, Trace, Truncate, Write

SQLITE_OK: Final = 0
SQLITE_IOERR_FSYNC: Final = 1034

_Native: TypeAlias = Callable[..., int]
"""A C function of SQLite, or one of ours in its place."""

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class VfsUnreachable(Exception):
    """The SQLite that Python's sqlite3 uses is linked so that nothing can be registered in it."""


class _Vfs(Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", c_void_p),
        ("xDelete", c_void_p),
        ("others", c_void_p * 14),
    )


class _Methods(Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = (
        ("iVersion", c_int),
        ("xClose", c_void_p),
        ("xRead", c_void_p),
        ("xWrite", c_void_p),
        ("xTruncate", c_void_p),
        ("xSync", c_void_p),
        ("others", c_void_p * 13),
    )


class _File(Structure):
    """sqlite3_file: what every VFS's own file begins with."""

    _fields_ = (("methods", c_void_p),)


class RecordingVfs:
    """Notes into `trace` what SQLite writes to files in `folder`.

    `failing` are numbers of syncs, counted from 0, that report an error and make nothing durable; with
    `swallowing` SQLite is told that they went well (the planted fault).
    """

    def __init__(self, trace: Trace, failing: Container[int] = (), *, swallowing: bool = False) -> None:
        library = ctypes.CDLL(_sqlite3.__file__)
        try:
            find, self._register = library.sqlite3_vfs_find, library.sqlite3_vfs_register
            self._unregister = library.sqlite3_vfs_unregister
        except AttributeError as error:
            raise VfsUnreachable(_sqlite3.__file__) from error
        find.restype = POINTER(_Vfs)
        self._trace, self._failing, self._swallowing = trace, failing, swallowing
        self._syncs = 0
        self._names: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self._callbacks: list[Any] = []
        self._plain = find(None)
        self._own = _Vfs.from_buffer_copy(self._plain.contents)
        self._own.zName = b"daodi-recording"
        self._own.xOpen = self._pointer(_OPEN, self._opener(_OPEN(self._plain.contents.xOpen)))
        self._own.xDelete = self._pointer(_DELETE, self._deleter(_DELETE(self._plain.contents.xDelete)))

    @property
    def syncs(self) -> int:
        """How many syncs were asked for so far."""
        return self._syncs

    def install(self) -> None:
        """Make it the default of every connection opened from now on."""
        self._register(ctypes.byref(self._own), 1)

    def remove(self) -> None:
        """Make the plain one the default again; files that are open go on being recorded."""
        self._register(self._plain, 1)
        self._unregister(ctypes.byref(self._own))

    def _pointer(self, kind: Callable[[_Native], Any], function: _Native) -> c_void_p:
        callback = kind(function)
        self._callbacks.append(callback)
        return ctypes.cast(callback, c_void_p)

    def _opener(self, original: _Native) -> _Native:
        def opened(vfs: int, name: int | None, file: int, flags: int, out: object) -> int:
            result: int = original(vfs, name, file, flags, out)
            handle = _File.from_address(file)
            if result == SQLITE_OK and name is not None and handle.methods:
                self._names[file] = Path(ctypes.string_at(name).decode()).name
                handle.methods = ctypes.addressof(self._table(handle.methods))
            return result

        return opened

    def _deleter(self, original: _Native) -> _Native:
        def deleted(vfs: int, name: bytes, sync: int) -> int:
            result: int = original(vfs, name, sync)
            if result == SQLITE_OK:
                self._trace.add(lambda _: Delete(Path(name.decode()).name, bool(sync)))
            return result

        return deleted

    def _table(self, methods: int) -> _Methods:
        """Return the recording table for files that had `methods`; made once for each."""
        if methods not in self._tables:
            plain = _Methods.from_address(methods)
            own = _Methods.from_buffer_copy(plain)
            own.xWrite = self._pointer(_WRITE, self._writer(_WRITE(plain.xWrite)))
            own.xTruncate = self._pointer(_TRUNCATE, self._truncater(_TRUNCATE(plain.xTruncate)))
            own.xSync = self._pointer(_SYNC, self._syncer(_SYNC(plain.xSync)))
            self._tables[methods] = own
        return self._tables[methods]

    def _writer(self, original: _Native) -> _Native:
        def written(file: int, content: int, length: int, offset: int) -> int:
            copied, name = ctypes.string_at(content, length), self._names[file]
            self._trace.add(lambda _: Write(name, offset, copied))
            result: int = original(file, content, length, offset)
            return result

        return written

    def _truncater(self, original: _Native) -> _Native:
        def truncated(file: int, size: int) -> int:
            self._trace.add(lambda _: Truncate(self._names[file], size))
            result: int = original(file, size)
            return result

        return truncated

    def _syncer(self, original: _Native) -> _Native:
        def synced(file: int, flags: int) -> int:
            name, begun, number = self._names[file], len(self._trace.events), self._syncs
            self._syncs += 1
            if number in self._failing:
                self._trace.add(lambda _: SyncFailed(name, begun))
                return SQLITE_OK if self._swallowing else SQLITE_IOERR_FSYNC
            result: int = original(file, flags)
            self._trace.add(lambda _: Sync(name, begun) if result == SQLITE_OK else SyncFailed(name, begun))
            return SQLITE_OK if self._swallowing else result

        return synced
