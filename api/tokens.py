"""Access tokens of firms, feeds and operators: made once, shown once, kept only as a digest.

A token is ``daodi_<prefix>_<secret>``: the prefix finds the row, the secret carries 256 bits. With that
much chance in it a plain SHA-256 at rest is enough: there is nothing to guess.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from api.errors import ScopeUnknown, TokenRefused
from api.tables import ApiTokenRow

_FORM = re.compile(r"daodi_([0-9a-f]{8})_([0-9a-f]{64})")


class Scope(StrEnum):
    """What a token allows. `OPERATOR` allows everything."""

    STEPS_WRITE = "steps:write"
    QUOTES_WRITE = "quotes:write"
    INDEX_PUBLISH = "index:publish"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """What one valid token says about its bearer."""

    prefix: str
    name: str
    party: str | None
    scopes: frozenset[Scope]


def parse_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes `words` name; raises `ScopeUnknown` for the first that does not exist.

    >>> sorted(parse_scopes(["operator", "steps:write"]))
    [<Scope.OPERATOR: 'operator'>, <Scope.STEPS_WRITE: 'steps:write'>]
    """
    known = {scope.value: scope for scope in Scope}
    for word in words:
        if word not in known:
            raise ScopeUnknown(scope=word, known="、".join(known))
    return frozenset(known[word] for word in words)


def issue_token(
    session: Session,
    *,
    name: str,
    scopes: frozenset[Scope],
    party: str | None,
    created_ms: int,
    expires_ms: int | None,
    randomness: Callable[[int], bytes],
) -> str:
    """Write a new token's digest and return the token itself, which nobody can read again."""
    prefix, secret = randomness(4).hex(), randomness(32).hex()
    session.add(
        ApiTokenRow(
            prefix=prefix,
            secret_sha256=hashlib.sha256(secret.encode()).digest(),
            name=name,
            party=party,
            scopes=" ".join(sorted(scopes)),
            created_ms=created_ms,
            expires_ms=expires_ms,
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
    prefix, secret = parse_token(token)
    row = session.get(ApiTokenRow, prefix)
    expected = bytes(32) if row is None else row.secret_sha256
    same = hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), expected)
    if row is None or not same or not _current(row, now_ms):
        raise TokenRefused
    return TokenHolder(row.prefix, row.name, row.party, parse_scopes(row.scopes.split()))


def revoke_token(session: Session, prefix: str, now_ms: int) -> None:
    """End a token at once; a token already ended keeps its first time. Raises `TokenRefused` if unknown."""
    row = session.get(ApiTokenRow, prefix)
    if row is None:
        raise TokenRefused
    if row.revoked_ms is None:
        row.revoked_ms = now_ms
        session.add(row)
        session.flush()


def tokens(session: Session) -> list[ApiTokenRow]:
    """Return every token ever issued, oldest first; digests only."""
    return list(
        session.exec(select(ApiTokenRow).order_by(col(ApiTokenRow.created_ms), col(ApiTokenRow.prefix)))
    )


def _current(row: ApiTokenRow, now_ms: int) -> bool:
    return row.revoked_ms is None and (row.expires_ms is None or now_ms < row.expires_ms)
