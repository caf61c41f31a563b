"""Passwords, second factors, names and roles: published vectors and what is refused."""

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

from api.accounts import accounts, second_factor
from api.accounts.account_errors import (
    AccountError,
    FactorCodeWrong,
    PasswordCommon,
    PasswordTooLong,
    PasswordTooShort,
    SignInNameWrong,
)
from api.accounts.names import check_name, name_key
from api.accounts.passwords import Passwords, check_new
from api.accounts.roles import AccountRole, needs_factor, scopes_of
from api.scopes import Scope
from api.station import Station
from tests.api.accounts_of import somebody
from tests.api.conftest import NOW_MS

RFC_SECRET = b"12345678901234567890"
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""RFC 6238, appendix B, SHA-1: seconds and eight digits, of which authenticators show the last six."""


@pytest.mark.parametrize("seconds", VECTORS)
def test_codes_are_those_of_the_standard(seconds: int) -> None:
    code = VECTORS[seconds][-6:]
    assert second_factor.code_at(RFC_SECRET, seconds * 1000) == code
    assert second_factor.step_of(RFC_SECRET, code, seconds * 1000, 0) == seconds // 30


def test_a_code_counts_one_step_either_way_and_never_at_or_before_the_last_one() -> None:
    code, step = "050471", 1111111111 // 30
    at = [1111111111 + 30 * drift for drift in (-2, -1, 0, 1, 2)]
    found = [second_factor.step_of(RFC_SECRET, code, each * 1000, 0) for each in at]
    assert found == [None, step, step, step, None]
    assert second_factor.step_of(RFC_SECRET, code, at[2] * 1000, step - 1) == step
    assert second_factor.step_of(RFC_SECRET, code, at[2] * 1000, step) is None
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert second_factor.step_of(RFC_SECRET, full_width, at[2] * 1000, 0) is None


def test_a_code_taken_by_another_worker_meanwhile_is_not_taken_again(station: Station) -> None:
    """Both read the account before either wrote: what was read says that the code is new."""
    publisher = somebody(station, "publisher")
    code = second_factor.code_at(publisher.secret or b"", NOW_MS)
    with station.database.read() as session:
        row = accounts.standing(session, publisher.account_id)
        session.expunge(row)

    def use(session: Session) -> None:
        second_factor.use_code(session, station.vault, row, code, NOW_MS)

    station.writer.submit(use)
    with pytest.raises(FactorCodeWrong):
        station.writer.submit(use)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("eleven char", PasswordTooShort),
        ("x" * 201, PasswordTooLong),
        ("PassWord1234", PasswordCommon),
        ("aaaaaaaaaaaaaaa", PasswordCommon),
        ("abababababababab", PasswordCommon),
        ("Li.Wei-password!", PasswordCommon),
    ],
)
def test_a_password_that_would_be_guessed_first_is_refused(password: str, error: type[AccountError]) -> None:
    with pytest.raises(error):
        check_new(password, "li.wei")


@pytest.mark.parametrize(
    "password", ["four plain words", "几个不相干的词连起来一句", "aB3$" * 3, "   abc def ghi"]
)
def test_length_alone_makes_a_password(password: str) -> None:
    assert check_new(password, "li.wei") == password


def test_a_hash_of_older_parameters_is_renewed_when_the_password_is_right() -> None:
    older = Passwords(Argon2Hasher(time_cost=1, memory_cost=32, parallelism=1))
    newer = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
    kept = older.hashed("four plain words")
    right, renewed = newer.check("four plain words", kept)
    assert right
    assert renewed is not None
    assert "m=64" in renewed
    assert newer.check("four plain words", renewed) == (True, None)
    assert newer.check("five plain words", kept) == (False, None)
    assert newer.check("four plain words", None) == (False, None)


def test_one_password_typed_on_two_keyboards_is_one() -> None:
    hasher = Passwords(Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
    composed, decomposed = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert hasher.check(decomposed, hasher.hashed(composed))[0]


@pytest.mark.parametrize(
    "name", ["ab", "has space", "a" * 61, "semi;colon", "<b>", "", "\u200b" * 3, "acct-0123456789"]
)
def test_what_cannot_be_typed_again_is_no_sign_in_name(name: str) -> None:
    with pytest.raises(SignInNameWrong):
        check_name(name)


def test_names_that_read_alike_are_one() -> None:
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in "Li.Wei")
    assert {name_key(each) for each in ("Li.Wei", full_width, " li.wei", "li\u00ad.wei")} == {"li.wei"}


def test_who_binds_others_needs_a_second_factor() -> None:
    needing = {AccountRole.REGULATOR, AccountRole.PUBLISHER, AccountRole.OPERATOR}
    assert {role for role in AccountRole if needs_factor([role])} == needing
    assert scopes_of(AccountRole) == frozenset(Scope)
