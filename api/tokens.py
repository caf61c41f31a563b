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
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, select

from api.errors import NotYourParty, NotYourSource, ScopeUnknown, TokenRefused
from api.tables import ApiTokenRow
from ledger.writing.bulk import Asked

_FORM = re.compile(r"daodi_([0-9a-f]{8})_([0-9a-f]{64})")


class Scope(StrEnum):
    """What a token allows. `OPERATOR` allows everything; `SUPERVISE` only a token bound to a regulator."""

    STEPS_WRITE = "steps:write"
    QUOTES_WRITE = "quotes:write"
    QUOTES_DECIDE = "quotes:decide"
    INDEX_PUBLISH = "index:publish"
    SUPERVISE = "supervise"
    WARNINGS_READ = "warnings:read"
    WARNINGS_DECIDE = "warnings:decide"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """What one valid token says about its bearer."""

    prefix: str
    name: str
    party: str | None
    scopes: frozenset[Scope]
    source: str | None = None


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
    source: str | None = None,
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
            source=source,
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
    return _holder(session.get(ApiTokenRow, prefix), secret, now_ms)


def tokens_asked(presented: Iterable[str]) -> Asked:
    """Return what reads the rows that `check_tokens` needs for these tokens."""
    return _ALL, ([form[1] for form in map(_FORM.fullmatch, presented) if form is not None],)


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


def is_current(session: Session, prefix: str, now_ms: int) -> bool:
    """Whether a token is there, and neither revoked nor expired."""
    row = session.get(ApiTokenRow, prefix)
    return row is not None and _current(row, now_ms)


def tokens(session: Session) -> list[ApiTokenRow]:
    """Return every token ever issued, oldest first; digests only."""
    return list(
        session.exec(select(ApiTokenRow).order_by(col(ApiTokenRow.created_ms), col(ApiTokenRow.prefix)))
    )


class _Columns(NamedTuple):
    """What a token's row says, read without making an object of the row."""

    prefix: str
    secret_sha256: bytes
    name: str
    party: str | None
    source: str | None
    scopes: str
    expires_ms: int | None
    revoked_ms: int | None


_ALL: Final = f"SELECT {', '.join(_Columns._fields)} FROM api_token WHERE prefix AMONG ?"  # noqa: S608  our own names


def _holder(row: ApiTokenRow | _Columns | None, secret: str, now_ms: int) -> TokenHolder:
    expected = bytes(32) if row is None else row.secret_sha256
    same = hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), expected)
    if row is None or not same or not _current(row, now_ms):
        raise TokenRefused
    return TokenHolder(row.prefix, row.name, row.party, parse_scopes(row.scopes.split()), row.source)


def _current(row: ApiTokenRow | _Columns, now_ms: int) -> bool:
    return row.revoked_ms is None and (row.expires_ms is None or now_ms < row.expires_ms)
