"""How long a recall takes that puts a field's packs on hold, and one that puts everything on hold.

What is timed is all of it, in one transaction up to its commit: the closure, the list of who has the goods,
the signed statement, the lots under the hold and their marks, the notices. Between runs two persons close
the recall and its goods are free again. Baseline: as many rows of the same two columns, by `executemany`.
"""

from functools import partial

from figures.measure import Spread, timed
from figures.row import Row
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from trace.recalls.hold_world import Role
from trace.recalls.persons import Person
from trace.recalls.recall_ending import ask_to_close, close_recall
from trace.recalls.recalls import RecallNew, RecallOpened, open_recall
from trace.tables import LotRow
from trace_parts.grown_trace import (
    BEGUN_MS,
    HOUR_MS,
    LOTS_OF_FIELD,
    PACKS_OF_FIELD,
    GrownTrace,
    grown_traces,
)

SECONDS = 5
OPENED_MS = BEGUN_MS + 9000 * HOUR_MS
FIRST = Person(role=Role.OPERATOR, party=None, name="值班甲", token="aaaaaaaa")  # noqa: S106  the open beginning of one
SECOND = Person(role=Role.OPERATOR, party=None, name="值班乙", token="bbbbbbbb")  # noqa: S106  the open beginning of one


def rows(*, quick: bool) -> list[Row]:
    """A field and the whole trace, on both databases."""
    fields, runs = (1, 2) if quick else (10, 5)
    return [
        _recalled(grown, held, runs)
        for grown in grown_traces(fields)
        for held in dict.fromkeys((1, grown.fields))
    ]


def _recalled(grown: GrownTrace, fields: int, runs: int) -> Row:
    taken, plain, right = [], [], True
    for _ in range(runs):
        seconds, opened = timed(partial(_open, grown, fields))
        taken.append(seconds)
        right = right and _covers(grown, opened, fields)
        _close(grown, opened.recall_id)
        right = right and _frozen(grown) == 0
        plain.append(timed(partial(_insert, grown.engine, opened.lots))[0])
    ours, baseline = Spread(tuple(taken)), Spread(tuple(plain))
    return Row(
        what=f"recall of {fields * PACKS_OF_FIELD:,} packs, {grown.database}",
        ours=ours.text(" s", 2),
        baseline=f"rows alone {baseline.text(' s', 3)}",
        ratio=baseline.median / ours.median,
        target=f"≤ {SECONDS} s" if fields == 1 else "",
        met=None if fields > 1 else right and ours.median <= SECONDS,
        note=f"{fields * LOTS_OF_FIELD:,} lots of {grown.lots:,} frozen and freed again, "
        + ("every one of them" if right else "NOT every one of them"),
    )


def _open(grown: GrownTrace, fields: int) -> RecallOpened:
    lots = [f"F{field}-SEED" for field in range(fields)]
    new = RecallNew.model_validate({"lots": lots, "class": 1, "reason": "农残超标"})
    with Session(grown.engine) as session:
        opened = open_recall(session, grown.recorder.declarer, new, FIRST, OPENED_MS)
        session.commit()
    return opened


def _covers(grown: GrownTrace, opened: RecallOpened, fields: int) -> bool:
    """Say whether the recall froze every lot and counted every pack of its fields."""
    wanted = fields * LOTS_OF_FIELD
    return opened.packs == fields * PACKS_OF_FIELD and len(opened.lots) == wanted and _frozen(grown) == wanted


def _frozen(grown: GrownTrace) -> int:
    with grown.read() as session:
        return session.execute(select(func.count()).where(col(LotRow.frozen))).scalar_one()


def _close(grown: GrownTrace, recall: str) -> None:
    declarer = grown.recorder.declarer
    with Session(grown.engine) as session:
        ask_to_close(session, declarer, recall, "lifted", "复检合格", FIRST, OPENED_MS)
        close_recall(session, declarer, recall, SECOND, OPENED_MS)
        session.commit()


def _insert(engine: Engine, lots: tuple[str, ...]) -> None:
    mark = "%s" if engine.dialect.name == "postgresql" else "?"
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bench_plain (hold_id TEXT, lot_id TEXT)")
        connection.exec_driver_sql(
            f"INSERT INTO bench_plain VALUES ({mark}, {mark})",  # noqa: S608  our own marks
            [("hold", lot) for lot in lots],
        )
        connection.exec_driver_sql("DROP TABLE bench_plain")
