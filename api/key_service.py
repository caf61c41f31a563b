"""What routes and commands do with keys: each change in one transaction of the station's writer."""

from sqlmodel import Session

from api.station import Station
from ledger.entry import SignedStatement
from ledger.errors import Said
from ledger.keyring import key_changes
from ledger.keyring.key_errors import KeyStatementRefused
from ledger.keyring.key_reading import KnownKey, known_key, require_counting
from ledger.keyring.key_statements import KEY_KINDS, LOG_ONLY_KINDS, REGISTERED, key_change
from ledger.note import NoteKey
from ledger.writing.outbox import submit
from ledger.writing.repeats import repeated


def take_in(station: Station, signed: SignedStatement) -> KnownKey:
    """Submit a key statement that its holder signed, and return the key it is about as it now stands.

    The very same statement again changes nothing. Raises what `submit` raises, and
    `KeyStatementRefused` for other kinds and for the log's own.
    """
    kind = signed.statement.kind
    if kind not in KEY_KINDS - LOG_ONLY_KINDS:
        raise KeyStatementRefused(
            key=signed.actor,
            why=Said(f"{kind} 不是关于主体密钥的", f"{kind} is not about a party key"),
        )
    about = signed.actor if kind == REGISTERED else key_change(signed).key_id

    def store(session: Session) -> KnownKey:
        if repeated(session, signed) is None:
            submit(session, signed)
        return known_key(session, about)

    return station.writer.submit(store)


def revoke_by_log(station: Station, key_id: str, reason: str) -> KnownKey:
    """Revoke a key whose holder cannot sign, by the log's own key; raises `NoSuchKey` or `KeyEnded`."""
    origin, signer, now_ms = station.settings.origin, station.key, station.clock()

    def revoke(session: Session) -> KnownKey:
        require_counting(session, key_id)
        key_changes.revoke(session, origin, key_id, reason, signer, now_ms)
        return known_key(session, key_id)

    return station.writer.submit(revoke)


def renew_custody(station: Station, party: str) -> KnownKey:
    """Make a new key for a party whose key this service holds, and let it follow the old one."""
    origin, now_ms = station.settings.origin, station.clock()

    def renew(session: Session) -> KnownKey:
        new = station.custody.renew(session, origin, party, now_ms)
        return known_key(session, new.public.key_id)

    renewed = station.writer.submit(renew)
    station.custody.renewed()
    return renewed


def add_log_key(station: Station) -> NoteKey:
    """Make a log key in the service's folder and log that it is one: keys overlap from then on."""
    new = station.log_ring.prepare()
    origin, now_ms = station.settings.origin, station.clock()
    station.writer.submit(lambda session: station.log_ring.add(session, origin, new, now_ms))
    return NoteKey(origin, new.public)


def retire_log_key(station: Station, key_id: str) -> NoteKey:
    """Log that a log key is one no longer: it signs no checkpoint beyond.

    Raises `NoSuchKey`, `KeyEnded`, `KeyStatementRefused` for the last one, or `PolicyOutdated`.
    """
    origin, now_ms = station.settings.origin, station.clock()

    def retire(session: Session) -> NoteKey:
        require_counting(session, key_id)
        retired = known_key(session, key_id).key
        station.log_ring.retire(session, origin, key_id, now_ms)
        return NoteKey(origin, retired)

    return station.writer.submit(retire)
