"""Everything of integrity and supervision is built again from the log, row for row."""

from datetime import date

from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.integrity import draws
from trace.integrity.complaints import ComplaintNew, DecisionNew, answer, decide, file_complaint
from trace.integrity.credit import PunishmentNew, ask_repair, decide_repair, punish
from trace.integrity.drawing import commitment
from trace.integrity.evidence import Share
from trace.integrity.evidence_statements import behind
from trace.integrity.gathering import evidence_of
from trace.integrity.inspections import InspectionNew, find
from trace.integrity.scoring import score_period
from trace.supervision.trade_register import TradeUnitNew, enter, leave

from .holding import regulator
from .rebuilt import differences
from .season import DAY, GROWER, MAKER, PHARMACY, at, lot, step, white_peony
from .supervised import AFTER, REGULATOR, SEASON, supervised, take

WITHIN = SEASON.since_ms + 60 * DAY
DOCUMENT = "sha256:" + "cd" * 32
SEED = bytes(range(32))


def test_every_table_is_equal_after_a_rebuild(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        take(session, by, white_peony())
        stating = by.declarer
        unit = TradeUnitNew.model_validate(
            {
                "unit": "U",
                "kind": "firm",
                "name": "厂",
                "division": "341602",
                "node_type": "slice_maker",
                "since": "2024-01-01",
                "uscc": MAKER,
                "source": "名录",
            }
        )
        enter(session, stating, unit, REGULATOR, WITHIN)
        leave(session, stating, "U", date(2027, 1, 1), "停业", None, WITHIN)
        looked = {
            "party": MAKER,
            "subjects": [{"subject": "quality", "outcome": "failed"}],
            "points": 2,
            "role": "科",
        }
        find(session, stating, InspectionNew.model_validate(looked), REGULATOR, WITHIN)
        filed = file_complaint(
            session,
            stating,
            ComplaintNew.model_validate({"category": "price", "words": "价格太高了吧", "lot": "YP-1"}),
            WITHIN,
        )
        answer(session, stating, filed, "明码标价", MAKER, WITHIN)
        decide(session, stating, filed, DecisionNew(upheld=False, reason="不属实"), None, WITHIN)
        measure = {
            "party": PHARMACY,
            "measure": "warning",
            "reason": "提醒",
            "from_ms": WITHIN,
            "until_ms": AFTER,
        }
        made = punish(session, stating, PunishmentNew.model_validate(measure), REGULATOR, WITHIN)
        ask_repair(session, stating, made, DOCUMENT, PHARMACY, WITHIN)
        for person in (regulator(), regulator("科员乙", "eeeeeeee")):
            decide_repair(session, stating, made, person, REGULATOR, WITHIN)
        score_period(session, stating, SEASON, AFTER)
        score_period(session, stating, SEASON, AFTER + 1)
        new = draws.DrawNew(
            period=SEASON.name, commitment=commitment(SEED), inspectors=("J-1", "J-2"), parties=1
        )
        draws.announce(session, stating, new, REGULATOR, AFTER)
        session.commit()
        assert differences(session) == []


def test_a_step_a_regulator_declares_wrong_is_a_fault_found() -> None:
    with supervised("sqlite://") as (session, by):
        steps = {new.stage.value: by.record_step(session, new, when) for new, when in white_peony()}
        asked = CorrectionNew(reason=Reason.DID_NOT_OCCUR, instead=None)
        judging = Corrector(recorder=by, by=REGULATOR, supervising=True)
        judging.correct(session, steps["field_work"].step_id, asked, at(921))
        found = evidence_of(session, [GROWER], SEASON)[GROWER]
        assert found.shares["soundness"] == Share(good=0, whole=600_000)
        assert found.shares["corrections"] == Share(good=600_000, whole=600_000)


def test_a_correction_of_ones_own_costs_less_than_a_fault(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        steps = {new.stage.value: by.record_step(session, new, when) for new, when in white_peony()}
        before = evidence_of(session, [GROWER], SEASON)[GROWER]
        assert before.shares["corrections"] == Share(good=600_000, whole=600_000)
        instead = step(
            "primary_processing",
            905,
            inputs=[lot("BS-FRESH")],
            outputs=[lot("BS-HERB", 1_050_000, grade="统")],
            fields={"method": "去皮水煮后晒干", "drying": "晒干"},
        )
        asked = CorrectionNew(reason=Reason.INCORRECT_DATA, instead=instead)
        Corrector(recorder=by, by=GROWER).correct(
            session, steps["primary_processing"].step_id, asked, at(921)
        )
        after = evidence_of(session, [GROWER], SEASON)[GROWER]
        assert after.shares["corrections"] == Share(good=0, whole=600_000)
        assert after.shares["soundness"] == before.shares["soundness"]
        assert behind(session, GROWER, SEASON)["corrections"] == [
            f"correction/{steps['primary_processing'].step_id}"
        ]
