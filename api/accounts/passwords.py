"""Passwords 密码: what is accepted, and Argon2id (NIST SP 800-63B-4, section 3.1.1; OWASP ASVS 5.0, 6.2).

Length decides, nothing else is demanded of a password, and the commonest are refused. At most two are hashed
at a time: each takes 64 MiB, and a flood of sign-ins must not take the machine's memory.
"""

import threading
import unicodedata
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.accounts.account_errors import PasswordCommon, PasswordTooLong, PasswordTooShort
from api.accounts.names import name_key

LEAST: Final = 12
"""Characters of a password."""
MOST: Final = 200
_AT_ONCE: Final = 2
_FEWEST_DIFFERENT: Final = 4

_COMMON: Final = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234",
        "1234567890123456",
        "123456123456",
        "123123123123",
        "012345678901",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "mypassword123",
        "letmein12345",
        "welcome12345",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopas",
        "qwertyuiopasdf",
        "qwertyuiop[]",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u",
        "qazwsxedcrfv",
        "q1w2e3r4t5y6",
        "asdfghjkl123",
        "asdfghjklzxc",
        "zxcvbnmasdfg",
        "abcdefghijkl",
        "abcdefghijklm",
        "abcd12345678",
        "abc123456789",
        "a123456789012",
        "aa1234567890",
        "qq1234567890",
        "iloveyou1234",
        "iloveyou5201314",
        "woaini1314520",
        "woaini5201314",
        "5201314520131",
        "520131415201314",
        "woaiwojia1234",
        "admin1234567",
        "admin1234567890",
        "administrator",
        "administrator1",
        "adminadmin12",
        "adminadmin123",
        "root12345678",
        "changeme1234",
        "changeme12345",
        "default12345",
        "testtesttest",
        "test12345678",
        "useruseruser",
        "superman1234",
        "zhongguo1234",
        "beijing12345",
        "daodi1234567",
        "daodi12345678",
        "daodidaodidaodi",
        "yaocai123456",
        "zhongyaocai1",
    ]
)
"""Of twelve characters and more: what people take first, rows of the keyboard, and our own name."""


class Passwords:
    """Hashes and checks passwords. Slow by intent: call it from a worker thread."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        """Use Argon2id with its library's parameters (RFC 9106, section 4) unless others are given."""
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys: str | None = None

    def hashed(self, password: str) -> str:
        """Return the hash of an accepted password, with its parameters and salt (PHC string)."""
        with self._turn:
            return self._hash.hash(_plain(password))

    def check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Tell whether a password is right, and its new hash where the kept one has outdated parameters.

        Without a kept hash it takes as long and is wrong: nobody learns from the time which names exist.
        """
        plain = _plain(password[: 4 * MOST])
        with self._turn:
            if kept is None:
                self._nobodys = self._nobodys or self._hash.hash("no account has this password")
                self._hash.verify(plain, self._nobodys)
                return False, None
            return self._hash.verify_and_update(plain, kept)


def check_new(password: str, name: str) -> str:
    """Return a password that may be set for the account `name`.

    Raises `PasswordTooShort`, `PasswordTooLong`, `PasswordCommon`.
    """
    plain = _plain(password)
    if len(plain) < LEAST:
        raise PasswordTooShort(least=LEAST)
    if len(plain) > MOST:
        raise PasswordTooLong(most=MOST)
    folded = plain.casefold()
    named = name_key(name) in name_key(plain)
    if folded in _COMMON or len(set(folded)) < _FEWEST_DIFFERENT or named:
        raise PasswordCommon
    return plain


def _plain(password: str) -> str:
    """Return one form (NFC) of a password, whatever keyboard wrote it (SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
