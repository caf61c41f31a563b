"""Pages of long lists: a bounded `limit` and an opaque `next` that says where the page ended.

Keyset paging: the cursor holds the sort key of the last row shown, so rows added meanwhile neither repeat
nor vanish. It is base64url of canonical JSON; whoever alters it gets `FieldWrong`, never a wrong page.
Most lists read one page of rows (`ledger.keyset`); short ones are read whole and cut here (`page_of`).
An answer that is a bare array has no room for `next`: it tells it in a `Link` header (RFC 8288).
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final, TypeAlias, TypeVar, cast

from fastapi import Query, Request, Response

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
Part: TypeAlias = int | str
"""One part of a sort key."""


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


def page_of(
    found: Iterable[Row],
    limit: int,
    given: str | None,
    key: Callable[[Row], tuple[Part, ...]],
    types: Sequence[type],
) -> tuple[list[Row], str | None]:
    """Cut the page after `given` out of a whole list, in the order of `key`: ascending, each row's own.

    `types` are those of the key's parts. Raises `FieldWrong` for a cursor that is none of this list's.

    >>> shown, following = page_of(["c", "a", "b"], 2, None, lambda each: (each,), (str,))
    >>> shown, page_of(["c", "a", "b"], 2, following, lambda each: (each,), (str,))
    (['a', 'b'], (['c'], None))
    """
    ordered = sorted(found, key=key)
    if given is not None:
        last = read_cursor(given, types)
        ordered = [each for each in ordered if key(each) > last]
    return split(ordered, limit, key)


def link_next(request: Request, response: Response, following: str | None) -> None:
    """Say in a `Link` header where a list that is a bare array goes on (RFC 8288, section 3)."""
    if following is not None:
        query = request.url.include_query_params(next=following).query
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def _wrong() -> FieldWrong:
    return FieldWrong(
        at=Location(field="next"),
        reason_zh="next 不是本服务给出的翻页标记",
        reason_en="next is not a page mark this service gave",
    )
