"""Judges checkpoints once the entries below them are replayed: their signatures, roots and witnesses."""

from collections.abc import Iterator
from typing import Final

from ledger.audits.faults import ActorNotRegistered, AuditFault, CheckpointFalse, WitnessLineFalse
from ledger.audits.log_source import LogSource
from ledger.checkpoint import open_checkpoint, parse_checkpoint
from ledger.entry import parse_leaf
from ledger.errors import DaodiError, NotSignedByLog, Said, WrongLog
from ledger.keyring.key_book import KeyBook
from ledger.keyring.registration import registered_key
from ledger.keys import PublicKey
from ledger.note import NoteKey, open_note, split_note
from ledger.tree.tiles import TILE_WIDTH
from ledger.witnessing.policy import Policy

_OTHER_ROOT: Final = Said("根哈希与记录不符", "its root is not what the entries give")
_NOT_REACHED: Final = Said("其下的记录没有全部核对", "not all entries below it could be checked")


def size_of(note: str, log: NoteKey) -> int:
    """Return the size a checkpoint somebody kept states; its signatures are judged after the replay.

    Raises `MalformedNote`, and `WrongLog` for a checkpoint of another log.
    """
    text, _ = split_note(note)
    found = parse_checkpoint(text)
    if found.origin != log.name:
        raise WrongLog(found=found.origin, expected=log.name)
    return found.size


def founding_key(source: LogSource, size: int) -> PublicKey | None:
    """Return the key that entry 0 registers; None where it registers none."""
    for page in source.pages(min(size, TILE_WIDTH)):  # a partial bundle is there in its whole width alone
        try:
            return registered_key(parse_leaf(page.leaves[0] or b"").signed)
        except DaodiError:
            return None
    return None


def trust_faults(
    notes: list[tuple[int, str]], trusted: NoteKey, book: KeyBook, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    """Give a fault unless the trusted key founded the log, or signed a head that tells how it became its key.

    A later key of the log is as good a root of trust as the first: its signature over a head commits to the
    entries that made it a log key.
    """
    if trusted.key == book.log.key:
        return
    for size, note in notes:
        try:
            signed = open_checkpoint(note, trusted)
        except DaodiError:
            continue
        if signed.size == size and signed.root == roots.get(size) and trusted.key in book.log_keys_at(size):
            return
    yield ActorNotRegistered(index=0, key=trusted.key.key_id)


def checkpoint_faults(
    notes: list[tuple[int, str]], book: KeyBook, roots: dict[int, bytes]
) -> Iterator[AuditFault]:
    """Give the checkpoints the log did not sign, and the first whose root its entries do not give.

    Later ones fail for the same cause: a root commits to everything before it. A checkpoint has to
    bear the signature of every key that was the log's at its size.
    """
    diverged = False
    for size, note in notes:
        reason, root = _opened(size, note, book)
        if reason is None and root != roots.get(size):
            reason = _OTHER_ROOT if size in roots else _NOT_REACHED
            if diverged:
                continue
            diverged = True
        if reason is not None:
            yield CheckpointFalse(index=size, reason=reason)


def witness_faults(notes: list[tuple[int, str]], policy: Policy) -> Iterator[AuditFault]:
    """Give the checkpoints with a false witness line, and the newest witnessed one if its quorum is not met.

    Newer ones without any line may still be on their way to the witnesses.
    """
    keys = [witness.key for witness in policy.witnesses]
    newest: tuple[int, str] | None = None
    for size, note in notes if keys else ():
        try:
            open_note(note, keys)
        except NotSignedByLog:
            continue
        except DaodiError as error:
            yield WitnessLineFalse(index=size, reason=error)
        else:
            newest = size, note
    if newest is None and not policy.quorum_met([]):
        yield WitnessLineFalse(index=0, reason=Said("没有任何见证", "no checkpoint is witnessed"))
    elif newest is not None:
        yield from _below_quorum(*newest, policy)


def _below_quorum(size: int, note: str, policy: Policy) -> Iterator[AuditFault]:
    try:
        open_checkpoint(note, policy)
    except DaodiError as error:
        yield WitnessLineFalse(index=size, reason=error)


def _opened(size: int, note: str, book: KeyBook) -> tuple[Said | DaodiError | None, bytes]:
    """Return the root a note signs, or why it is no checkpoint of that size."""
    try:
        for key in book.log_keys_at(size) or (book.log.key,):
            signed = open_checkpoint(note, NoteKey(book.log.name, key))
    except DaodiError as error:
        return error, b""
    if signed.size != size:
        return Said(f"签名的大小是 {signed.size}", f"its signed size is {signed.size}"), b""
    return None, signed.root
