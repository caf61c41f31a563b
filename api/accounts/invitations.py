"""Invitations 邀请: a link, good once and for some days, with which a person sets a password."""

import hashlib
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col

from api.accounts.account_errors import InvitationInvalid
from api.accounts.account_tables import AccountRow, InvitationRow
from ledger.clock import Randomness

PATH: Final = "/sign-in/invitation"
"""Where a link leads; its secret stands behind the slash."""


def invite(session: Session, account_id: str, now_ms: int, lifetime_ms: int, randomness: Randomness) -> str:
    """Make a link's secret for an account; links made before for it are worth nothing any more."""
    withdraw(session, account_id, now_ms)
    secret = randomness(32).hex()
    session.add(
        InvitationRow(
            secret_sha256=_digest(secret),
            account_id=account_id,
            made_ms=now_ms,
            expires_ms=now_ms + lifetime_ms,
        )
    )
    session.flush()
    return secret


def withdraw(session: Session, account_id: str, now_ms: int) -> None:
    """Make every unused link of an account worth nothing."""
    session.connection().execute(
        update(InvitationRow)
        .where(col(InvitationRow.account_id) == account_id, col(InvitationRow.used_ms).is_(None))
        .values(used_ms=now_ms)
    )


def link(base_url: str, secret: str) -> str:
    """Return the link that is handed to the person."""
    return f"{base_url.rstrip('/')}{PATH}/{secret}"


def invited(session: Session, secret: str, now_ms: int) -> AccountRow:
    """Return the account a link is for; raises `InvitationInvalid`, the same whatever is wrong with it."""
    row = session.get(InvitationRow, _digest(secret))
    if row is None or row.used_ms is not None or now_ms >= row.expires_ms:
        raise InvitationInvalid
    account = session.get(AccountRow, row.account_id)
    if account is None or account.ended_ms is not None or account.locked_ms is not None:
        raise InvitationInvalid
    return account


def use(session: Session, secret: str, now_ms: int) -> AccountRow:
    """Use a link up and return its account; of two at once, one gets it. Raises `InvitationInvalid`."""
    account = invited(session, secret, now_ms)
    used = session.connection().execute(
        update(InvitationRow)
        .where(col(InvitationRow.secret_sha256) == _digest(secret), col(InvitationRow.used_ms).is_(None))
        .values(used_ms=now_ms)
    )
    if not used.rowcount:
        raise InvitationInvalid
    return account


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
