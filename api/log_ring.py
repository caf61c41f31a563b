"""The log's own keys as one running process holds them: private halves, and which of them is told to whom.

Another process may rotate the log's keys at any time, so what is told is read from the log.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from sqlmodel import Session, col, select

from api.clock import monotonic_ms
from ledger.clock import Randomness
from ledger.errors import Said
from ledger.keyring import log_keys
from ledger.keyring.key_changes import add_log_key, retire_log_key
from ledger.keyring.key_errors import KeyStatementRefused
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.log_keys import LogKeys
from ledger.keys import SigningKey
from ledger.tables import KeyRow
from ledger.witnessing.publication import check_names_key, policy_in_force

_KEPT_MS = 1000
"""How old a verifier key may be that is told without another look at the log."""


class LogRing:
    """The log's keys of one process. Safe between threads."""

    def __init__(
        self, folder: KeyFolder, read: Callable[[], AbstractContextManager[Session]], randomness: Randomness
    ) -> None:
        """Load every log key of `folder`; raises what `KeyFolder.load` raises."""
        self._folder = folder
        self._read = read
        self._randomness = randomness
        self._private = LogKeys(folder)
        self._private.load()
        self.newest()  # without the key in force nothing could be signed: better told now
        self._told: tuple[int, str] | None = None
        """When it was read, on the monotonic clock, and the verifier key to hand out."""

    def signers(self, session: Session, size: int) -> tuple[SigningKey, ...]:
        """Return the private keys that sign a checkpoint of `size` entries; raises `KeyFileMissing`."""
        return self._private.at_size(session, size)

    def newest(self) -> SigningKey:
        """Return the newest of the log keys in force."""
        with self._read() as session:
            return self._private.newest(session)

    def vkey(self) -> str:
        """Return the verifier key to hand out: that of the oldest log key in force.

        It stays the same while keys overlap; whoever holds it goes on verifying until it is retired. What
        another process changed is told within a second.
        """
        told = self._told
        if told is None or monotonic_ms() - told[0] > _KEPT_MS:
            with self._read() as session:
                told = self._told = (monotonic_ms(), log_keys.published_vkey(session))
        return told[1]

    def forget(self) -> None:
        """Read the log again before the next answer: entries were added."""
        self._told = None

    def counting(self, key_ids: Collection[str]) -> set[str]:
        """Return which of these keys are registered and not ended."""
        wanted = select(KeyRow.key_id).where(col(KeyRow.key_id).in_(key_ids), col(KeyRow.ended).is_(None))
        with self._read() as session:
            return set(session.exec(wanted))

    def prepare(self) -> SigningKey:
        """Return a log key that is not in the log yet: one an attempt left in the folder, or a new one."""
        names = [name for name in self._folder.names() if log_keys.is_log_key(name)]
        made = [self._folder.load(name) for name in names]
        with self._read() as session:
            ids = [key.public.key_id for key in made]
            known = set(session.exec(select(KeyRow.key_id).where(col(KeyRow.key_id).in_(ids))))
        for key in made:
            if key.public.key_id not in known:
                return key
        return self._folder.create(f"log-{len(names) + 1}", self._randomness)

    def add(self, session: Session, origin: str, new: SigningKey, at_ms: int) -> None:
        """Register `new` and make it a log key: checkpoints bear its signature too from then on."""
        add_log_key(session, origin, new, self._private.newest(session), at_ms)

    def retire(self, session: Session, origin: str, key_id: str, at_ms: int) -> None:
        """End the overlap: the log key `key_id` signs no checkpoint beyond this.

        Raises `KeyStatementRefused` for the last one, `PolicyOutdated` while the policy in force names none
        of the others, and what `submit` raises.
        """
        others = [key for key in self._private.in_force(session) if key.public.key_id != key_id]
        if not others:
            raise KeyStatementRefused(
                key=key_id, why=Said("最后一把账本密钥不能退役", "the last log key cannot be retired")
            )
        policy = policy_in_force(session)
        if policy is not None:
            check_names_key(policy, origin, [key.public for key in others])
        retire_log_key(session, origin, key_id, others[-1], at_ms)
