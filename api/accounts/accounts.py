"""Accounts 账号 themselves: made by the operator, changed, locked and ended; found by name or id."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from api.accounts import sessions
from api.accounts.account_errors import (
    AccountEnded,
    RoleNeedsParty,
    RolesMissing,
    SignInNameTaken,
    UnknownAccount,
)
from api.accounts.account_tables import AccountRow, InvitationRow, RecoveryCodeRow
from api.accounts.names import RESERVED, check_name, check_shown, name_key
from api.accounts.roles import PARTY_NEEDED, AccountRole, parse_roles, roles_text
from api.tables import ApiTokenRow
from ledger.clock import Randomness
from ledger.private.private_vault import Vault
from trace.identifiers import check_uscc


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNew:
    """What the operator says of a new account."""

    name: str
    shown: str
    roles: frozenset[AccountRole]
    party: str | None = None
    source: str | None = None


def make(session: Session, new: AccountNew, now_ms: int, randomness: Randomness) -> AccountRow:
    """Make an account that cannot sign in until its invitation is used.

    Raises `SignInNameWrong`, `SignInNameTaken`, `ShownNameWrong`, `RolesMissing`, `RoleNeedsParty` and what
    `check_uscc` raises.
    """
    name = check_name(new.name)
    if session.exec(select(AccountRow.account_id).where(AccountRow.name_key == name_key(name))).first():
        raise SignInNameTaken(name=name)
    party = None if new.party is None else check_uscc(new.party)
    row = AccountRow(
        account_id=RESERVED + randomness(5).hex(),
        name_key=name_key(name),
        name=name,
        shown=check_shown(new.shown),
        party=party,
        source=new.source,
        roles=_checked(new.roles, party),
        created_ms=now_ms,
    )
    session.add(row)
    session.flush()
    return row


def give_roles(session: Session, account: str, roles: Iterable[AccountRole]) -> AccountRow:
    """Give an account these roles and no others; what it may do changes with its next request.

    Raises `UnknownAccount`, `AccountEnded`, `RolesMissing`, `RoleNeedsParty`.
    """
    row = standing(session, account)
    row.roles = _checked(frozenset(roles), row.party)
    session.add(row)
    session.flush()
    return row


def lock(session: Session, account: str, now_ms: int) -> AccountRow:
    """Keep an account out until it is unlocked, end its sessions and stop its keys meanwhile.

    Raises `UnknownAccount`, `AccountEnded`.
    """
    row = standing(session, account)
    if row.locked_ms is None:
        row.locked_ms = now_ms
    sessions.end_all(session, row.account_id, now_ms)
    session.add(row)
    session.flush()
    return row


def unlock(session: Session, account: str) -> AccountRow:
    """Let an account in again; raises `UnknownAccount`, `AccountEnded`."""
    row = standing(session, account)
    row.locked_ms = row.asked_by = None
    session.add(row)
    session.flush()
    return row


def end(session: Session, vault: Vault, account: str, now_ms: int) -> AccountRow:
    """End an account for good: sessions, keys and links with it; the person's name and secrets are erased.

    The id stays, so that what was done keeps its doer. Raises `UnknownAccount`, `AccountEnded`.
    """
    row = standing(session, account)
    row.ended_ms, row.asked_by = now_ms, None
    row.shown, row.name, row.name_key = "", row.account_id, row.account_id
    row.password = row.password_ms = None
    forget_factor(session, vault, row)
    sessions.end_all(session, row.account_id, now_ms)
    end_keys(session, row.account_id, now_ms)
    session.connection().execute(delete(InvitationRow).where(col(InvitationRow.account_id) == row.account_id))
    session.add(row)
    session.flush()
    return row


def end_keys(session: Session, account_id: str, now_ms: int) -> None:
    """End every key of an account; those that ended before keep their time."""
    ended = update(ApiTokenRow).where(col(ApiTokenRow.account) == account_id)
    session.connection().execute(ended.where(col(ApiTokenRow.revoked_ms).is_(None)).values(revoked_ms=now_ms))


def forget_factor(session: Session, vault: Vault, row: AccountRow) -> None:
    """Take an account's second factor and recovery codes; the key its secret was sealed under is gone too."""
    row.factor = row.factor_ms = None
    vault.forget(session, row.account_id)
    session.connection().execute(
        delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == row.account_id)
    )


def named(session: Session, account: str) -> AccountRow:
    """Return the account of this id or sign-in name; raises `UnknownAccount`."""
    row = session.get(AccountRow, account) or by_name(session, account)
    if row is None:
        raise UnknownAccount(account=account[:60])
    return row


def by_name(session: Session, name: str) -> AccountRow | None:
    """Return the account a sign-in name leads to, in whatever spelling; None for none."""
    return session.exec(select(AccountRow).where(AccountRow.name_key == name_key(name))).first()


def standing(session: Session, account: str) -> AccountRow:
    """Return an account that has not ended; raises `UnknownAccount`, `AccountEnded`."""
    row = named(session, account)
    if row.ended_ms is not None:
        raise AccountEnded(account=row.account_id)
    return row


def everyone(session: Session) -> list[AccountRow]:
    """Return every account, oldest first."""
    return list(
        session.exec(select(AccountRow).order_by(col(AccountRow.created_ms), col(AccountRow.account_id)))
    )


def roles_of(row: AccountRow) -> frozenset[AccountRole]:
    """Return the roles an account's row names."""
    return parse_roles(row.roles.split())


def _checked(roles: frozenset[AccountRole], party: str | None) -> str:
    if not roles:
        raise RolesMissing
    for role in sorted(roles):
        if role in PARTY_NEEDED and party is None:
            raise RoleNeedsParty(role=role.value)
    return roles_text(roles)
