"""Corrections at the edge: handed to the writer, and every page of a lot concerned told to be made anew."""

from api.station import Station
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import Corrected, CorrectionNew


def correct_step(
    station: Station, step_id: str, asked: CorrectionNew, by: str | None, *, supervising: bool
) -> Corrected:
    """Correct a step as the party or regulator `by`, or the operator where it is None; waits for the commit.

    Raises what `Corrector.correct` raises.
    """
    at_ms = station.clock()
    corrector = Corrector(recorder=station.recorder, by=by, supervising=supervising)
    done = station.writer.submit(lambda session: corrector.correct(session, step_id, asked, at_ms))
    for lot in done.lots:
        station.invalidation.lot_changed(lot)
    return done
