"""Where an audit reads a log from: what it asks for, and the static tree of files that answers.

A static tree is what c2sp.org/tlog-tiles lays out: `checkpoint`, `tile/…` and `tile/entries/…`, in a
folder or below an HTTP address. Nothing here judges what it reads.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ledger.audits.faults import AuditFault
from ledger.audits.fsck_errors import LogUnreadable
from ledger.checkpoint import parse_checkpoint
from ledger.errors import MalformedNote, Said
from ledger.merkle import HASH_SIZE
from ledger.note import NoteKey, split_note
from ledger.tree.tiles import FULL_TILE_SIZE, TILE_WIDTH, entries_path, tile_path

Columns: TypeAlias = tuple[bytes, str, str, int]
"""What a database keeps beside an entry: leaf hash, statement id, subject, seq."""
Fetch: TypeAlias = Callable[[str], bytes | None]
"""Returns the file at a path below the log's prefix; None when there is none."""
Ahead: TypeAlias = Callable[[Callable[[int], list[bytes]], Iterable[int]], Iterable[list[bytes]]]
"""`map`, or a `map` that fetches some of what follows while the first is being checked."""

_PAGE_BUNDLES = 4
_NO_CHECKPOINT = Said("不是检查点", "it is no checkpoint")
_CUT = Said("末条不完整", "its last entry is cut")
_TOO_MANY = Said("条数过多", "it holds more entries than it should")


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive entries from index `begin` on; None stands for one that is missing."""

    begin: int
    leaves: list[bytes | None]
    columns: list[Columns | None] | None = None
    """One for each leaf where the log is kept in a database."""


class LogSource(Protocol):
    """A stored log, believed in nothing."""

    def notes(self) -> list[tuple[int, str]]:
        """Return every stored checkpoint with the size it is stored under, ascending."""

    def reach(self, size: int) -> int:
        """Return how many of `size` entries could be there at all, so that nobody counts to a false size."""

    def pages(self, size: int) -> Iterator[Page]:
        """Give the entries 0 to `size - 1` in pages that begin at multiples of 256."""

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return the stored hashes of a tile, joined; `width` of them are wanted."""

    def sizes(self) -> set[int]:
        """Return sizes the log claims beside its checkpoints."""

    def beyond(self, walked: int, expected: int) -> Iterator[AuditFault]:
        """Give a fault for each stored thing that a log of `expected` entries has not."""

    def state_faults(self, log: NoteKey, expected: int, roots: dict[int, bytes]) -> Iterator[AuditFault]:
        """Give what the log's own note of its state says that the walk or the trusted key contradicts."""


class StaticTree:
    """A log as files; `fetch` reads one. Raises `LogUnreadable` for what no log would write."""

    def __init__(self, fetch: Fetch, ahead: Ahead = map) -> None:
        self._fetch = fetch
        self._ahead = ahead
        self._size = 0

    def notes(self) -> list[tuple[int, str]]:
        """Return the one checkpoint a static tree has; raises `LogUnreadable` when it has none."""
        raw = self._fetch("checkpoint")
        if raw is None:
            raise LogUnreadable(path="checkpoint", reason=Said("没有检查点", "there is no checkpoint"))
        try:
            note = raw.decode()
            self._size = parse_checkpoint(split_note(note)[0]).size
        except (UnicodeDecodeError, MalformedNote) as error:
            raise LogUnreadable(path="checkpoint", reason=_NO_CHECKPOINT) from error
        return [(self._size, note)]

    def reach(self, size: int) -> int:
        """Return no more than its checkpoint covers: what lies beyond was not asked to be there yet."""
        return min(size, self._size)

    def pages(self, size: int) -> Iterator[Page]:
        """Give the entries from their bundles."""
        bundles = range((size + TILE_WIDTH - 1) // TILE_WIDTH)
        page = Page(0, [])
        for bundle, leaves in enumerate(self._ahead(lambda number: self._bundle(number, size), bundles)):
            page.leaves.extend(leaves)
            width = min(TILE_WIDTH, size - bundle * TILE_WIDTH)
            page.leaves.extend([None] * (width - len(leaves)))
            if bundle % _PAGE_BUNDLES == _PAGE_BUNDLES - 1:
                yield page
                page = Page((bundle + 1) * TILE_WIDTH, [])
        if page.leaves:
            yield page

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return a tile's hashes; the full tile answers for a partial one that was removed."""
        found = self._fetch(tile_path(level, index, width))
        if found is None and width < TILE_WIDTH:
            full = self._fetch(tile_path(level, index)) or b""
            found = full[: width * HASH_SIZE] if len(full) == FULL_TILE_SIZE else full
        return found or b""

    def sizes(self) -> set[int]:
        """A static tree claims no size but its checkpoint's."""
        return set()

    def beyond(self, walked: int, expected: int) -> Iterator[AuditFault]:  # noqa: ARG002  see the docstring
        """Nothing: what lies beside the files a client asks for, no client sees."""
        yield from ()

    def state_faults(self, log: NoteKey, expected: int, roots: dict[int, bytes]) -> Iterator[AuditFault]:  # noqa: ARG002  see the docstring
        """Nothing: a static tree keeps no state beside its checkpoint."""
        yield from ()

    def _bundle(self, number: int, size: int) -> list[bytes]:
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        path = entries_path(number, width)
        raw = self._fetch(path)
        if raw is None and width < TILE_WIDTH:
            raw = self._fetch(entries_path(number))
            return split_bundle(raw, path, TILE_WIDTH)[:width] if raw else []
        return split_bundle(raw, path, width) if raw else []


def split_bundle(raw: bytes, path: str, most: int = TILE_WIDTH) -> list[bytes]:
    """Return the entries of a bundle: each has its length before it as a big-endian uint16.

    `path` names the bundle in the `LogUnreadable` that a cut entry, or more than `most` of them, raises.

    >>> split_bundle(bytes([0, 2]) + b"ab" + bytes([0, 0]), "tile/entries/000.p/2")
    [b'ab', b'']
    """
    entries: list[bytes] = []
    at, end = 0, len(raw)
    try:
        while at < end:
            begin = at + 2
            at = begin + (raw[at] << 8 | raw[at + 1])
            entries.append(raw[begin:at])
    except IndexError as error:
        raise LogUnreadable(path=path, reason=_CUT) from error
    if at > end or len(entries) > most:
        raise LogUnreadable(path=path, reason=_CUT if at > end else _TOO_MANY)
    return entries
