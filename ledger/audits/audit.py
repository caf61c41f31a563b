"""Replays a whole log and names every fault at its index.

Believes nothing but the log's verifier key: every entry is hashed anew, every chain, key, tile and
checkpoint compared, and unless told to be quick every leaf read to the last byte and every
signature verified. One pass in index order; what it keeps grows with the number of statements,
subjects and keys.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, cast

from sqlmodel import Session

from ledger.audits.audit_heads import checkpoint_faults, founding_key, size_of, trust_faults, witness_faults
from ledger.audits.faults import AuditFault, AuditStopped, EntryMissing, HashAltered, TileHoldsOther
from ledger.audits.leaf_checks import Blemish, Job, check_leaves
from ledger.audits.log_source import LogSource
from ledger.audits.replay import Replay
from ledger.audits.stored_log import StoredLog
from ledger.manifests.manifest_book import no_digests
from ledger.manifests.manifest_store import digests_of
from ledger.merkle import EMPTY_ROOT, HASH_SIZE, Frontier
from ledger.note import NoteKey
from ledger.tree.tiles import FULL_TILE_SIZE, TILE_WIDTH, TileId, extend, split_hashes
from ledger.witnessing.policy import Policy

MOST_FAULTS: Final = 10_000
"""After so many an audit stops: what serves a log may invent faults without end."""
_TOLD: Final = 64
"""Pages between two reports of progress."""
_AHEAD: Final = 8
"""Pages whose costly checks may run while the next are read."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a replay found."""

    entries: int
    """How many entries were replayed."""
    root: bytes
    """Root recomputed from their bytes."""
    checkpoints: int
    """How many checkpoints were compared."""
    signatures: int
    """How many entries had form and signature checked to the last byte; 0 for a quick audit."""
    keys: int
    """How many keys the log registered."""
    faults: tuple[AuditFault, ...]
    """In order of index; empty when the log is sound."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How thorough an audit is, who helps, and who is told."""

    quick: bool = False
    """Leave out what needs more than an outline of an entry: its form, its signature, its manifest."""
    executor: Executor | None = None
    """Where the costly checks run; None: here, one after another."""
    policy: Policy | None = None
    """Whose witness signatures are verified, and how many the newest witnessed checkpoint needs."""
    told: Callable[[int, int], None] | None = None
    """Hears now and then how many entries of how many were read."""


THOROUGH = Manner()


def audit(
    session: Session, trusted_vkey: str, kept: Iterable[str] = (), manner: Manner = THOROUGH
) -> AuditReport:
    """Replay the log in `session` against its verifier key.

    `kept` are checkpoints that somebody outside kept: only they can show that a whole tail of
    the log, checkpoints included, was cut off or written anew. An entry that is missing is
    bridged with its stored tile hash, so that what follows is still checked at its own index.
    Past `MOST_FAULTS` faults the rest is not looked at, which is said by a fault too.
    Raises `MalformedNote` or `BadPublicKey` for an unusable vkey, `LogNotFounded`, and what
    `open_checkpoint` raises when a kept checkpoint is not this log's.
    """
    return audit_log(StoredLog(session), trusted_vkey, kept, manner, digests_of=partial(digests_of, session))


def audit_log(
    source: LogSource,
    trusted_vkey: str,
    kept: Iterable[str] = (),
    manner: Manner = THOROUGH,
    *,
    digests_of: Callable[[str], bytes | None] = no_digests,
) -> AuditReport:
    """Replay the log in `source`, such as a static tree, as `audit` does.

    `digests_of` gives the digests kept for a manifest; without, all its statements are needed to judge it.
    Raises `LogUnreadable` besides.
    """
    log = NoteKey.from_vkey(trusted_vkey)
    notes = sorted({*source.notes(), *((size_of(note, log), note) for note in kept)})
    sizes = {size for size, _ in notes} | source.sizes()
    expected = max(0, *sizes)
    # Sizes are claims: a false one must not make the audit count to it.
    reached = min(expected, source.reach(expected))
    founder = NoteKey(log.name, founding_key(source, reached) or log.key)
    replay = Replay(founder, digests_of)
    walk = _Walk(source, replay, sizes, manner)
    walk.run(reached)
    faults = [
        *replay.faults,
        *replay.depending(),
        *walk.faults,
        *_tail_missing(reached, expected),
        *islice(source.beyond(reached, expected), MOST_FAULTS),
        *trust_faults(notes, log, replay.book, walk.roots),
        *checkpoint_faults(notes, replay.book, walk.roots),
        *(witness_faults(notes, manner.policy) if manner.policy else ()),
        *source.state_faults(founder, expected, walk.roots),
    ]
    faults.sort(key=lambda fault: fault.index)
    return AuditReport(
        replay.replayed,
        walk.roots[walk.walked],
        len(notes),
        walk.checked,
        len(replay.book.states),
        tuple(faults),
    )


class _Walk:
    """One pass over the stored entries that grows the tree beside them."""

    def __init__(self, source: LogSource, replay: Replay, wanted_sizes: set[int], manner: Manner) -> None:
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        """Recomputed root at every size a checkpoint was signed for, and at `walked`."""
        self.faults: list[AuditFault] = []
        """Of tiles, and that the walk was stopped."""
        self.walked = 0
        """How many entries it went past."""
        self.checked = 0
        self._source = source
        self._replay = replay
        self._manner = manner
        self._wanted = sorted((size for size in wanted_sizes if size > 0), reverse=True)
        self._frontier = Frontier()
        self._tails: dict[TileId, bytes] = {}
        self._running: deque[Future[list[Blemish]]] = deque()

    def run(self, size: int) -> None:
        """Replay the entries from 0 to `size - 1` and compare every tile they give."""
        for number, page in enumerate(self._source.pages(size)):
            if number % _TOLD == 0:
                self._tell(page.begin, size)
            self._grow(page.begin, self._bridged(page.begin, self._replay.page(page), size))
            if not self._manner.quick:
                self._check(self._replay.jobs(page))
            if len(self._replay.faults) + len(self.faults) > MOST_FAULTS:
                break
        while self._running:
            self._replay.blemished(self._running.popleft().result())
        self.roots[self.walked] = self._frontier.root()
        if self.walked == size:
            self._finish()
        else:
            self.faults.append(AuditStopped(index=self.walked, found=MOST_FAULTS, size=size))
        self._tell(size, size)

    def _finish(self) -> None:
        """Judge what only the end of the log shows."""
        for (level, index), hashes in self._tails.items():
            self._compare((level, index), hashes)
        if not self._manner.quick:
            self._replay.finish()

    def _tell(self, done: int, total: int) -> None:
        if self._manner.told is not None:
            self._manner.told(done, total)

    def _bridged(self, begin: int, hashes: list[bytes | None], size: int) -> list[bytes]:
        """Return the hashes, those of missing entries as their tiles store them."""
        if None not in hashes:
            return cast("list[bytes]", hashes)
        stored: list[bytes] = []
        for first in range(begin, begin + len(hashes), TILE_WIDTH):
            width = min(TILE_WIDTH, size - first)
            found = split_hashes(self._source.tile(0, first // TILE_WIDTH, width))[:width]
            stored += found + [bytes(HASH_SIZE)] * (width - len(found))
        return [there if hashed is None else hashed for hashed, there in zip(hashes, stored, strict=True)]

    def _grow(self, begin: int, hashes: list[bytes]) -> None:
        """Extend the tree, stopping at every size whose root is wanted."""
        end = self.walked = begin + len(hashes)
        at = begin
        while at < end:
            stop = min(self._wanted[-1], end) if self._wanted else end
            self._extend(hashes[at - begin : stop - begin])
            at = stop
            if self._wanted and self._wanted[-1] == stop:
                self._wanted.pop()
                self.roots[stop] = self._frontier.root()

    def _extend(self, hashes: list[bytes]) -> None:
        for tile_id, joined in extend(self._frontier, hashes, self._tail).items():
            self._tails.pop(tile_id, None)
            if len(joined) == FULL_TILE_SIZE:
                self._compare(tile_id, joined)
            else:
                self._tails[tile_id] = joined

    def _tail(self, level: int, index: int) -> bytes:
        return self._tails.get((level, index), b"")

    def _check(self, jobs: list[Job]) -> None:
        """Have a page's costly checks done, here or elsewhere, never more than a few pages ahead."""
        self.checked += len(jobs)
        if self._manner.executor is None:
            self._replay.blemished(check_leaves(jobs))
            return
        self._running.append(self._manner.executor.submit(check_leaves, jobs))
        if len(self._running) > _AHEAD:
            self._replay.blemished(self._running.popleft().result())

    def _compare(self, tile_id: TileId, expected: bytes) -> None:
        """Report where a stored tile differs, unless an entry below is already known to be at fault."""
        level, tile = tile_id
        span = TILE_WIDTH**level
        joined = self._source.tile(level, tile, len(expected) // HASH_SIZE)
        if joined == expected:
            return
        stored = split_hashes(joined)
        for place, hashed in enumerate(split_hashes(expected)):
            if place < len(stored) and stored[place] == hashed:
                continue
            first = (tile * TILE_WIDTH + place) * span
            if not self._replay.faulty_between(first, first + span):
                self.faults.append(HashAltered(index=first, level=level))
                return
            if level == 0 and self._replay.malformed(first) and place < len(stored):
                self.faults.append(TileHoldsOther(index=first, stored=stored[place].hex()))
        if len(joined) > len(expected):
            beyond = (tile * TILE_WIDTH + len(expected) // HASH_SIZE) * span
            self.faults.append(HashAltered(index=beyond, level=level))


def _tail_missing(walked: int, expected: int) -> Iterator[AuditFault]:
    """One fault for all the entries far beyond what is stored."""
    if walked < expected:
        yield EntryMissing(index=walked, expected=f"{walked} … {expected - 1}", found="—")
