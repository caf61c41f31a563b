"""Every statement of the trace in the order the trace was told it, from the log and the outbox.

What is acknowledged and waits for its index counts too: the tables hold it already. First the numbers of
all statements are written down, then they are read in that order, so that memory does not grow with the log.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import BigInteger, Column, MetaData, Table, select
from sqlmodel import Session, col, func

from ledger.tables import EntryRow, PendingRow
from trace.replaying.replaying_errors import StatementTwice
from trace.said import Said

_PAGE: Final = 1_000
_ORDER: Final = Table(
    "replay_order",
    MetaData(),
    Column("nth", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_index", BigInteger),
    Column("pending_id", BigInteger),
    prefixes=["TEMPORARY"],
)


class OrderedStatements:
    """The statements of some kinds; use it in a `with` block, inside one transaction."""

    def __init__(self, session: Session, kinds: Collection[str]) -> None:
        self._session = session
        self._kinds = frozenset(kinds)
        self.unnumbered = 0
        """How many carry no number of their own: of a log begun before there were numbers."""

    def __enter__(self) -> "OrderedStatements":
        """Make room for the numbers."""
        _ORDER.create(self._session.connection())
        return self

    def __exit__(self, *_: object) -> None:
        """Give the room back."""
        if self._session.is_active:
            _ORDER.drop(self._session.connection())

    def total(self) -> int:
        """Return how many entries and waiting statements there are to look at, of any kind."""
        counts = (
            self._session.execute(select(func.count()).select_from(row)).scalar_one()
            for row in (EntryRow, PendingRow)
        )
        return sum(counts)

    def number(self, advance: Callable[[int], None]) -> int:
        """Write down the number of every statement; return how many. Raises `StatementTwice`.

        A statement without a number stands where it stands in the log.
        """
        size = 0
        found = 0
        for rows in self._pages(EntryRow.entry_index, EntryRow.leaf):
            size = rows[-1][0] + 1
            found += self._keep(rows, "entry_index", 1)
            advance(len(rows))
        for rows in self._pages(PendingRow.pending_id, PendingRow.leaf):
            found += self._keep(rows, "pending_id", size + 1 - rows[0][0])
            advance(len(rows))
        return found

    def __iter__(self) -> Iterator[Said]:
        """Give every statement in order."""
        last = -1
        wanted = (
            select(_ORDER.c.nth, col(EntryRow.leaf).label("logged"), col(PendingRow.leaf).label("waiting"))
            .outerjoin(EntryRow, col(EntryRow.entry_index) == _ORDER.c.entry_index)
            .outerjoin(PendingRow, col(PendingRow.pending_id) == _ORDER.c.pending_id)
            .order_by(_ORDER.c.nth)
            .limit(_PAGE)
        )
        while page := self._session.execute(wanted.where(_ORDER.c.nth > last)).all():
            for nth, logged, waiting in page:
                yield _said(orjson.loads(logged if logged is not None else waiting), nth)
            last = page[-1][0]

    def _pages(self, place: Any, leaf: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401  columns as SQLModel types them
        last = -1
        wanted = select(col(place), col(leaf)).order_by(col(place)).limit(_PAGE)
        while page := self._session.execute(wanted.where(col(place) > last)).all():
            yield page
            last = page[-1][0]

    def _keep(self, rows: Sequence[Any], where: str, unnumbered: int) -> int:
        kept: dict[int, dict[str, int | None]] = {}
        for place, leaf in rows:
            said = orjson.loads(leaf)
            if said["kind"] not in self._kinds:
                continue
            nth = said["public"].get("nth")
            if nth is None:
                self.unnumbered += 1
                nth = place + unnumbered
            if nth in kept:
                raise StatementTwice(nth=nth, statement=said["id"])
            kept[nth] = {"nth": nth, "entry_index": None, "pending_id": None, where: place}
        self._refuse_known(kept)
        if kept:
            self._session.connection().execute(_ORDER.insert(), list(kept.values()))
        return len(kept)

    def _refuse_known(self, kept: Collection[int]) -> None:
        known = self._session.execute(select(_ORDER.c.nth).where(_ORDER.c.nth.in_(kept)).limit(1)).scalar()
        if known is not None:
            raise StatementTwice(nth=known, statement="—")


def _said(members: dict[str, Any], nth: int) -> Said:
    return Said(
        statement_id=members["id"],
        kind=members["kind"],
        subject=members["subject"],
        at_ms=members["at_ms"],
        actor=members["actor"],
        public={"nth": nth} | members["public"],
        digests=tuple(members["digests"]),
    )
