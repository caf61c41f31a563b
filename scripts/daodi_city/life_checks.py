"""Asks the loaded city about its life: recall, hold, scores, draw, coverage, PIN, medicine."""

from collections.abc import Iterator
from typing import Final

from sqlmodel import Session, col, select

from api.station import Station
from daodi_city import oversight
from daodi_city.city import City
from daodi_city.outcome import Outcome, outcome
from daodi_city.town import roll_codes
from trace.coding.pins import check_pin, pins_of
from trace.coding.trace_code import decode
from trace.integrity.draw_verification import verify_draw
from trace.integrity.integrity_tables import DrawRow, ScoreRow
from trace.integrity.periods import period
from trace.integrity.scoring import scored_of
from trace.recalls.hold_world import HoldKind
from trace.recalls.recall_progress import progress_of
from trace.recalls.recall_tables import HoldRow, RecallRow
from trace.story import story_of_lot
from trace.supervision.coverage import coverage
from trace.tables import LotRow
from trace.vocabulary import Form

MEDICINE: Final = "ZYC-25A-WAN"
"""The lot of medicine that the drug maker made of three herbs."""


def look_at_life(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Run every check of what happened beside the seasons."""
    yield _recall(session)
    yield _hold(session)
    yield _scores(session)
    yield _draw(session)
    yield _coverage(session)
    yield _pin(city, session, station)
    yield _medicine(session)


def _recall(session: Session) -> Outcome:
    """Some came back and some did not; the recall says how much of each."""
    recall_id = session.exec(select(RecallRow.recall_id)).one()
    reached = progress_of(session, recall_id).effectiveness
    return outcome(
        "check.recall", "figures.recall",
        passed=0 < reached.recovered_packs < reached.distributed_packs and reached.destroyed_grams > 0,
        distributed=reached.distributed_packs, recovered=reached.recovered_packs,
        rate=(reached.per_mille or 0) / 10, destroyed=reached.destroyed_grams,
    )  # fmt: skip


def _hold(session: Session) -> Outcome:
    """What one had stopped, two set free."""
    hold = session.exec(select(HoldRow).where(HoldRow.kind == HoldKind.LOT)).one()
    lot = session.get_one(LotRow, hold.target)
    by_two = None not in (hold.asked_statement, hold.lifted_statement)
    return outcome(
        "check.hold", "figures.hold",
        passed=by_two and hold.asked_statement != hold.lifted_statement and not lot.frozen, lot=hold.target,
    )  # fmt: skip


def _scores(session: Session) -> Outcome:
    """Every score follows from the evidence stated beside it."""
    rows = session.exec(select(ScoreRow).order_by(col(ScoreRow.period), col(ScoreRow.uscc))).all()
    wrong = [row.uscc for row in rows if scored_of(row).score.thousandths != row.score]
    return outcome(
        "check.scores", "figures.scores", passed=bool(rows) and not wrong,
        count=len(rows), least=min(row.score for row in rows), most=max(row.score for row in rows),
        wrong=len(wrong),
    )  # fmt: skip


def _draw(session: Session) -> Outcome:
    """Anybody draws the same parties again from what the log says."""
    made = verify_draw(session, session.exec(select(DrawRow.draw_id)).one())
    return outcome(
        "check.draw", "figures.draw", passed=bool(made.picks),
        listed=made.listed, drawn=len(made.picks), others=made.others,
    )  # fmt: skip


def _coverage(session: Session) -> Outcome:
    """Some units of the trade record nothing, and the coverage says so."""
    cells = coverage(session, period(oversight.COVERED), digits=2)
    registered = sum(cell.registered for cell in cells)
    ever = sum(cell.ever for cell in cells)
    return outcome(
        "check.coverage", "figures.coverage", passed=0 < ever < registered,
        registered=registered, ever=ever, active=sum(cell.active for cell in cells),
    )  # fmt: skip


def _pin(city: City, session: Session, station: Station) -> Outcome:
    """The digits under a pack's scratch layer are told from others."""
    code, pin = code_and_pin(city, session, station)
    other = str((int(pin) + 1) % 10 ** len(pin)).zfill(len(pin))
    right, wrong = (check_pin(code, each, station.code_keys) for each in (pin, other))
    return outcome("check.pin", "figures.pin", passed=right and not wrong, code=code)


def code_and_pin(city: City, session: Session, station: Station) -> tuple[str, str]:
    """Return a code of the printed roll with the digits under its scratch layer."""
    code = roll_codes(session, city.chapters.labels, station.code_keys)[0]
    return code, pins_of(decode(code, station.code_keys), 1, station.code_keys.current)[0]


def _medicine(session: Session) -> Outcome:
    """The medicine's way leads back to each of its herbs."""
    told = story_of_lot(session, MEDICINE)
    herbs = sorted({lot.herb for lot in told.lots if lot.form is Form.HERB})
    return outcome(
        "check.medicine", "figures.medicine", passed={"当归", "白术", "白芍"} <= set(herbs),
        lot=MEDICINE, herbs="、".join(herbs), lots=len(told.lots), steps=len(told.steps),
    )  # fmt: skip
