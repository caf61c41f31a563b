"""The second factor 第二因素: codes of an authenticator (TOTP, RFC 6238) and recovery codes.

SHA-1, six digits, thirty seconds: what every authenticator reads. A code of the step before or after is
taken too (section 5.2), none at or before the last one taken. The secret is kept as private values are:
sealed under the vault's data key of its account.
"""

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Sequence
from typing import Final

import pyotp
from sqlalchemy import delete, update
from sqlmodel import Session, col

from api.accounts.account_errors import FactorCodeWrong
from api.accounts.account_tables import AccountRow, RecoveryCodeRow
from ledger.clock import Randomness
from ledger.private.disclosure import conceal
from ledger.private.private_cipher import open_value, seal_value
from ledger.private.private_errors import SealBroken
from ledger.private.private_vault import Vault

STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 10
ISSUER: Final = "daodi 道地"
"""What an authenticator lists the account under."""
_FIELD: Final = "second_factor"
_SECRET_SIZE: Final = 20
"""Bytes: as long as the hash (RFC 4226, section 4, R6)."""
_DRIFT: Final = 1
"""Steps a phone's clock may be off either way."""
_DIGITS: Final = re.compile(r"[0-9]{6}")
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a recovery code: Crockford's 32, without I, L, O and U."""
_RECOVERY_SIZE: Final = 16
"""Letters of a recovery code: 80 bits, so that a plain SHA-256 at rest is enough."""


def draw(session: Session, vault: Vault, row: AccountRow, now_ms: int, randomness: Randomness) -> bytes:
    """Draw a secret for an account that has no second factor yet, keep it sealed, and return it."""
    secret = randomness(_SECRET_SIZE)
    key = vault.key_for(session, row.account_id, now_ms)
    row.factor = seal_value(key, conceal(_FIELD, secret_text(secret), randomness), row.account_id, randomness)
    row.factor_ms, row.factor_step = None, 0
    session.add(row)
    session.flush()
    return secret


def secret_of(session: Session, vault: Vault, row: AccountRow) -> bytes | None:
    """Return the secret of an account, proven or only drawn; None for none. Raises `SealBroken`."""
    if row.factor is None:
        return None
    key = vault.keys(session, [row.account_id]).get(row.account_id)
    if key is None:
        raise SealBroken(what=row.account_id)
    return b32decode(str(open_value(key, row.factor, row.account_id, _FIELD).value))


def secret_text(secret: bytes) -> str:
    """Write a secret as people type it into an authenticator (RFC 4648, base32).

    >>> secret_text(b"12345678901234567890")
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    """
    return b32encode(secret).decode()


def enrolment_address(secret: bytes, name: str) -> str:
    """Return what the QR code of an enrolment says: the `otpauth` address authenticators read."""
    return pyotp.TOTP(secret_text(secret)).provisioning_uri(name=name, issuer_name=ISSUER)


def code_at(secret: bytes, at_ms: int) -> str:
    """Return the code of a moment (RFC 6238, section 4).

    >>> code_at(b"12345678901234567890", 59_000)
    '287082'
    """
    return str(pyotp.TOTP(secret_text(secret), interval=STEP_SECONDS).at(at_ms // 1000))


def step_of(secret: bytes, code: str, now_ms: int, after: int) -> int | None:
    """Return the time step a code is of, later than step `after`; None for a code that does not count.

    >>> step_of(b"12345678901234567890", "287 082", 59_000, 0)
    1
    >>> step_of(b"12345678901234567890", "287 082", 59_000, 1) is None
    True
    """
    digits = "".join(code.split())
    if _DIGITS.fullmatch(digits) is None:
        return None
    now = now_ms // 1000 // STEP_SECONDS
    found = None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        same = step >= 0 and hmac.compare_digest(code_at(secret, step * STEP_SECONDS * 1000), digits)
        found = step if same and step > after and found is None else found
    return found


def use_code(session: Session, vault: Vault, row: AccountRow, code: str, now_ms: int) -> None:
    """Take a code of the authenticator or a recovery code, each once; raises `FactorCodeWrong`.

    Of two requests with one code, in whatever workers, one is refused.
    """
    secret = secret_of(session, vault, row)
    step = None if secret is None else step_of(secret, code, now_ms, row.factor_step)
    if step is None:
        _use_recovery(session, row.account_id, code, now_ms)
        return
    later = col(AccountRow.factor_step) < step
    taken = session.connection().execute(
        update(AccountRow).where(col(AccountRow.account_id) == row.account_id, later).values(factor_step=step)
    )
    if not taken.rowcount:
        raise FactorCodeWrong


def new_recovery_codes(session: Session, account_id: str, randomness: Randomness) -> Sequence[str]:
    """Replace an account's recovery codes by ten new ones and return them; only their hashes are kept."""
    session.connection().execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id))
    codes = [_recovery_code(randomness) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCodeRow(account_id=account_id, code_sha256=_digest(code)) for code in codes)
    session.flush()
    return codes


def _recovery_code(randomness: Randomness) -> str:
    letters = "".join(_LETTERS[byte % 32] for byte in randomness(_RECOVERY_SIZE))
    return "-".join(letters[begin : begin + 4] for begin in range(0, _RECOVERY_SIZE, 4))


def _use_recovery(session: Session, account_id: str, code: str, now_ms: int) -> None:
    unused = (
        col(RecoveryCodeRow.account_id) == account_id,
        col(RecoveryCodeRow.code_sha256) == _digest(code),
        col(RecoveryCodeRow.used_ms).is_(None),
    )
    used = session.connection().execute(update(RecoveryCodeRow).where(*unused).values(used_ms=now_ms))
    if not used.rowcount:
        raise FactorCodeWrong


def _digest(code: str) -> bytes:
    letters = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return hashlib.sha256(letters.encode()).digest()
