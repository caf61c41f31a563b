"""Keyset paging in SQL: the rows after one of them, in an order that no two rows share.

Told by the sort key of the last row seen and not by a count, so that rows added or ended meanwhile make
nothing repeat and nothing vanish.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, SQLColumnExpression, and_, false, literal, or_

Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])
Key: TypeAlias = Sequence[int | str]
"""The values of the sorted columns in one row."""


class Sorted(NamedTuple):
    """One column of an order."""

    column: SQLColumnExpression[Any]
    newest_first: bool = False
    """Whether it descends."""


def page_after(wanted: Wanted, order: Sequence[Sorted], after: Key | None, limit: int | None) -> Wanted:
    """Return the query sorted, beginning after the row of key `after`, with `limit` rows at most.

    `order` must name columns that together are one row's own.

    >>> from sqlalchemy import column, select
    >>> order = (Sorted(column("at"), newest_first=True), Sorted(column("id")))
    >>> print(page_after(select(column("id")), order, (7, "a"), None).whereclause)
    at < :param_1 OR at = :param_1 AND id > :param_2
    """
    chosen = wanted if after is None else wanted.where(_further(order, after))
    ordered = chosen.order_by(*(each.column.desc() if each.newest_first else each.column for each in order))
    return ordered.limit(limit)


def _further(order: Sequence[Sorted], after: Key) -> ColumnElement[bool]:
    """Say of a row whether it stands after one of this key."""
    ways: list[ColumnElement[bool]] = []
    alike: list[ColumnElement[bool]] = []
    for each, value in zip(order, after, strict=True):
        # Told as 64 bits: what a reader made up overflows no smaller column.
        last = literal(value, BigInteger() if isinstance(value, int) else None)
        ways.append(and_(*alike, each.column < last if each.newest_first else each.column > last))
        alike.append(each.column == last)
    return or_(false(), *ways)
