"""Registers and draws bent by who keeps them: units twice, steps that never were, draws until one pleases."""

import pytest
from sqlmodel import Session, select

from ledger.entry import parse_leaf
from ledger.tables import PendingRow
from tests.trace.season import GROWER, PHARMACY, at, lot, recorder, step, white_peony
from tests.trace.supervised import AFTER, REGULATOR, SEASON, supervised, take
from tests.trace.test_inspection_draws import announced, scored
from tests.trace.test_supervision import registered, unit
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.integrity.deductions import deductions
from trace.integrity.gathering import evidence_of
from trace.registers.transfers import transfer_business, transfer_place
from trace.service import Recorder
from trace.supervision.coverage import coverage
from trace.supervision.supervision_errors import BadUnit
from trace.supervision.trade_register import enter


def test_a_step_declared_never_to_have_been_covers_nobody() -> None:
    with supervised("sqlite://") as (session, by):
        registered(session, by)
        new = step("storage", 900, "COUNTER", lots=[lot("S")], fields={"care": "通风"})
        bought = step("opening", 900, "COUNTER", outputs=[lot("S", 10, "白芍")])
        done = by.record_step(session, bought, at(900))
        assert covered(session) == 1
        asked = CorrectionNew(reason=Reason.DID_NOT_OCCUR)
        Corrector(recorder=recorder("none"), by=PHARMACY).correct(session, done.step_id, asked, at(901))
        assert covered(session) == 0
        assert new.stage == "storage"


def covered(session: Session) -> int:
    return sum(each.active for each in coverage(session, SEASON) if each.area == "1101")


def test_one_unit_does_not_stand_in_the_register_under_two_names() -> None:
    with supervised("sqlite://") as (session, by):
        enter(session, by.declarer, unit("A", uscc=GROWER), REGULATOR, AFTER)
        with pytest.raises(BadUnit):
            enter(session, by.declarer, unit("B", uscc=GROWER), REGULATOR, AFTER)
        enter(session, by.declarer, unit("C", uscc=GROWER, place="PLOT"), REGULATOR, AFTER)


def test_draws_announced_and_never_made_are_told_with_the_next() -> None:
    with supervised("sqlite://") as (session, by):
        scored(session, by)
        first = announced(session, by)
        second = announced(session, by, seed=bytes(32))
        assert unfinished(session, first) == []
        assert unfinished(session, second) == [first]


def unfinished(session: Session, draw_id: str) -> object:
    leaves = session.execute(select(PendingRow.leaf)).scalars()
    said = [parse_leaf(leaf).statement for leaf in leaves]
    return next(each.public["unfinished"] for each in said if each.id == draw_id)


def test_a_place_or_business_nobody_asked_for_lowers_nobody_s_score() -> None:
    """A transfer needs no consent: so it must not be a weapon."""
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        before = _of(session, by)
        transfer_place(session, by.declarer, "PLOT", PHARMACY, day=None, at_ms=at(930), by=GROWER)
        transfer_business(session, by.declarer, GROWER, PHARMACY, reason="甩给别人", at_ms=at(931), by=GROWER)
        assert _of(session, by) == before


def _of(session: Session, by: Recorder) -> object:
    assert by.origin
    found = evidence_of(session, [PHARMACY], SEASON)[PHARMACY]
    goods = {name: share for name, share in found.shares.items() if name != "firm"}
    return goods, found.weeks, deductions(session, [PHARMACY], SEASON)
