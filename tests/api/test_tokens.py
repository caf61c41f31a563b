"""Tokens: shown once, kept as digests, refused in one form of words."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session

from api.database import Database
from api.errors import ScopeUnknown, TokenRefused
from api.migrations import upgrade
from api.tokens import Scope, check_token, issue_token, parse_scopes, revoke_token, tokens

NOW = 1_760_000_000_000


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    database = Database(sqlite_url)
    upgrade(database)
    with database.write() as opened:
        yield opened
    database.dispose()


def _issue(session: Session, randomness: Callable[[int], bytes], *, expires_ms: int | None = None) -> str:
    return issue_token(
        session,
        name="同仁堂 feed",
        scopes=frozenset({Scope.STEPS_WRITE}),
        party="91110000100001234X",
        created_ms=NOW,
        expires_ms=expires_ms,
        randomness=randomness,
    )


def _counting(count: int) -> bytes:
    return bytes(range(count))


def test_a_token_says_who_holds_it(session: Session) -> None:
    holder = check_token(session, _issue(session, _counting), NOW)
    assert (holder.name, holder.party, holder.scopes) == (
        "同仁堂 feed",
        "91110000100001234X",
        {Scope.STEPS_WRITE},
    )


def test_the_secret_has_256_bits_and_only_its_digest_is_kept(session: Session) -> None:
    token = _issue(session, _counting)
    secret = token.rpartition("_")[2]
    assert bytes.fromhex(secret) == bytes(range(32))
    (row,) = tokens(session)
    assert row.secret_sha256 == hashlib.sha256(secret.encode()).digest()
    assert secret not in repr(row)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
        lambda token: token.replace("daodi_0", "daodi_f"),
        lambda token: token.upper(),
        lambda token: token + "0",
        lambda token: token + "\n",
        lambda _: "",
        lambda _: "daodi_" + "é" * 8,
    ],
)
def test_any_other_token_is_refused_in_the_same_words(session: Session, spoil: Callable[[str], str]) -> None:
    token = _issue(session, _counting)
    with pytest.raises(TokenRefused) as caught:
        check_token(session, spoil(token), NOW)
    assert caught.value.parts == {}


def test_a_token_ends_when_it_expires(session: Session) -> None:
    token = _issue(session, _counting, expires_ms=NOW + 1)
    check_token(session, token, NOW)
    with pytest.raises(TokenRefused):
        check_token(session, token, NOW + 1)


def test_a_revoked_token_ends_at_once(session: Session) -> None:
    token = _issue(session, _counting)
    revoke_token(session, token.split("_")[1], NOW)
    with pytest.raises(TokenRefused):
        check_token(session, token, NOW)


def test_revoking_twice_keeps_the_first_time_and_an_unknown_one_is_refused(session: Session) -> None:
    prefix = _issue(session, _counting).split("_")[1]
    revoke_token(session, prefix, NOW + 5)
    revoke_token(session, prefix, NOW + 9)
    assert tokens(session)[0].revoked_ms == NOW + 5
    with pytest.raises(TokenRefused):
        revoke_token(session, "ffffffff", NOW)


def test_an_unknown_scope_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScopeUnknown) as caught:
        parse_scopes(["steps:write", "everything"])
    assert "index:publish" in caught.value.remedy("zh")
