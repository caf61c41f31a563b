"""A client of the service under trial: submits each statement until it is known to be stored.

Half of the clients go the way of a step, through writer and outbox; half go the way of a document handed in
over HTTP, through the statement lane.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import closing

from sqlalchemy.exc import DBAPIError

from api import operator_token
from api.errors import WriteInterrupted, WriterClosed
from api.station import Station
from crash.diary import Pen
from crash.ground import document_of, step_of
from crash.plan import Plan
from ledger.entry import SignedStatement
from ledger.errors import DuplicateStatement
from ledger.writing import outbox

_SUBJECTS = 12
"""Few, so that clients meet on them."""
_PAUSE_SECONDS = 0.02
_Door = Callable[[SignedStatement], None]


def submit_all(station: Station, pen: Pen, plan: Plan, number: int) -> None:
    """Submit what `plan` has client `number` submit; write down every acknowledgement."""
    chance = random.Random(f"{plan.seed}/{plan.prefix}/{number}")
    with closing(asyncio.new_event_loop()) as loop:
        by_lane = number % 2 == 1
        door = _lane(station, loop) if by_lane else _writer(station)
        for turn in range(plan.statements):
            name, subject = f"{plan.prefix}-{number}-{turn}", f"{chance.randrange(_SUBJECTS)}"
            if by_lane:
                statement = document_of(name, subject, number, chance.randbytes(16))
            else:
                statement = step_of(name, f"lot/{subject}", number, chance.randrange(1, 10**6))
            if _stored(statement, door, pen, plan.patience):
                pen.write("ack", statement.statement.id)


def _stored(statement: SignedStatement, door: _Door, pen: Pen, patience: int) -> bool:
    """Submit up to `patience` times, as one does whose answer got lost."""
    for _ in range(patience):
        try:
            door(statement)
        except DuplicateStatement:
            return True
        except (WriteInterrupted, WriterClosed, DBAPIError) as error:
            pen.write("refused", f"{statement.statement.id} {type(error).__name__}")
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def _writer(station: Station) -> _Door:
    def submit(statement: SignedStatement) -> None:
        station.writer.submit(lambda session: outbox.submit(session, statement))

    return submit


def _lane(station: Station, loop: asyncio.AbstractEventLoop) -> _Door:
    token = operator_token.read(station.settings.folder) or ""

    def submit(statement: SignedStatement) -> None:
        loop.run_until_complete(station.lane.take(token, statement))

    return submit
