"""Accounts, their sessions, invitations, recovery codes, and the counters of failed sign-ins.

Every secret stands here as its SHA-256 or sealed, passwords as Argon2 hashes.
"""

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field, SQLModel


class AccountRow(SQLModel, table=True):
    """One person's account."""

    __tablename__ = "api_account"

    account_id: str = Field(primary_key=True, max_length=16)
    """`acct-` and ten hexadecimal digits: the only name of the person that leaves this table."""
    name_key: str = Field(unique=True, max_length=120)
    """The sign-in name as `api.accounts.names.name_key` folds it."""
    name: str = Field(max_length=60)
    """The sign-in name as it was given."""
    shown: str = Field(max_length=60)
    """The person's name as pages greet them; private, and empty once the account has ended."""
    party: str | None = Field(default=None, max_length=18, index=True)
    """The USCC of the one party the person acts for; None: none."""
    source: str | None = Field(default=None, max_length=40)
    """The one source the person delivers quotes of; None: any."""
    roles: str = Field(sa_type=Text)
    """Words of `api.accounts.roles.AccountRole`, sorted, separated by spaces."""
    password: str | None = Field(default=None, sa_type=Text)
    """Argon2id hash with its parameters (PHC string); None until the invitation was used."""
    password_ms: int | None = Field(default=None, sa_type=BigInteger)
    factor: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Secret of the second factor, sealed under the vault's data key of this account."""
    factor_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the second factor was first proven; None: not enrolled, even where a secret was drawn."""
    factor_step: int = Field(default=0, sa_type=BigInteger)
    """The last time step a code was taken of (RFC 6238, section 5.2): none at or before it counts again."""
    created_ms: int = Field(sa_type=BigInteger)
    locked_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the operator locked it; None: not locked."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When it ended for good."""
    asked_by: str | None = Field(default=None, sa_type=Text)
    """While it waits for a second operator: who asked for it (account id or prefix of a key, and name)."""


class SessionRow(SQLModel, table=True):
    """One browser that is signed in, or was."""

    __tablename__ = "api_account_session"

    session_id: str = Field(primary_key=True, max_length=16)
    """Names it to its owner; it opens nothing."""
    secret_sha256: bytes = Field(sa_type=LargeBinary, unique=True)
    """SHA-256 of the cookie."""
    account_id: str = Field(index=True, max_length=16, foreign_key="api_account.account_id")
    begun_ms: int = Field(sa_type=BigInteger)
    seen_ms: int = Field(sa_type=BigInteger)
    """Last request, to the minute."""
    factor_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When the second factor was proven; None: the password alone."""
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    place: str | None = Field(default=None, max_length=6)
    """GB/T 2260 code of the prefecture it was begun in, where the operator's table knows it."""
    agent: str = Field(max_length=200)
    """What the browser calls itself."""


class InvitationRow(SQLModel, table=True):
    """One link with which a person sets a password, once."""

    __tablename__ = "api_account_invitation"

    secret_sha256: bytes = Field(sa_type=LargeBinary, primary_key=True)
    account_id: str = Field(index=True, max_length=16, foreign_key="api_account.account_id")
    made_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger)
    used_ms: int | None = Field(default=None, sa_type=BigInteger)
    """When it was used, or replaced by a newer one."""


class RecoveryCodeRow(SQLModel, table=True):
    """One code that stands in for the second factor, once."""

    __tablename__ = "api_account_recovery"

    account_id: str = Field(primary_key=True, max_length=16, foreign_key="api_account.account_id")
    code_sha256: bytes = Field(sa_type=LargeBinary, primary_key=True)
    used_ms: int | None = Field(default=None, sa_type=BigInteger)


class SignInFailureRow(SQLModel, table=True):
    """How often signing in failed, by account or by address; a keyed digest, so neither can be read here."""

    __tablename__ = "api_sign_in_failure"

    counted: str = Field(primary_key=True, max_length=40)
    """`name:` or `address:` and a digest, whether or not such an account exists."""
    failures: int
    """Since `since_ms`."""
    since_ms: int = Field(sa_type=BigInteger)
    locks: int = Field(default=0)
    """How often in a row it was locked: each lock lasts twice as long as the one before."""
    locked_until_ms: int = Field(default=0, sa_type=BigInteger)
    forget_ms: int = Field(index=True, sa_type=BigInteger)
    """When nothing of it matters any more."""
