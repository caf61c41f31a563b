"""Takes statements in: the gate in front of the log.

A statement is submitted in the transaction that writes what it is about, so either both
are stored or neither. What passes the gate is signed by a registered key, addressed to this
log, new, within size and placed in its subject's chain; the sequencer gives it an index later.
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, bindparam, exists, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from ledger.entry import GENESIS, Entry, SignedStatement
from ledger.errors import DuplicateStatement, LogNotFounded, UnknownKey, WrongLog
from ledger.keys import PublicKey
from ledger.registration import KIND, holder_of, registered_key
from ledger.tables import EntryRow, KeyRow, PendingRow, StateRow, SubjectRow


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """A statement that is stored once the caller's transaction commits, and waits for its index."""

    statement_id: str
    entry: Entry

    @property
    def leaf_hash(self) -> bytes:
        """What the tree will hold."""
        return self.entry.leaf_hash


def submit(session: Session, signed: SignedStatement) -> PendingEntry:
    """Store `signed` in the caller's transaction, placed after the entries on its subject.

    Raises `LogNotFounded`, `WrongLog`, `DuplicateStatement`, `UnknownKey`, `BadRegistration`,
    `BadPublicKey`, `BadSignature`, `LeafTooLarge` or `NotCanonical`; nothing is then written, except
    when two transactions race with one id: the later is refused and has to be rolled back.
    """
    key = _admit(session, signed)
    signed.verify(key)
    subject = signed.statement.subject
    connection = session.connection()
    placed, prev = connection.execute(_lock_head(connection.dialect.name), {"subject": subject}).one()
    entry = Entry(signed=signed, seq=placed, prev=prev)
    row = {
        "statement_id": signed.statement.id,
        "subject": subject,
        "seq": entry.seq,
        "leaf_hash": entry.leaf_hash,
        "leaf": entry.leaf_bytes,
    }
    stored = connection.execute(_store(connection.dialect.name), row).scalar()
    head = {"at": subject, "now_placed": placed + 1, "now_head": entry.leaf_hash.hex()}
    if stored is None or not connection.execute(_MOVE_HEAD, head | {"wanted": signed.statement.id}).rowcount:
        raise DuplicateStatement(id=signed.statement.id)
    if signed.statement.kind == KIND:
        holder = holder_of(signed.statement)
        connection.execute(insert(KeyRow), {"key_id": key.key_id, "raw": key.raw, "holder": holder})
    return PendingEntry(signed.statement.id, entry)


# Built once: making these statements costs more than running them.
_MOVE_HEAD = (
    update(SubjectRow)
    # Whoever raced with the same id may have been integrated between `_ADMIT` and `_store`.
    .where(
        col(SubjectRow.subject) == bindparam("at"),
        ~exists().where(col(EntryRow.statement_id) == bindparam("wanted")),
    )
    .values(placed=bindparam("now_placed"), head=bindparam("now_head"))
)
_ADMIT = select(
    select(StateRow.origin).scalar_subquery(),
    select(KeyRow.raw).where(col(KeyRow.key_id) == bindparam("actor")).scalar_subquery(),
    select(EntryRow.entry_index).where(col(EntryRow.statement_id) == bindparam("wanted")).scalar_subquery(),
    select(PendingRow.pending_id)
    .where(col(PendingRow.statement_id) == bindparam("wanted"))
    .scalar_subquery(),
)


@cache
def _store(dialect_name: str) -> Executable:
    """Return the statement that stores a row and gives its number, unless its id is taken or about to be."""
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(PendingRow).on_conflict_do_nothing(index_elements=["statement_id"])
    stored: Executable = statement.returning(col(PendingRow.pending_id))
    return stored


@cache
def _lock_head(dialect_name: str) -> Executable:
    """Return the statement that gives a subject's count and head and locks them until the transaction ends.

    An update that changes nothing takes the row lock, and the row is inserted where there is none.
    """
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(SubjectRow).values(subject=bindparam("subject"), placed=0, head=GENESIS)
    locked: Executable = statement.on_conflict_do_update(
        index_elements=["subject"], set_={"placed": col(SubjectRow.placed)}
    ).returning(col(SubjectRow.placed), col(SubjectRow.head))
    return locked


def _admit(session: Session, signed: SignedStatement) -> PublicKey:
    """Return the key `signed` must be signed by, after one query for all that could forbid it."""
    wanted = signed.statement.id
    asked = {"actor": signed.actor, "wanted": wanted}
    origin, raw, logged, pending = session.connection().execute(_ADMIT, asked).one()
    if origin is None:
        raise LogNotFounded
    if origin != signed.origin:
        raise WrongLog(found=signed.origin, expected=origin)
    if logged is not None or pending is not None:
        raise DuplicateStatement(id=wanted)
    if signed.statement.kind == KIND:
        return registered_key(signed)
    if raw is None:
        raise UnknownKey(key=signed.actor)
    return PublicKey(raw)
