"""Recording one step for whoever sent it, by the API or a form: durable when it returns."""

from api.station import Station
from ledger import log
from trace.service import RecordedStep
from trace.steps import StepNew


def record(station: Station, new: StepNew) -> tuple[RecordedStep, int | None]:
    """Record a step and return it with its index, if it has one; waits for the commit.

    Raises what `Recorder.record_step` raises, and `WriterClosed`.
    """
    recorded = station.writer.submit(
        lambda session: station.recorder.record_step(session, new, station.clock())
    )
    for lot in recorded.lots:
        station.invalidation.lot_changed(lot)
    with station.database.read() as session:
        return recorded, log.indices(session, [recorded.statement_id]).get(recorded.statement_id)
