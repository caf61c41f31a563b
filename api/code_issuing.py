"""Issuing trace codes from a running station: millions of them keep no other write waiting.

Serials are reserved in one short transaction, the codes are made and hashed outside any, and a second
short transaction writes the batch. Dying in between costs serials, which there are enough of; an order
with an id that is sent again takes up the same serials and is finished once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlmodel import Session

from api.errors import TooBusy
from api.station import Station
from trace.coding.code_orders import CodeOrder, fill_order, filled_by, reserve_serials
from trace.coding.code_tree import Progress
from trace.errors import UnknownParty
from trace.tables import PartyRow

LARGE: Final = 100_000
"""Codes that take about a second to make."""
AT_ONCE: Final = 2
"""Large orders one process makes at a time: each takes a thread and a core from everybody else."""
_LARGE: Final = threading.BoundedSemaphore(AT_ONCE)


def issue_batch(station: Station, order: CodeOrder, progress: Progress = lambda _: None) -> str:
    """Issue what is ordered and return the batch, its root in hex, once it is durable.

    `progress` is told how many more codes are made. Raises `UnknownParty`, `SerialOutOfRange`,
    `CodeOrderDiffers`, `TooBusy`, and what the writer raises.
    """

    def reserve(session: Session) -> tuple[int, str | None]:
        if session.get(PartyRow, order.party) is None:
            raise UnknownParty(uscc=order.party)
        return reserve_serials(session, order), filled_by(session, order)

    with _turn(order.count):
        first, known = station.writer.submit(reserve)
        if known is not None:
            return known
        issuer = station.recorder.issuer
        prepared = issuer.prepare(order.party, order.count, first, order.level, progress)

    def write(session: Session) -> str:
        known = filled_by(session, order)
        if known is not None:
            return known  # the same order was finished meanwhile
        batch = issuer.write(session, prepared, station.clock())
        fill_order(session, order, batch.batch_id)
        return batch.batch_id

    return station.writer.submit(write)


@contextmanager
def _turn(count: int) -> Iterator[None]:
    """Let a large order pass while few are being made; raises `TooBusy`."""
    if count < LARGE:
        yield
        return
    if not _LARGE.acquire(blocking=False):
        raise TooBusy(waiting=AT_ONCE, limit=AT_ONCE)
    try:
        yield
    finally:
        _LARGE.release()
