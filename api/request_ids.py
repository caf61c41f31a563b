"""The id of a request, by which its log line and its answer are found together."""

import itertools
import re
import secrets
from typing import Final

_SENT: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_HERE: Final = secrets.token_hex(4)
_NUMBERS: Final = itertools.count()


def request_id(sent: str) -> str:
    """Return the id a request brought, or a fresh one where that is none.

    >>> request_id("phone-0001"), len(request_id("?"))
    ('phone-0001', 16)
    """
    return sent if _SENT.fullmatch(sent) else fresh_id()


def fresh_id() -> str:
    """Return an id that no other request of this process has."""
    return f"{_HERE}{next(_NUMBERS):08x}"
