"""The PIN 防伪密码 under a pack's scratch layer: eight digits that a copied code does not show.

Whoever photographs a label has its code and not its PIN. The PIN is derived from the code's serial under
a key of its own and stored nowhere; it leaves the service only with the labels that are printed.

Eight digits, because guessing must be hopeless under the limits on attempts
(`trace.scanning.pin_attempts`): at five wrong attempts a code, six digits would let one who holds every
code of a city of ten million packs be right some fifty times, eight digits about once in two such cities.
Five attempts on one code succeed once in twenty million. A PIN proves that its layer was read once, and
not that nobody read it before.
"""

import hmac
import unicodedata
from typing import Final

from trace.coding.code_keys import CodeKeys, KeyVersion
from trace.coding.trace_code import read_code

PIN_DIGITS: Final = 8
_LONGEST_INPUT: Final = 64


def pins_of(first_serial: int, count: int, version: KeyVersion) -> list[str]:
    """Return the PINs of `count` serials from `first_serial` on, in order; for labels only.

    >>> pins_of(7, 1, KeyVersion.from_secret(0, bytes(32)))[0].isdigit()
    True
    """
    return [_pin(serial, version) for serial in range(first_serial, first_serial + count)]


def check_pin(code: str, pin: str, code_keys: CodeKeys) -> bool:
    """Say whether `pin` is that of `code`, from the texts alone and in constant time.

    Spaces, hyphens and full-width digits do not matter. Whoever asks must have counted the attempt before.
    Raises `MalformedCode` and `ForgedCode`.
    """
    named = read_code(code, code_keys)
    given = unicodedata.normalize("NFKC", pin[:_LONGEST_INPUT])
    digits = "".join(letter for letter in given if letter not in " -")
    expected = _pin(named.serial, code_keys.versions[named.version])
    return hmac.compare_digest(digits.encode(), expected.encode())


def grouped_pin(pin: str) -> str:
    """Return a PIN as it is printed.

    >>> grouped_pin("01234567")
    '0123 4567'
    """
    return f"{pin[:4]} {pin[4:]}"


def _pin(serial: int, version: KeyVersion) -> str:
    """64 bits of a keyed hash, reduced to decimal digits: the bias is below one in 10^11."""
    named = bytes([version.number]) + serial.to_bytes(8, "big")
    digest = hmac.digest(version.pin_key, named, "sha256")
    return str(int.from_bytes(digest[:8], "big") % 10**PIN_DIGITS).zfill(PIN_DIGITS)
