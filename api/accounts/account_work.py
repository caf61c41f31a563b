"""What a person does with their own account, for the service: password, second factor, sessions.

Written through the one writer; what somebody could guess at is charged first, as signing in is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api.accounts import accounts, invitations, lockout, second_factor, sessions
from api.accounts.account_errors import FactorCodeWrong, PasswordWrong
from api.accounts.account_tables import SessionRow
from api.accounts.passwords import check_new
from api.accounts.sessions import SignedIn
from api.accounts.signing_in import Browser, charged, counters_of, origin_of, replaced
from api.station import Station


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a person holds after enrolling a second factor."""

    cookie: str
    """Of the session that takes the place of the one enrolled in."""
    recovery: Sequence[str]
    """Codes for a lost authenticator, each good once; shown now and never again."""


def accept_invitation(station: Station, secret: str, password: str) -> None:
    """Set the password a link was made for; all sessions before end, and failures are forgotten.

    Raises `InvitationInvalid`, `PasswordTooShort`, `PasswordTooLong`, `PasswordCommon`.
    """
    now_ms = station.clock()
    with station.database.read() as session:
        account = invitations.invited(session, secret, now_ms)
    hashed = station.people.passwords.hashed(check_new(password, account.name))
    name = counters_of(station, account.name, "")[1]

    def work(session: Session) -> None:
        row = invitations.use(session, secret, now_ms)
        row.password, row.password_ms = hashed, now_ms
        session.add(row)
        sessions.end_all(session, row.account_id, now_ms)
        lockout.clear(session, name.key)

    station.writer.submit(work)


def change_password(
    station: Station, found: SignedIn, present: str, wanted: str, address: str, *, keys: bool
) -> None:
    """Change the password of a person who knows the present one; their other sessions end.

    `keys`: whether their keys end too, as they should where somebody else may have known the password.

    Raises `SignInLocked`, `PasswordWrong`, `PasswordTooShort`, `PasswordTooLong`, `PasswordCommon`.
    """
    fresh = check_new(wanted, found.name)
    now_ms = station.clock()
    counters = charged(station, found.name, address)
    with station.database.read() as session:
        kept = accounts.standing(session, found.account_id).password
    right, _ = station.people.passwords.check(present, kept)
    if not right:
        raise PasswordWrong
    hashed = station.people.passwords.hashed(fresh)

    def work(session: Session) -> None:
        row = accounts.standing(session, found.account_id)
        if row.password != kept:
            raise PasswordWrong  # it was changed from elsewhere meanwhile
        row.password, row.password_ms = hashed, now_ms
        session.add(row)
        lockout.pay_back(session, counters)
        sessions.end_all(session, found.account_id, now_ms, but=found.session_id)
        if keys:
            accounts.end_keys(session, found.account_id, now_ms)

    station.writer.submit(work)


def draw_factor(station: Station, found: SignedIn) -> None:
    """Draw a secret for a person who has no second factor yet; raises `FactorCodeWrong` for one who has."""
    now_ms = station.clock()

    def work(session: Session) -> None:
        row = accounts.standing(session, found.account_id)
        if row.factor_ms is not None:
            raise FactorCodeWrong
        second_factor.draw(session, station.vault, row, now_ms, station.randomness)

    station.writer.submit(work)


def drawn_secret(station: Station, found: SignedIn) -> bytes | None:
    """Return the secret a person is about to enrol; None where none was drawn or it is enrolled already."""
    with station.database.read() as session:
        row = accounts.standing(session, found.account_id)
        return None if row.factor_ms is not None else second_factor.secret_of(session, station.vault, row)


def enrol(station: Station, found: SignedIn, code: str, browser: Browser) -> Enrolled:
    """Enrol the drawn secret by its first code; raises `SignInLocked`, `FactorCodeWrong`."""
    now_ms = station.clock()
    counters = charged(station, found.name, browser.address)
    origin = origin_of(station, browser)

    def work(session: Session) -> Enrolled:
        row = accounts.standing(session, found.account_id)
        secret = None if row.factor_ms is not None else second_factor.secret_of(session, station.vault, row)
        step = None if secret is None else second_factor.step_of(secret, code, now_ms, row.factor_step)
        if step is None:
            raise FactorCodeWrong
        row.factor_ms, row.factor_step = now_ms, step
        session.add(row)
        lockout.pay_back(session, counters)
        lockout.clear(session, counters[1].key)
        recovery = second_factor.new_recovery_codes(session, row.account_id, station.randomness)
        return Enrolled(replaced(session, station, row, found, origin, now_ms, factor=True), recovery)

    return station.writer.submit(work)


def drop_factor(station: Station, found: SignedIn, code: str, browser: Browser) -> str:
    """Take the second factor off, by a code of it, to enrol another; all sessions end.

    Returns the cookie of the one that takes the place of the one this was done in: it has the time to enrol
    that a new sign-in has. Raises `SignInLocked`, `FactorCodeWrong`.
    """
    now_ms = station.clock()
    counters = charged(station, found.name, browser.address)
    origin = origin_of(station, browser)

    def work(session: Session) -> str:
        row = accounts.standing(session, found.account_id)
        second_factor.use_code(session, station.vault, row, code, now_ms)
        lockout.pay_back(session, counters)
        accounts.forget_factor(session, station.vault, row)
        second_factor.draw(session, station.vault, row, now_ms, station.randomness)
        sessions.end_all(session, row.account_id, now_ms, but=found.session_id)
        return replaced(session, station, row, found, origin, now_ms, factor=False)

    return station.writer.submit(work)


def open_sessions(station: Station, found: SignedIn) -> list[SessionRow]:
    """Return the sessions of a person, the last used first."""
    with station.database.read() as session:
        return sessions.standing(session, found.account_id, station.clock(), station.people.lifetimes)


def end_session(station: Station, found: SignedIn, session_id: str) -> None:
    """End one of a person's own sessions; raises `UnknownSession`."""
    now_ms = station.clock()
    station.writer.submit(lambda session: sessions.end(session, found.account_id, session_id, now_ms))


def end_other_sessions(station: Station, found: SignedIn) -> int:
    """End all of a person's sessions but the one they are in; return how many ended."""
    now_ms = station.clock()
    return station.writer.submit(
        lambda session: sessions.end_all(session, found.account_id, now_ms, but=found.session_id)
    )
