"""What the answer to a settled caller says of who may keep it: the caller's own browser, and nobody else.

A cache between the reader and us must not store it (RFC 9111, 5.2.2.7), the browser asks before it shows it
again, and to whom it was given is part of what it is kept under (RFC 9110, 12.5.5).
"""

from collections.abc import Iterable
from typing import Final

_CACHE: Final = b"cache-control"
_VARY: Final = b"vary"
_WHO: Final = ("Cookie", "Authorization")
PRIVATE: Final = "private, no-cache"


def as_private(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer for one caller alone; where it says ``no-store`` that stays.

    >>> as_private([(b"cache-control", b"no-cache"), (b"vary", b"Accept-Language")])
    [(b'cache-control', b'private, no-cache'), (b'vary', b'Accept-Language, Cookie, Authorization')]
    >>> as_private([(b"cache-control", b"no-store")])
    [(b'cache-control', b'no-store'), (b'vary', b'Cookie, Authorization')]
    """
    given = [(name.lower(), value) for name, value in headers]
    said = [value for name, value in given if name == _CACHE]
    if not any(b"no-store" in value.lower() for value in said):
        said = [PRIVATE.encode()]
    others = [header for header in given if header[0] not in (_CACHE, _VARY)]
    varied = b", ".join(value for name, value in given if name == _VARY)
    return [*others, *((_CACHE, value) for value in said), (_VARY, _also_by_who(varied.decode("latin-1")))]


def _also_by_who(varied: str) -> bytes:
    named = [name.strip() for name in varied.split(",") if name.strip()]
    lower = {name.lower() for name in named}
    return ", ".join([*named, *(name for name in _WHO if name.lower() not in lower)]).encode("latin-1")
