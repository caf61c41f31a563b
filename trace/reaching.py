"""The recursive query over the edges, in the form in which each database runs it by its indexes.

PostgreSQL guesses how many lots are reached, and guesses high while a table has no statistics; it would
then read whole tables. There every lot is looked up by itself: a subquery with an OFFSET is not merged
with the query around it (section 14.3), so that no other plan than that is left.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    literal_column,
    select,
    true,
)

from ledger.writing.bulk import POSTGRESQL
from trace.tables import EdgeRow, LotRow, table_of

BEGUN: Final = "lots"
"""Parameter of every query here: the lots to begin with, a list."""
_LOT: Final = table_of(LotRow)
_EDGE: Final = table_of(EdgeRow)


@cache
def reached_lots(dialect: str, *, back: bool) -> CTE:
    """Return the query of `BEGUN` and every lot on the way back, or forward, from them (column `lot`)."""
    near, far = (_EDGE.c.target, _EDGE.c.source) if back else (_EDGE.c.source, _EDGE.c.target)
    begun = select(cast(_LOT.c.lot_id, Text).label("lot")).where(
        _LOT.c.lot_id.in_(bindparam(BEGUN, expanding=True))
    )
    reached = begun.cte("reached", recursive=True)
    # UNION, not UNION ALL: a lot reached by two ways is followed once.
    return reached.union(for_each(dialect, reached, select(far), near == reached.c.lot))


@cache
def edges_reached(dialect: str, *, back: bool) -> Select[Any]:
    """Return the query of every edge on the way back, or forward, from `BEGUN`, oldest first."""
    reached = reached_lots(dialect, back=back)
    near = _EDGE.c.target if back else _EDGE.c.source
    return _ordered(for_each(dialect, reached, select(_EDGE), near == reached.c.lot))


@cache
def whole_steps_reached(dialect: str) -> Select[Any]:
    """Return the query of every edge of every step forward from `BEGUN`, oldest first."""
    reached = reached_lots(dialect, back=False)
    near = for_each(dialect, reached, select(_EDGE.c.step_id), _EDGE.c.source == reached.c.lot)
    steps = near.distinct().cte("steps")
    return _ordered(for_each(dialect, steps, select(_EDGE), _EDGE.c.step_id == steps.c.step_id))


def for_each(dialect: str, outer: FromClause, wanted: Select[Any], on: ColumnElement[bool]) -> Select[Any]:
    """Return `wanted` for each row of `outer` it belongs to by `on`, looked up one by one."""
    if dialect != POSTGRESQL:
        return wanted.select_from(outer).where(on)  # SQLite takes the index either way
    found = wanted.where(on).correlate(outer).offset(literal_column("0")).lateral("found")
    return select(found).select_from(outer.join(found, true()))


def _ordered(edges: Select[Any]) -> Select[Any]:
    columns = edges.selected_columns
    return edges.order_by(columns.event_ms, columns.step_id, columns.source, columns.target)
