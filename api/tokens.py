"""Access tokens of firms, feeds and operators: made once, shown once, kept only as a digest.

A token is ``daodi_<prefix>_<secret>``: the prefix finds the row, the secret carries 256 bits. With that
much chance in it a plain SHA-256 at rest is enough: there is nothing to guess.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, select

from api.accounts.account_tables import AccountRow
from api.accounts.roles import parse_roles, scopes_of
from api.errors import NotYourParty, NotYourSource, TokenRefused
from api.scopes import Scope as Scope
from api.scopes import parse_scopes as parse_scopes
from api.tables import ApiTokenRow
from ledger.writing.bulk import Asked, ask

_FORM = re.compile(r"daodi_([0-9a-f]{8})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """What one valid token says about its bearer."""

    prefix: str
    name: str
    party: str | None
    scopes: frozenset[Scope]
    source: str | None = None
    account: str | None = None
    """The account of the person who made it: key and person are one. None: the operator's console made it."""
    used_day: int | None = None
    """Days since 1970-01-01 (UTC) to the last one it is known to have been used on."""


def require_party(own: str | None, scopes: frozenset[Scope], party: str) -> None:
    """Raise `NotYourParty` when who is bound to the party `own` would speak for another, `party` (USCCs).

    An operator, or a token bound to nobody, may speak for all.
    """
    if own is not None and own != party and Scope.OPERATOR not in scopes:
        raise NotYourParty(own=own)


def require_source(own: str | None, scopes: frozenset[Scope], source: str) -> None:
    """Raise `NotYourSource` when who is bound to the source `own` would deliver quotes of another, `source`.

    An operator, or a token bound to no source, may deliver those of every source.
    """
    if own is not None and own != source and Scope.OPERATOR not in scopes:
        raise NotYourSource(own=own)


def issue_token(
    session: Session,
    *,
    name: str,
    scopes: frozenset[Scope],
    party: str | None,
    source: str | None = None,
    created_ms: int,
    expires_ms: int | None,
    randomness: Callable[[int], bytes],
    account: str | None = None,
) -> str:
    """Write a new token's digest and return the token itself, which nobody can read again."""
    prefix, secret = randomness(4).hex(), randomness(32).hex()
    session.add(
        ApiTokenRow(
            prefix=prefix,
            secret_sha256=hashlib.sha256(secret.encode()).digest(),
            name=name,
            party=party,
            source=source,
            scopes=" ".join(sorted(scopes)),
            created_ms=created_ms,
            expires_ms=expires_ms,
            account=account,
        )
    )
    session.flush()
    return f"daodi_{prefix}_{secret}"


def parse_token(token: str) -> tuple[str, str]:
    """Split a token into its prefix and its secret; raises `TokenRefused` for any other form."""
    form = _FORM.fullmatch(token)
    if form is None:
        raise TokenRefused
    return form[1], form[2]


def check_token(session: Session, token: str, now_ms: int) -> TokenHolder:
    """Return who holds `token`.

    Raises `TokenRefused` for a malformed, unknown, wrong, revoked or expired one: the same words for
    each, and the same comparison whether or not the prefix exists.
    """
    holder = check_tokens((token,), ask(session, _ASKED, [parse_token(token)[0]]), now_ms)[token]
    if isinstance(holder, TokenRefused):
        raise holder
    return holder


def holder_of(session: Session, prefix: str, now_ms: int) -> TokenHolder:
    """Return whose key this prefix names, without its secret; raises `TokenRefused` once it has ended.

    Only for what was itself proven to come from the key's holder.
    """
    rows = ask(session, _ASKED, [prefix])
    if not rows:
        raise TokenRefused
    return _standing(_Columns(*rows[0]), now_ms)


def tokens_asked(presented: Iterable[str]) -> Asked:
    """Return what reads the rows that `check_tokens` needs for these tokens."""
    return _ASKED, ([form[1] for form in map(_FORM.fullmatch, presented) if form is not None],)


def check_tokens(
    presented: Iterable[str], rows: Iterable[tuple[Any, ...]], now_ms: int
) -> dict[str, TokenHolder | TokenRefused]:
    """Return for each of these tokens who holds it, or that it is refused, from what `tokens_asked` reads."""
    known = {row.prefix: row for row in (_Columns(*each) for each in rows)}
    answers: dict[str, TokenHolder | TokenRefused] = {}
    for token in presented:
        try:
            prefix, secret = parse_token(token)
            answers[token] = _holder(known.get(prefix), secret, now_ms)
        except TokenRefused as refused:
            answers[token] = refused
    return answers


def revoke_token(session: Session, prefix: str, now_ms: int) -> None:
    """End a token at once; a token already ended keeps its first time. Raises `TokenRefused` if unknown."""
    row = session.get(ApiTokenRow, prefix)
    if row is None:
        raise TokenRefused
    if row.revoked_ms is None:
        row.revoked_ms = now_ms
        session.add(row)
        session.flush()


def is_current(session: Session, bearer: str, now_ms: int) -> bool:
    """Whether a caller has not ended: a key, by its prefix, or a person, by the account's id."""
    account = session.get(AccountRow, bearer)
    if account is not None:
        return account.ended_ms is None
    row = session.get(ApiTokenRow, bearer)
    return row is not None and _current(row.revoked_ms, row.expires_ms, now_ms)


def is_locked(session: Session, bearer: str) -> bool:
    """Whether a caller is a person who is kept out for now."""
    account = session.get(AccountRow, bearer)
    return account is not None and account.locked_ms is not None


def tokens(session: Session) -> list[ApiTokenRow]:
    """Return every token ever issued, oldest first; digests only."""
    return list(
        session.exec(select(ApiTokenRow).order_by(col(ApiTokenRow.created_ms), col(ApiTokenRow.prefix)))
    )


class _Columns(NamedTuple):
    """What a token's row says, and the account it belongs to, read without making objects of the rows."""

    prefix: str
    secret_sha256: bytes
    name: str
    party: str | None
    source: str | None
    scopes: str
    expires_ms: int | None
    revoked_ms: int | None
    used_day: int | None
    account: str | None
    account_roles: str | None
    """None for a token of no account, and of one that is locked or has ended."""
    account_party: str | None
    account_source: str | None


_ASKED: Final = (
    "SELECT t.prefix, t.secret_sha256, t.name, t.party, t.source, t.scopes, t.expires_ms, t.revoked_ms, "
    "t.used_day, t.account, a.roles, a.party, a.source "
    "FROM api_token t LEFT JOIN api_account a "
    "ON a.account_id = t.account AND a.locked_ms IS NULL AND a.ended_ms IS NULL "
    "WHERE t.prefix AMONG ?"
)


def _holder(row: _Columns | None, secret: str, now_ms: int) -> TokenHolder:
    expected = bytes(32) if row is None else row.secret_sha256
    same = hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), expected)
    if row is None or not same:
        raise TokenRefused
    return _standing(row, now_ms)


def _standing(row: _Columns, now_ms: int) -> TokenHolder:
    if not _current(row.revoked_ms, row.expires_ms, now_ms):
        raise TokenRefused
    scopes = parse_scopes(row.scopes.split())
    if row.account is None:
        return TokenHolder(row.prefix, row.name, row.party, scopes, row.source, used_day=row.used_day)
    if row.account_roles is None:
        raise TokenRefused
    # A person's key never does more than the person may do now, nor for another party.
    may = scopes_of(parse_roles(row.account_roles.split()))
    return TokenHolder(
        row.prefix,
        row.account,
        row.account_party,
        scopes if Scope.OPERATOR in may else scopes & may,
        row.account_source,
        account=row.account,
        used_day=row.used_day,
    )


def _current(revoked_ms: int | None, expires_ms: int | None, now_ms: int) -> bool:
    return revoked_ms is None and (expires_ms is None or now_ms < expires_ms)
