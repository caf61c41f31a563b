"""What the operator does with accounts, through the one writer: make, change, lock, reset and end them.

`by` is who asks over the network (`api.callers.Caller.person`), None for the machine's own console. What an
operator asks for an account whose role binds others waits for another operator, who unlocks it.
"""

from dataclasses import dataclass

from sqlmodel import Session

from api.accounts import accounts, invitations, lockout, second_operator, sessions
from api.accounts.account_tables import AccountRow
from api.accounts.accounts import AccountNew
from api.accounts.roles import AccountRole, needs_factor
from api.accounts.second_operator import hold, require_another
from api.accounts.signing_in import counters_of
from api.station import Station
from api.web.conditional import Check


@dataclass(frozen=True, slots=True)
class Invited:
    """An account and the link its person sets a password with."""

    account: AccountRow
    link: str | None
    """None where there is none to hand over: it waits for another operator, or has a password."""
    expires_ms: int | None


def add(station: Station, new: AccountNew, *, by: str | None = None) -> Invited:
    """Make an account and its invitation; raises what `accounts.make` raises."""
    now_ms = station.clock()

    def work(session: Session) -> Invited:
        row = accounts.make(session, new, now_ms, station.randomness)
        return _invited_or_held(session, station, row, by, now_ms)

    return station.writer.submit(work)


def reset(station: Station, account: str, *, factor: bool, by: str | None = None) -> Invited:
    """Take an account's password, and its second factor too where asked for; its sessions and keys end.

    Returns a new invitation. Raises `UnknownAccount`, `AccountEnded`.
    """
    now_ms = station.clock()

    def work(session: Session) -> Invited:
        row = accounts.standing(session, account)
        row.password = row.password_ms = None
        if factor:
            accounts.forget_factor(session, station.vault, row)
        session.add(row)
        sessions.end_all(session, row.account_id, now_ms)
        accounts.end_keys(session, row.account_id, now_ms)
        return _invited_or_held(session, station, row, by, now_ms)

    return station.writer.submit(work)


def give_roles(
    station: Station,
    account: str,
    roles: frozenset[AccountRole],
    *,
    by: str | None = None,
    check: Check = lambda _: None,
) -> AccountRow:
    """Give an account these roles and no others; raises what `check` and `accounts.give_roles` raise."""
    now_ms = station.clock()

    def work(session: Session) -> AccountRow:
        check(session)
        gained = roles - accounts.roles_of(accounts.standing(session, account))
        row = accounts.give_roles(session, account, roles)
        if by is not None and needs_factor(gained):
            hold(session, row, by, now_ms)
        return row

    return station.writer.submit(work)


def lock(station: Station, account: str) -> AccountRow:
    """Lock an account at once; raises `UnknownAccount`, `AccountEnded`."""
    now_ms = station.clock()
    return station.writer.submit(lambda session: accounts.lock(session, account, now_ms))


def unlock(station: Station, account: str, *, by: str | None = None) -> Invited:
    """Unlock an account, and forget its failed sign-ins; one that waited for this gets its link now.

    Raises `UnknownAccount`, `AccountEnded`, and `SamePersonAgain` for who asked for what it waits for.
    """
    now_ms = station.clock()

    def work(session: Session) -> Invited:
        held = accounts.standing(session, account)
        waited = held.asked_by is not None
        if by is not None:
            require_another(held, by)
        row = accounts.unlock(session, account)
        lockout.clear(session, counters_of(station, row.name, "")[1].key)
        return _invited(session, station, row, now_ms) if waited else Invited(row, None, None)

    return station.writer.submit(work)


def waiting(station: Station) -> list[tuple[AccountRow, str]]:
    """Return the accounts that wait for a second operator, each with the name of who asked for it."""
    with station.database.read() as session:
        return second_operator.waiting(session)


def end(station: Station, account: str) -> AccountRow:
    """End an account for good; raises `UnknownAccount`, `AccountEnded`."""
    now_ms = station.clock()
    return station.writer.submit(lambda session: accounts.end(session, station.vault, account, now_ms))


def everyone(station: Station) -> list[AccountRow]:
    """Return every account, oldest first."""
    with station.database.read() as session:
        return accounts.everyone(session)


def _invited_or_held(
    session: Session, station: Station, row: AccountRow, by: str | None, now_ms: int
) -> Invited:
    if by is None or not needs_factor(accounts.roles_of(row)):
        return _invited(session, station, row, now_ms)
    hold(session, row, by, now_ms)
    return Invited(row, None, None)


def _invited(session: Session, station: Station, row: AccountRow, now_ms: int) -> Invited:
    lifetime_ms = station.people.invitation_ms
    secret = invitations.invite(session, row.account_id, now_ms, lifetime_ms, station.randomness)
    return Invited(row, invitations.link(station.settings.base_url, secret), now_ms + lifetime_ms)
