"""Pages of long lists: a bounded `limit` and an opaque `next` that says where the page ended.

Keyset paging: the cursor holds the sort key of the last row shown, so rows added meanwhile neither repeat
nor vanish. It is base64url of canonical JSON; whoever alters it gets `FieldWrong`, never a wrong page.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Final, TypeVar, cast

from fastapi import Query

from api.errors import FieldWrong
from ledger.canonical import JsonValue, canonical, parse
from ledger.errors import LedgerError, Location

MOST: Final = 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most, 1 to 200.")]
Next = Annotated[
    str | None,
    Query(max_length=400, description="The `next` of the page before; leave out for the first page."),
]

Row = TypeVar("Row")


def cursor(key: Sequence[JsonValue]) -> str:
    """Return the opaque cursor of a sort key.

    >>> read_cursor(cursor([17, "白芍"]), (int, str))
    (17, '白芍')
    """
    return base64.urlsafe_b64encode(canonical(list(key))).decode().rstrip("=")


def read_cursor(given: str, types: Sequence[type]) -> tuple[JsonValue, ...]:
    """Return the sort key of a cursor; raises `FieldWrong` unless it holds exactly these types."""
    try:
        raw = base64.urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
        key = parse(raw)
    except (binascii.Error, UnicodeEncodeError, LedgerError) as error:
        raise _wrong() from error
    if not isinstance(key, list) or [type(part) for part in key] != list(types):
        raise _wrong()
    return tuple(key)


def by_time(given: str | None) -> tuple[int, str] | None:
    """Return the moment and the id a page goes on after; None for the first. Raises `FieldWrong`."""
    return None if given is None else cast("tuple[int, str]", read_cursor(given, (int, str)))


def split(
    found: Sequence[Row], limit: int, key: Callable[[Row], Sequence[JsonValue]]
) -> tuple[list[Row], str | None]:
    """Cut `limit` + 1 rows found to one page; the extra row only tells that there is a next page."""
    shown = list(found[:limit])
    return shown, cursor(key(shown[-1])) if len(found) > limit else None


def _wrong() -> FieldWrong:
    return FieldWrong(
        at=Location(field="next"),
        reason_zh="next 不是本服务给出的翻页标记",
        reason_en="next is not a page mark this service gave",
    )
