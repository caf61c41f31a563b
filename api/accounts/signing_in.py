"""Signing in 登录, one step at a time, for the service: the password, the code, and what each leaves behind.

A step is charged first, in a transaction of its own, and judged after; what a person typed wrong is paid for
by the counters of the name and of the address, and nothing says which of them, or of name and password, was
at fault.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from sqlmodel import Session

from api.accounts import lockout, second_factor, sessions
from api.accounts.account_errors import FactorCodeWrong, SignInRefused
from api.accounts.account_tables import AccountRow
from api.accounts.accounts import by_name, roles_of, standing
from api.accounts.lockout import Counted
from api.accounts.names import name_key
from api.accounts.roles import needs_factor
from api.accounts.sessions import From, SignedIn
from api.accounts.sign_in_notes import CAME_IN, REFUSED, sign_in_note
from api.limits import one_caller
from api.station import Station

_log = structlog.get_logger(__name__)
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Browser:
    """Who knocks: a network address, kept nowhere, and what the browser calls itself."""

    address: str
    agent: str


def with_password(station: Station, name: str, password: str, browser: Browser) -> str:
    """Sign in with name and password and return the new session's cookie.

    Where the account has a second factor, the session waits for its code. Raises `SignInLocked`,
    `SignInRefused`.
    """
    now_ms = station.clock()
    counters = counters_of(station, name, browser.address)
    _charge(station, counters, now_ms)
    with station.database.read() as session:
        row = by_name(session, name)
        kept = None if row is None or row.ended_ms is not None or row.locked_ms is not None else row.password
    right, renewed = station.people.passwords.check(password, kept)
    if row is None or not right:
        _refused(station, None if row is None else row.account_id, now_ms)
        raise SignInRefused
    account_id, origin = row.account_id, origin_of(station, browser)
    note = sign_in_note(account_id, now_ms, CAME_IN)

    def work(session: Session) -> str:
        account = standing(session, account_id)
        if account.password != kept:
            raise SignInRefused  # it was changed while it was being checked
        if renewed is not None:
            account.password = renewed
            session.add(account)
        lockout.pay_back(session, counters)
        if account.factor_ms is None:
            lockout.clear(session, counters[1].key)
            if needs_factor(roles_of(account)):
                second_factor.draw(session, station.vault, account, now_ms, station.randomness)
        note(session)
        return sessions.begin(session, account_id, origin, now_ms, station.randomness, factor=False)

    return station.writer.submit(work)


def with_code(station: Station, found: SignedIn, code: str, browser: Browser) -> str:
    """Prove the second factor of a session that waits; return the cookie of the one that takes its place.

    Raises `SignInLocked`, `FactorCodeWrong`.
    """
    now_ms = station.clock()
    counters = counters_of(station, found.name, browser.address)
    _charge(station, counters, now_ms)
    origin, note = origin_of(station, browser), sign_in_note(found.account_id, now_ms, CAME_IN)

    def work(session: Session) -> str:
        account = standing(session, found.account_id)
        if account.factor_ms is None:
            raise FactorCodeWrong
        second_factor.use_code(session, station.vault, account, code, now_ms)
        lockout.pay_back(session, counters)
        lockout.clear(session, counters[1].key)
        note(session)
        return replaced(session, station, account, found, origin, now_ms, factor=True)

    try:
        return station.writer.submit(work)
    except FactorCodeWrong:
        _refused(station, found.account_id, now_ms)
        raise


def sign_out(station: Station, found: SignedIn) -> None:
    """End the session of a person who leaves."""
    now_ms = station.clock()
    station.writer.submit(lambda session: sessions.end(session, found.account_id, found.session_id, now_ms))


def charged(station: Station, name: str, address: str) -> tuple[Counted, ...]:
    """Charge one attempt to the counters of a name and an address and return them; raises `SignInLocked`."""
    counters = counters_of(station, name, address)
    _charge(station, counters, station.clock())
    return counters


def counters_of(station: Station, name: str, address: str) -> tuple[Counted, Counted]:
    """Return the counters of an address and of a sign-in name, in the order they are charged."""
    limits = station.people.limits
    # Keyed digests: nobody who reads the table can try addresses or names out.
    seen, typed = (station.askers.seen(each, "").device for each in (one_caller(address), name_key(name)))
    return Counted(f"address:{seen}", limits.address), Counted(f"name:{typed}", limits.account)


def replaced(
    session: Session,
    station: Station,
    account: AccountRow,
    found: SignedIn,
    origin: From,
    now_ms: int,
    *,
    factor: bool,
) -> str:
    """End a session and begin one in its place (against fixation); `factor`: it has proven the second one."""
    sessions.end(session, account.account_id, found.session_id, now_ms)
    return sessions.begin(session, account.account_id, origin, now_ms, station.randomness, factor=factor)


def origin_of(station: Station, browser: Browser) -> From:
    """Return where a session begins, as coarse as it is kept."""
    return From(station.scan_places.city_of(browser.address), browser.agent)


def _refused(station: Station, account_id: str | None, now_ms: int) -> None:
    _log.info("sign_in_refused", account=account_id or _UNKNOWN)
    station.writer.submit(sign_in_note(account_id, now_ms, REFUSED), own=True)


def _charge(station: Station, counters: tuple[Counted, ...], now_ms: int) -> None:
    # `own`: counted whatever stops other writes, so that nothing lets attempts go uncounted.
    locked = station.writer.submit(lambda session: lockout.charge(session, counters, now_ms), own=True)
    lockout.require_open(locked, now_ms)
