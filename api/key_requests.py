"""Key changes by two persons: one asks, another carries it out (ASVS 5.0, 2.3.5).

The service's own console, which whoever runs the machine holds anyway, may act alone.
"""

from enum import StrEnum

from sqlmodel import Session, col, select

from api import key_service, operator_token
from api.callers import Caller
from api.key_request_errors import KeyRequestDecided, KeyRequestUnknown, SamePersonAgain, SecondPersonFirst
from api.key_request_tables import KeyRequestRow
from api.station import Station
from api.tokens import parse_token
from ledger.keyset import Sorted, page_after


class KeyChange(StrEnum):
    """What is asked for."""

    ADD = "add"
    """A further key of the log."""
    RETIRE = "retire"
    """The end of a log key; `about` is its id."""
    RENEW = "renew"
    """A new key for a party whose key the service holds; `about` is its USCC."""


def require_console(station: Station, caller: Caller) -> None:
    """Raise `SecondPersonFirst` unless the caller is the console of the machine the service runs on."""
    if not is_console(station, caller):
        raise SecondPersonFirst


def is_console(station: Station, caller: Caller) -> bool:
    """Tell whether the caller is the console of the machine the service runs on."""
    own = operator_token.read(station.settings.folder)
    return own is not None and caller.token == parse_token(own)[0]


def ask(station: Station, caller: Caller, change: KeyChange, about: str | None, reason: str) -> KeyRequestRow:
    """Keep that somebody asks for a change of keys."""
    row = KeyRequestRow(
        request_id=f"key-request-{station.randomness(12).hex()}",
        change=change.value,
        about=about,
        reason=reason,
        asked_by=caller.token or "",
        asked_name=caller.name or "",
        asked_ms=station.clock(),
    )

    def keep(session: Session) -> KeyRequestRow:
        session.add(row)
        session.flush()
        return row

    return station.writer.submit(keep)


def carry_out(station: Station, caller: Caller, request_id: str) -> KeyRequestRow:
    """Carry out what another person asked for.

    Raises `KeyRequestUnknown`, `KeyRequestDecided`, `SamePersonAgain`, and what the change itself raises;
    then it can be carried out again.
    """
    asked = station.writer.submit(lambda session: _taken(session, caller, request_id, station.clock()))
    try:
        made = _changed(station, KeyChange(asked.change), asked.about)
    except BaseException:
        station.writer.submit(lambda session: _given_back(session, request_id))
        raise
    return station.writer.submit(lambda session: _told(session, request_id, made))


def requests(session: Session, limit: int, after: tuple[int, str] | None = None) -> list[KeyRequestRow]:
    """Return requests, newest first; `after` is time and id of the last one seen."""
    order = (
        Sorted(col(KeyRequestRow.asked_ms), newest_first=True),
        Sorted(col(KeyRequestRow.request_id)),
    )
    return list(session.exec(page_after(select(KeyRequestRow), order, after, limit)))


def _taken(session: Session, caller: Caller, request_id: str, now_ms: int) -> KeyRequestRow:
    row = session.get(KeyRequestRow, request_id)
    if row is None:
        raise KeyRequestUnknown(request=request_id)
    if row.done_ms is not None:
        raise KeyRequestDecided(request=request_id)
    if row.asked_by == (caller.token or "") or row.asked_name == (caller.name or ""):
        raise SamePersonAgain
    row.done_by, row.done_ms = caller.token or "", now_ms
    session.add(row)
    session.flush()
    return row


def _given_back(session: Session, request_id: str) -> None:
    row = session.get(KeyRequestRow, request_id)
    if row is not None:
        row.done_by = row.done_ms = None
        session.add(row)


def _told(session: Session, request_id: str, made: str) -> KeyRequestRow:
    row = session.get(KeyRequestRow, request_id)
    if row is None:
        raise KeyRequestUnknown(request=request_id)
    row.made = made
    session.add(row)
    session.flush()
    return row


def _changed(station: Station, change: KeyChange, about: str | None) -> str:
    match change:
        case KeyChange.ADD:
            return key_service.add_log_key(station).key.key_id
        case KeyChange.RETIRE:
            return key_service.retire_log_key(station, about or "").key.key_id
        case KeyChange.RENEW:
            return key_service.renew_custody(station, about or "").key.key_id
