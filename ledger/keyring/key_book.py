"""Which key counts at which index: the one set of rules for gate, placement, audit and verifiers.

Entries are judged (`fault`) and then taken (`take`) in index order. A key counts at index i if its
registration has an index below i and no statement that ends it has. A log key signs the
checkpoints of the sizes in between: the entry that adds it lies below the size, the one that
retires it does not. docs/ledger-format.md, section 7, lists the rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.entry import Entry, SignedStatement
from ledger.errors import BadRegistration, DaodiError, Said, UnknownKey
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NotALogKey
from ledger.keyring.key_statements import (
    KEY_KINDS,
    LOG_KEY_ADDED,
    LOG_KEY_RETIRED,
    LOG_ONLY_KINDS,
    REGISTERED,
    REVOKED,
    ROTATED,
    KeyChange,
    key_change,
)
from ledger.keyring.registration import holder_of, registered_key
from ledger.keys import PublicKey
from ledger.note import NoteKey

END_WORDS = {
    ROTATED: Said("已轮换", "it was rotated"),
    REVOKED: Said("已吊销", "it was revoked"),
    LOG_KEY_RETIRED: Said("已退役", "it was retired"),
}
"""Why a key counts no longer, by the kind of statement that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """The life of one key, by log indices."""

    key: PublicKey
    holder: str
    """Whom it was registered for: a USCC, a name, or the log's own name for log keys."""
    from_index: int
    """Index of its registration: it counts at higher ones."""
    until_index: int | None = None
    """Index of the statement that ended it, the last at which it counts; None while it lives."""
    end: str | None = None
    """Kind of that statement."""
    successor: str | None = None
    """The key it was rotated to."""
    reason: str | None = None
    """Why it was revoked."""
    log_from: int | None = None
    """Index from which it is a log key; None for the keys of parties."""

    def counts_at(self, index: int) -> bool:
        """Say whether a signature by it counts at `index`."""
        return self.from_index < index and (self.until_index is None or index <= self.until_index)

    def signs_size(self, size: int) -> bool:
        """Say whether a checkpoint of `size` entries has to bear its signature."""
        return self.log_from is not None and self.log_from < size and self.counts_at(size)


class KeyBook:
    """The keys of the log whose founding key is `log`, as the entries taken so far leave them.

    `states` are those to begin with, when not every entry is taken.
    """

    def __init__(self, log: NoteKey, states: Iterable[KeyState] = ()) -> None:
        self.log = log
        self.states: dict[str, KeyState] = {state.key.key_id: state for state in states}
        """Every key ever registered, by id."""
        self.active: dict[str, PublicKey] = {
            key_id: state.key for key_id, state in self.states.items() if state.until_index is None
        }
        """The keys whose signature counts at the next index, by id."""

    @property
    def log_keys(self) -> tuple[PublicKey, ...]:
        """The keys that sign a checkpoint over the entries taken, oldest first."""
        return tuple(state.key for state in self._log_states() if state.until_index is None)

    def log_keys_at(self, size: int) -> tuple[PublicKey, ...]:
        """Return the keys that sign a checkpoint of `size` entries, oldest first."""
        return tuple(state.key for state in self._log_states() if state.signs_size(size))

    def key(self, actor: str) -> PublicKey:
        """Return the key of that id, whether or not it still counts; raises `UnknownKey`."""
        state = self.states.get(actor)
        if state is None:
            raise UnknownKey(key=actor)
        return state.key

    def fault(self, index: int, entry: Entry) -> Said | None:
        """Say why the entry's key does not count at `index`, or its key statement cannot stand there."""
        try:
            self.check(index, entry.signed)
        except DaodiError as error:
            return Said(error.message("zh"), error.message("en"))
        return None

    def check(self, index: int, signed: SignedStatement) -> PublicKey:
        """Return the key that must have signed `signed` at `index`; its signature is the caller's to verify.

        Raises `UnknownKey`, `KeyEnded`, `NotALogKey`, `BadRegistration`, `BadPublicKey` or
        `KeyStatementRefused`.
        """
        kind = signed.statement.kind
        if kind in KEY_KINDS and not isinstance(signed.signature, bytes):
            raise KeyStatementRefused(
                key=signed.actor, why=Said("须自带签名", "it must bear a signature of its own")
            )
        if kind == REGISTERED:
            return self._check_registration(index, signed)
        state = self._counting(index, signed.actor)
        if kind in LOG_ONLY_KINDS and state.log_from is None:
            raise NotALogKey(kind=kind, key=signed.actor)
        if kind in KEY_KINDS:
            self._check_change(index, state, key_change(signed))
        return state.key

    def take(self, index: int, entry: Entry) -> None:
        """Learn from an entry that was found sound; kinds outside `KEY_KINDS` teach nothing."""
        self.learn(index, entry.signed)

    def learn(self, index: int, signed: SignedStatement) -> None:
        """Learn from a statement that `check` accepts at `index`; raises `UnknownKey` for one it does not."""
        kind = signed.statement.kind
        if kind == REGISTERED:
            key, holder = registered_key(signed), holder_of(signed.statement)
            founding = index if key == self.log.key else None
            self._keep(KeyState(key=key, holder=holder, from_index=index, log_from=founding))
        elif kind in KEY_KINDS:
            change = key_change(signed)
            state = self.states.get(change.key_id)
            if state is None:
                raise UnknownKey(key=change.key_id)
            if kind == LOG_KEY_ADDED:
                self._keep(replace(state, log_from=index))
            else:
                end = replace(state, until_index=index, end=kind)
                self._keep(replace(end, successor=change.successor, reason=change.reason))

    def _keep(self, state: KeyState) -> None:
        key_id = state.key.key_id
        self.states[key_id] = state
        if state.until_index is None:
            self.active[key_id] = state.key
        else:
            self.active.pop(key_id, None)

    def _log_states(self) -> list[KeyState]:
        terms = [state for state in self.states.values() if state.log_from is not None]
        return sorted(terms, key=lambda state: state.log_from or 0)

    def _check_registration(self, index: int, signed: SignedStatement) -> PublicKey:
        key = registered_key(signed)
        if key.key_id in self.states or (index == 0 and key != self.log.key):
            raise BadRegistration(key=key.key_id)
        return key

    def _counting(self, index: int, key_id: str) -> KeyState:
        """Return the state of a key that counts at `index`."""
        state = self.states.get(key_id)
        if state is None or state.from_index >= index:
            raise UnknownKey(key=key_id)
        if not state.counts_at(index):
            raise KeyEnded(key=key_id, why=END_WORDS[state.end or REVOKED])
        return state

    def _check_change(self, index: int, signer: KeyState, change: KeyChange) -> None:
        about = self._counting(index, change.key_id)
        if change.kind == LOG_KEY_ADDED:
            self._check_added(about)
        elif change.kind == LOG_KEY_RETIRED:
            if about.log_from is None:
                _refuse(change.key_id, "它不是账本密钥", "it is no log key")
            if signer.key == about.key:
                _refuse(
                    change.key_id,
                    "账本密钥不能由自己退役，最后一把不能退役",
                    "a log key is retired by another one, so the last cannot be",
                )
        elif about.log_from is not None:
            _refuse(
                change.key_id, "账本密钥只能退役", "a log key is retired by another log key, nothing else"
            )
        elif change.kind == ROTATED:
            self._check_rotated(index, signer, about, change.successor or "")
        elif signer.key != about.key and signer.log_from is None:
            _refuse(
                change.key_id,
                "只能由该密钥自己或账本密钥吊销",
                "only that key itself or a log key may revoke it",
            )

    def _check_added(self, about: KeyState) -> None:
        if about.log_from is not None:
            _refuse(about.key.key_id, "它已是账本密钥", "it is a log key already")
        if about.holder != self.log.name:
            _refuse(about.key.key_id, "它不是为账本登记的", "it is not registered for the log")

    def _check_rotated(self, index: int, signer: KeyState, about: KeyState, successor: str) -> None:
        key_id = about.key.key_id
        if signer.key != about.key:
            _refuse(key_id, "只能由被轮换的密钥自己签名", "only the rotated key itself may sign it")
        if successor == key_id:
            _refuse(key_id, "不能轮换为自己", "it cannot follow itself")
        if self._counting(index, successor).holder != about.holder:
            _refuse(key_id, "后继密钥属于另一持有者", "its successor belongs to another holder")


def keys_named(signed: SignedStatement) -> set[str]:
    """Return the ids of the keys whose state decides about `signed`: its signer's and those it is about."""
    named = {signed.actor}
    if signed.statement.kind in KEY_KINDS - {REGISTERED}:
        change = key_change(signed)
        named |= {change.key_id, *filter(None, [change.successor])}
    return named


def _refuse(key_id: str, zh: str, en: str) -> None:
    raise KeyStatementRefused(key=key_id, why=Said(zh, en))
