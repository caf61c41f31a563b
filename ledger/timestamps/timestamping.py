"""Has the published checkpoint timestamped, keeps what was verified, and gives it back."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

from sqlmodel import Session, col, select

from ledger import log
from ledger.clock import Clock
from ledger.tables import CheckpointRow
from ledger.timestamps.timestamp import Authorities, Timestamp, question, verify_timestamp
from ledger.timestamps.timestamp_client import TimestampClient
from ledger.timestamps.timestamp_errors import NoTimestamp
from ledger.timestamps.timestamp_file import TimestampFile
from ledger.timestamps.timestamp_tables import TimestampRow

Sessions: TypeAlias = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class KeptTimestamp:
    """A timestamp as it is kept: with the checkpoint it is over."""

    size: int
    stated_ms: int
    """When the authority says that it saw the checkpoint."""
    authority: str
    file: TimestampFile


@dataclass(frozen=True, slots=True)
class Timestamper:
    """Asks an authority for timestamps of what the log has published."""

    read: Sessions
    write: Sessions
    client: TimestampClient
    authorities: Authorities
    clock: Clock

    def run(self) -> Timestamp | None:
        """Have the published checkpoint timestamped; None when it is already.

        The network is asked while no transaction is open, and nothing is kept that was not verified. Raises
        `NoCheckpointYet`, `LogNotFounded`, `AuthorityUnreachable`, `AuthorityRefused`, `MalformedTimestamp`
        or `TimestampFalse`.
        """
        with self.read() as session:
            size = log.checkpoint(session).size
            note = session.exec(select(CheckpointRow.note).where(CheckpointRow.size == size)).one()
            if session.get(TimestampRow, size) is not None:
                return None
        asked, asked_ms = question(note.encode()), self.clock()
        answer = self.client.ask(asked.der)
        stamped = verify_timestamp(answer, note.encode(), self.authorities, asked.nonce)
        with self.write() as session:
            if session.get(TimestampRow, size) is None:  # another worker may have been faster
                session.add(
                    TimestampRow(
                        size=size,
                        answer=answer,
                        authority=stamped.authority,
                        stated_ms=int(stamped.at.timestamp() * 1000),
                        asked_ms=asked_ms,
                    )
                )
        return stamped


def last_asked_ms(session: Session) -> int | None:
    """Return when the newest kept timestamp was asked for, by our clock."""
    newest = select(TimestampRow.asked_ms).order_by(col(TimestampRow.size).desc()).limit(1)
    return session.exec(newest).first()


def kept_timestamps(session: Session, limit: int, below: int | None = None) -> Sequence[KeptTimestamp]:
    """Return up to `limit` timestamps of checkpoints smaller than `below`, the largest first."""
    wanted = select(TimestampRow, CheckpointRow.note).join(
        CheckpointRow, col(CheckpointRow.size) == col(TimestampRow.size)
    )
    if below is not None:
        wanted = wanted.where(col(TimestampRow.size) < below)
    rows = session.exec(wanted.order_by(col(TimestampRow.size).desc()).limit(limit)).all()
    return [_kept(row, note) for row, note in rows]


def kept_timestamp(session: Session, size: int) -> KeptTimestamp:
    """Return the timestamp of the checkpoint of `size`; raises `NoTimestamp`."""
    found = kept_timestamps(session, 1, size + 1)
    if not found or found[0].size != size:
        raise NoTimestamp(size=size)
    return found[0]


def _kept(row: TimestampRow, note: str) -> KeptTimestamp:
    return KeptTimestamp(row.size, row.stated_ms, row.authority, TimestampFile(note, row.answer))
