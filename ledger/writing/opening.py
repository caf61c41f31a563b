"""Opens a group of waiting rows: what each holds, and whether its key signed it.

What this process verified at the gate is taken from memory; everything else is parsed and its signature
verified again, so that a row put into the outbox past the gate never enters the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ledger.entry import Entry, SignedStatement
from ledger.errors import DaodiError
from ledger.keyring.registration import KIND, registered_key
from ledger.keys import PublicKey
from ledger.store import Extent
from ledger.writing.bulk import ask
from ledger.writing.outbox_store import Waiting
from ledger.writing.placement import Held, Opened, fits, open_row
from ledger.writing.signature_checks import VERIFIED, SignatureChecks


@dataclass(frozen=True, slots=True)
class Group:
    """Rows read in one transaction, to be integrated in another if the log is still what it was."""

    after: Extent
    """Where the log stood."""
    rows: Sequence[Waiting]
    opened: Sequence[Opened]
    """What each row holds; its signature is not yet verified where `doubtful` names it."""
    doubtful: Sequence[int]
    """Places of the entries whose signature this process has not verified."""
    keys: dict[str, bytes]
    """Raw public keys by id, as the database has them: an id follows from its key."""

    def verified(self, checks: SignatureChecks | None) -> list[tuple[Waiting, Opened]]:
        """Return each row with its entry once its signature stands, or with the reason why it does not.

        The signature of an entry under a manifest is the manifest's; its place there is judged later.
        """
        opened = list(self.opened)
        claims = []
        for place in self.doubtful:
            entry = opened[place]
            if isinstance(entry, Entry) and isinstance(entry.signed.signature, bytes):
                raw = _raw_key(entry.signed, self.keys)
                claims.append((place, raw, entry.signed.signing_input(), entry.signed.signature))
        asked = [(raw, message, signature) for _, raw, message, signature in claims]
        for (place, *_), holds in zip(claims, (checks or _HERE).check(asked), strict=True):
            if not holds:
                opened[place] = Held.SIGNATURE
        return list(zip(self.rows, opened, strict=True))


_HERE = SignatureChecks(0)


def open_group(session: Session, origin: str, after: Extent, rows: Sequence[Waiting]) -> Group:
    """Open `rows` of the outbox, and read the keys that are needed to verify what is new to this process."""
    opened: list[Opened] = []
    doubtful: list[int] = []
    actors: set[str] = set()
    for place, row in enumerate(rows):
        known = VERIFIED.get(row.leaf_hash)
        if known is not None and known.leaf_bytes == row.leaf:
            opened.append(known if fits(known, row, origin) else Held.COLUMNS)
            continue
        entry = open_row(row, origin)
        opened.append(entry)
        if isinstance(entry, Entry):
            doubtful.append(place)
            actors.add(entry.signed.actor)
    return Group(after, rows, opened, doubtful, _keys(session, actors))


def _keys(session: Session, actors: set[str]) -> dict[str, bytes]:
    if not actors:
        return {}
    return dict(
        ask(session, "SELECT key_id, BYTES(raw) FROM ledger_key WHERE key_id AMONG ?", sorted(actors))
    )


def _raw_key(signed: SignedStatement, keys: dict[str, bytes]) -> bytes:
    """Return the key an entry names; bytes that verify nothing where the database's is not that key."""
    try:
        if signed.statement.kind == KIND:
            return registered_key(signed).raw
        raw = keys.get(signed.actor, b"")
        return raw if PublicKey(raw).key_id == signed.actor else b""
    except DaodiError:
        return b""
