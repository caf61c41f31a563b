"""The vault 密匣: data keys of subjects, made, found, replaced and forgotten in the caller's transaction.

Whoever seals holds the key's row until the transaction ends, so that an erasure, which replaces the key,
never leaves a value behind that was sealed under the old one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from ledger.clock import Randomness
from ledger.private.private_cipher import KEY_SIZE, WrappingKey, unwrap, wrap
from ledger.private.private_errors import WrappingKeyMissing
from ledger.private.private_tables import PrivateKeyRow
from ledger.store import CHUNK

REWRAPPED_AT_ONCE: Final = 1_000
"""Data keys one transaction of a rotation wraps anew."""

_REWRAP: Final = (
    update(PrivateKeyRow)
    .where(col(PrivateKeyRow.subject) == bindparam("of"))
    .values(wrapped=bindparam("anew"), wrapped_by=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Vault:
    """Gives data keys to those who seal and open private values."""

    wrapping_keys: Callable[[], Sequence[WrappingKey]]
    """The keys in the key folder, the one in use last; asked each time, for a rotation may be going on."""
    randomness: Randomness

    def key_for(self, session: Session, subject: str, at_ms: int) -> bytes:
        """Return the data key to seal `subject`'s values with, made now if there is none; it stays held.

        Raises `WrappingKeyMissing` or `SealBroken`.
        """
        held = select(PrivateKeyRow.wrapped_by, PrivateKeyRow.wrapped).where(PrivateKeyRow.subject == subject)
        while True:
            found = session.exec(held.with_for_update(read=True)).first()
            if found is not None:
                return unwrap(self._named(found[0]), subject, found[1])
            if (made := self._made(session, subject, at_ms)) is not None:
                return made

    def keys(self, session: Session, subjects: Iterable[str]) -> dict[str, bytes]:
        """Return the data keys of those of `subjects` that have one, to open values with."""
        wanted, found = sorted(set(subjects)), dict[str, bytes]()
        by_id = {each.key_id: each for each in self.wrapping_keys()}
        columns = select(PrivateKeyRow.subject, PrivateKeyRow.wrapped_by, PrivateKeyRow.wrapped)
        for begin in range(0, len(wanted), CHUNK):
            chunk = wanted[begin : begin + CHUNK]
            for subject, key_id, wrapped in session.exec(
                columns.where(col(PrivateKeyRow.subject).in_(chunk))
            ):
                found[subject] = unwrap(by_id.get(key_id) or self._named(key_id), subject, wrapped)
        return found

    def replace(self, session: Session, subject: str, at_ms: int) -> bytes:
        """Give `subject` a new data key in place of its own, which is gone; return the new one.

        What was sealed under the old key can be read no more, here or in any copy, once the wrapping key
        of that time is gone too.
        """
        by, fresh = self.wrapping_keys()[-1], self.randomness(KEY_SIZE)
        values = {
            "wrapped": wrap(by, subject, fresh, self.randomness),
            "wrapped_by": by.key_id,
            "made_ms": at_ms,
        }
        session.connection().execute(
            update(PrivateKeyRow).where(col(PrivateKeyRow.subject) == subject).values(values)
        )
        return fresh

    def forget(self, session: Session, subject: str) -> None:
        """Delete the data key of `subject`: its last value is gone."""
        session.connection().execute(delete(PrivateKeyRow).where(col(PrivateKeyRow.subject) == subject))

    def hold(self, session: Session, subject: str) -> bytes | None:
        """Return the data key of `subject`, and keep others from sealing under it from now on."""
        held = select(PrivateKeyRow.wrapped_by, PrivateKeyRow.wrapped).where(PrivateKeyRow.subject == subject)
        found = session.exec(held.with_for_update()).first()
        return None if found is None else unwrap(self._named(found[0]), subject, found[1])

    def rewrap(self, session: Session) -> int:
        """Wrap up to 1,000 data keys under the key in use that are not yet; return how many were.

        Done until it returns 0, nothing depends on older wrapping keys any more.
        """
        by = self.wrapping_keys()[-1]
        wanted = (
            select(PrivateKeyRow.subject, PrivateKeyRow.wrapped_by, PrivateKeyRow.wrapped)
            .where(col(PrivateKeyRow.wrapped_by) != by.key_id)
            .order_by(col(PrivateKeyRow.subject))
            .limit(REWRAPPED_AT_ONCE)
            .with_for_update()
        )
        rows = session.exec(wanted).all()
        anew = [
            {
                "of": subject,
                "anew": wrap(by, subject, unwrap(self._named(key_id), subject, wrapped), self.randomness),
                "by": by.key_id,
            }
            for subject, key_id, wrapped in rows
        ]
        if anew:
            session.connection().execute(_REWRAP, anew)
        return len(anew)

    def _made(self, session: Session, subject: str, at_ms: int) -> bytes | None:
        """Make and store a data key; None when somebody else just did."""
        by, fresh = self.wrapping_keys()[-1], self.randomness(KEY_SIZE)
        connection = session.connection()
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        stored = connection.execute(
            dialect.insert(PrivateKeyRow)
            .values(
                subject=subject,
                wrapped=wrap(by, subject, fresh, self.randomness),
                wrapped_by=by.key_id,
                made_ms=at_ms,
            )
            .on_conflict_do_nothing(index_elements=["subject"])
        )
        return fresh if stored.rowcount else None

    def _named(self, key_id: str) -> WrappingKey:
        for each in self.wrapping_keys():
            if each.key_id == key_id:
                return each
        raise WrappingKeyMissing(key=key_id)


def vault_of(key: WrappingKey, randomness: Randomness) -> Vault:
    """Return a vault with just one wrapping key."""
    return Vault(lambda: (key,), randomness)
