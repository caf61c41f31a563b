"""Accounts for tests: made with a password and, where the role needs it, a second factor, and signed in."""

from dataclasses import dataclass

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

from api.accounts import accounts, second_factor, sessions
from api.accounts.accounts import AccountNew
from api.accounts.cookies import cookie_name
from api.accounts.passwords import Passwords
from api.accounts.roles import needs_factor, parse_roles
from api.accounts.sessions import From
from api.station import Station

PASSWORD = "four plain words here"
FAST = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
"""Parameters that take no time: what is tested is not how slow Argon2 is."""


@dataclass(frozen=True)
class Somebody:
    """One account, and how its browser shows that it is signed in."""

    account_id: str
    name: str
    cookie: str
    secret: bytes | None
    """Of the second factor, where the roles need one."""
    headers: dict[str, str]
    """Cookie and what a browser says of a request that our own page makes."""


def somebody(
    station: Station,
    *roles: str,
    name: str = "some.body",
    party: str | None = None,
    source: str | None = None,
) -> Somebody:
    """Make an account with these roles and a whole session."""
    now_ms = station.clock()
    new = AccountNew(name=name, shown="Some Body", roles=parse_roles(roles), party=party, source=source)
    account_id, secret = station.writer.submit(lambda session: _made(session, station, new, now_ms))
    cookie = signed_in(station, account_id, factor=secret is not None)
    return Somebody(account_id, name, cookie, secret, browser_headers(station, cookie))


def signed_in(station: Station, account_id: str, *, factor: bool = False) -> str:
    """Begin a session and return its cookie."""
    now_ms = station.clock()
    return station.writer.submit(
        lambda session: sessions.begin(
            session, account_id, From(None, "trial browser"), now_ms, station.randomness, factor=factor
        )
    )


def browser_headers(station: Station, cookie: str) -> dict[str, str]:
    """Return what a browser sends from a page of our own."""
    return {"Cookie": f"{cookie_name(station.settings)}={cookie}", "Sec-Fetch-Site": "same-origin"}


def _made(session: Session, station: Station, new: AccountNew, now_ms: int) -> tuple[str, bytes | None]:
    row = accounts.make(session, new, now_ms, station.randomness)
    row.password, row.password_ms = FAST.hashed(PASSWORD), now_ms
    secret = None
    if needs_factor(new.roles):
        secret = second_factor.draw(session, station.vault, row, now_ms, station.randomness)
        row.factor_ms = now_ms
    session.add(row)
    session.flush()
    return row.account_id, secret
