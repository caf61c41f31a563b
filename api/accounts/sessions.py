"""Sessions 会话: one browser of one person, from signing in to its end.

The cookie carries 256 random bits that mean nothing; the table keeps their SHA-256. A session ends when it
is idle too long, when it is too old, when it is ended from its list, and when its account is locked or ends.
What its person may do is read with it each time, so that a role taken away is gone at once.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.accounts.account_errors import UnknownSession
from api.accounts.account_tables import AccountRow, SessionRow
from api.accounts.roles import AccountRole, needs_factor, parse_roles, scopes_of
from api.scopes import Scope
from ledger.clock import Randomness

MINUTE_MS: Final = 60_000
PART_MS: Final = 10 * MINUTE_MS
"""How long a session may wait for its second factor."""
_LONGEST_AGENT: Final = 200


class Stage(StrEnum):
    """How far a sign-in has come."""

    FULL = "full"
    CODE = "code"
    """The password is proven; the code of the enrolled second factor is not."""
    ENROLMENT = "enrolment"
    """The password is proven; the role needs a second factor, and none is enrolled yet."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long sessions last, in milliseconds."""

    idle_ms: int
    whole_ms: int


@dataclass(frozen=True, slots=True)
class From:
    """Where a session was begun."""

    place: str | None
    """GB/T 2260 code of a prefecture, where it is known."""
    agent: str
    """What the browser calls itself."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that stands, and whose it is."""

    session_id: str
    account_id: str
    name: str
    """The sign-in name: private."""
    shown: str
    """The person's name: private."""
    party: str | None
    source: str | None
    roles: frozenset[AccountRole]
    stage: Stage
    begun_ms: int
    seen_ms: int
    has_factor: bool

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the person may do."""
        return scopes_of(self.roles)


def begin(
    session: Session, account_id: str, origin: From, now_ms: int, randomness: Randomness, *, factor: bool
) -> str:
    """Begin a session and return the cookie's value, which nobody can read again.

    `factor`: whether the second factor was proven with it.
    """
    secret = randomness(32).hex()
    session.add(
        SessionRow(
            session_id=randomness(8).hex(),
            secret_sha256=_digest(secret),
            account_id=account_id,
            begun_ms=now_ms,
            seen_ms=now_ms,
            factor_ms=now_ms if factor else None,
            place=origin.place,
            agent=origin.agent[:_LONGEST_AGENT],
        )
    )
    session.flush()
    return secret


def find(session: Session, secret: str, now_ms: int, lifetimes: Lifetimes) -> SignedIn | None:
    """Return the session of a cookie; None where there is none, or it or its account has ended."""
    asked = select(SessionRow, AccountRow).where(
        SessionRow.secret_sha256 == _digest(secret), SessionRow.account_id == AccountRow.account_id
    )
    return _standing(session.exec(asked).first(), now_ms, lifetimes)


def find_by_id(session: Session, session_id: str, now_ms: int, lifetimes: Lifetimes) -> SignedIn | None:
    """Return the session of this id, as `find` does: for tokens that were made in it."""
    asked = select(SessionRow, AccountRow).where(
        SessionRow.session_id == session_id, SessionRow.account_id == AccountRow.account_id
    )
    return _standing(session.exec(asked).first(), now_ms, lifetimes)


def standing(session: Session, account_id: str, now_ms: int, lifetimes: Lifetimes) -> list[SessionRow]:
    """Return the sessions of an account that have not ended, the last used first."""
    asked = select(SessionRow).where(SessionRow.account_id == account_id, col(SessionRow.ended_ms).is_(None))
    rows = session.exec(asked.order_by(col(SessionRow.seen_ms).desc())).all()
    return [row for row in rows if not _over(row, now_ms, lifetimes)]


def seen(session: Session, session_id: str, now_ms: int) -> None:
    """Note that a session was used; one that has ended stays so."""
    session.connection().execute(
        update(SessionRow)
        .where(
            col(SessionRow.session_id) == session_id,
            col(SessionRow.ended_ms).is_(None),
            col(SessionRow.seen_ms) < now_ms,
        )
        .values(seen_ms=now_ms)
    )


def end(session: Session, account_id: str, session_id: str, now_ms: int) -> None:
    """End one session of an account at once; raises `UnknownSession`."""
    row = session.get(SessionRow, session_id)
    if row is None or row.account_id != account_id:
        raise UnknownSession
    if row.ended_ms is None:
        row.ended_ms = now_ms
        session.add(row)
        session.flush()


def end_all(session: Session, account_id: str, now_ms: int, *, but: str | None = None) -> int:
    """End every session of an account, `but` one where it is named; return how many ended."""
    ending = (
        update(SessionRow)
        .where(col(SessionRow.account_id) == account_id, col(SessionRow.ended_ms).is_(None))
        .values(ended_ms=now_ms)
    )
    if but is not None:
        ending = ending.where(col(SessionRow.session_id) != but)
    return session.connection().execute(ending).rowcount


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _over(row: SessionRow, now_ms: int, lifetimes: Lifetimes) -> bool:
    return (
        row.ended_ms is not None
        or now_ms - row.seen_ms >= lifetimes.idle_ms
        or now_ms - row.begun_ms >= lifetimes.whole_ms
    )


def _standing(
    found: tuple[SessionRow, AccountRow] | None, now_ms: int, lifetimes: Lifetimes
) -> SignedIn | None:
    if found is None:
        return None
    row, account = found
    if _over(row, now_ms, lifetimes) or account.locked_ms is not None or account.ended_ms is not None:
        return None
    roles = parse_roles(account.roles.split())
    stage = _stage(row, account, roles)
    if stage is not Stage.FULL and now_ms - row.begun_ms >= PART_MS:
        return None
    return SignedIn(
        session_id=row.session_id,
        account_id=account.account_id,
        name=account.name,
        shown=account.shown,
        party=account.party,
        source=account.source,
        roles=roles,
        stage=stage,
        begun_ms=row.begun_ms,
        seen_ms=row.seen_ms,
        has_factor=account.factor_ms is not None,
    )


def _stage(row: SessionRow, account: AccountRow, roles: frozenset[AccountRole]) -> Stage:
    if account.factor_ms is not None:
        return Stage.FULL if row.factor_ms is not None else Stage.CODE
    return Stage.ENROLMENT if needs_factor(roles) else Stage.FULL
