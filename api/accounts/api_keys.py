"""API keys 密钥 of persons: listed, made and ended by whoever they belong to.

A key belongs to the account that made it, and four eyes count the two as one person. Keys that the operator
issued to a party are seen and ended by the people of that party too. Nobody passes on a scope they lack.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from api.accounts.account_errors import SessionEnded, SignInNeeded, UnknownApiKey
from api.accounts.sessions import find_by_id
from api.accounts.short_tokens import granted
from api.accounts.sightings import DAY_MS
from api.callers import Caller
from api.errors import FieldWrong
from api.station import Station
from api.tables import ApiTokenRow
from api.tokens import Scope, issue_token, parse_token, revoke_token
from ledger.errors import Location
from ledger.plain_text import all_visible

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class KeyNew:
    """What a person says of a new key."""

    name: str
    scopes: frozenset[Scope] | None
    """None: all that its maker has."""
    days: int | None
    """None: as the settings say."""


def keys_of(station: Station, caller: Caller) -> list[ApiTokenRow]:
    """Return the keys a caller may end, the newest first; digests only."""
    asked = select(ApiTokenRow).order_by(col(ApiTokenRow.created_ms).desc(), col(ApiTokenRow.prefix))
    with station.database.read() as session:
        return list(session.exec(asked.where(*_whose(caller))).all())


def make_key(station: Station, caller: Caller, new: KeyNew) -> tuple[str, ApiTokenRow]:
    """Make a key for a person at a browser; return it, to be shown once, and its row.

    Raises `SignInNeeded` for anybody else, `SessionEnded`, `BeyondOwnScopes`, and `FieldWrong` for its name.
    """
    found = caller.signed_in
    if found is None:
        raise SignInNeeded
    name = _checked_name(new.name)
    scopes = granted(caller.scopes, new.scopes)
    now_ms = station.clock()
    days = new.days or station.settings.key_days

    def work(session: Session) -> tuple[str, ApiTokenRow]:
        if find_by_id(session, found.session_id, now_ms, station.people.lifetimes) is None:
            raise SessionEnded  # a reset came in between, and would not end what is made after it
        key = issue_token(
            session,
            name=name,
            scopes=scopes,
            party=caller.party,
            source=caller.source,
            created_ms=now_ms,
            expires_ms=now_ms + days * DAY_MS,
            randomness=station.randomness,
            account=caller.token,
        )
        row = session.get(ApiTokenRow, parse_token(key)[0])
        assert row is not None  # noqa: S101  it was just written
        return key, row

    return station.writer.submit(work)


def end_key(station: Station, caller: Caller, prefix: str) -> None:
    """End a key of the caller's at once; raises `UnknownApiKey`."""
    now_ms = station.clock()

    def work(session: Session) -> None:
        asked = select(ApiTokenRow.prefix).where(ApiTokenRow.prefix == prefix, *_whose(caller))
        if session.exec(asked).first() is None:
            raise UnknownApiKey(prefix=prefix)
        revoke_token(session, prefix, now_ms)

    station.writer.submit(work)


def _whose(caller: Caller) -> list[ColumnElement[bool]]:
    """Return the conditions of the keys that are a caller's to see and to end."""
    if caller.operates:
        return []
    own = [col(ApiTokenRow.account) == caller.token, col(ApiTokenRow.prefix) == caller.token]
    if caller.party is not None and caller.signed_in is not None:
        own.append(and_(col(ApiTokenRow.party) == caller.party, col(ApiTokenRow.account).is_(None)))
    return [or_(*own)]


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= LONGEST_NAME or not all_visible(plain):
        raise FieldWrong(
            at=Location(field="name"),
            reason_zh=f"名称须为 1 至 {LONGEST_NAME} 个看得见的字符",
            reason_en=f"a name has 1 to {LONGEST_NAME} characters that can be seen",
        )
    return plain
