"""Building every projection again from the log: the proof that the tables say what was stated.

Nothing but statements is read: what a table holds that nobody stated comes to light. The caller owns the
transaction; temporary tables stand beside the live ones while it lasts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from trace.appliers import APPLIERS
from trace.replaying.comparing import Compared, compare, replace_live
from trace.replaying.fresh_tables import fresh_tables
from trace.replaying.ordered_statements import OrderedStatements
from trace.replaying.projection_tables import counters, projected
from trace.replaying.replaying_errors import LogTooOld

_BREATH: Final = 500
"""Statements after which the session forgets what it holds, so that memory stays level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What came of a rebuild."""

    statements: int
    """Statements of the trace replayed."""
    unnumbered: int
    """Those of them made before statements were numbered."""
    tables: tuple[Compared, ...]
    written: bool

    @property
    def equal(self) -> bool:
        """Whether the live tables said just what the log says."""
        return not any(table.unlike for table in self.tables)


def rebuild(
    session: Session,
    *,
    write: bool,
    counting: Callable[[int], None],
    replaying: Callable[[int], None],
    begin: Callable[[int, int], None],
) -> Rebuilt:
    """Rebuild the projections, compare them, and with `write` put them in the live ones' place.

    `begin` is told how many entries will be counted and, once that is known, how many statements replayed
    (0 before); `counting` and `replaying` are told of each page and statement done. Raises `LogTooOld`,
    `StatementTwice`, `UnreadableStatement`, and whatever an applier raises.
    """
    with OrderedStatements(session, APPLIERS) as statements:
        begin(statements.total(), 0)
        count = statements.number(counting)
        if write and statements.unnumbered:
            raise LogTooOld(count=statements.unnumbered)
        begin(0, count)
        with fresh_tables(session, projected(), also=counters()) as tables:
            for done, said in enumerate(statements, start=1):
                APPLIERS[said.kind](session, said)
                replaying(1)
                if done % _BREATH == 0:
                    session.flush()
                    session.expunge_all()
            session.flush()
            compared = compare(session, tables)
            if write:
                replace_live(session, tables)
        return Rebuilt(
            statements=count, unnumbered=statements.unnumbered, tables=tuple(compared), written=write
        )
