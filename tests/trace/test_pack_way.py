"""The way of one pack is its own: what other packs of its lot went through is not on it."""

import pytest
from sqlmodel import Session

from trace.coding.code_words import Level
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.service import RecordedStep
from trace.story import Verdict, story, story_of_lot
from trace.vocabulary import Stage

from .season import GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step

GONE = {"reason": "expired", "method": "焚毁"}


class Packs:
    """Twenty packs of the maker's lot S, and what is done with each by its code."""

    def __init__(self, session: Session) -> None:
        self.session, self.by, self.minute = session, recorder(), 0
        self.lot_step("opening", "WORKS", outputs=[lot("S", 100_000, "白芍") | {"form": "slice"}])
        self.codes = self.lot_step("pack", "WORKS", inputs=[lot("S")], packs=20, grams_per_pack=500).codes

    def lot_step(self, stage: str, place: str, **rest: object) -> RecordedStep:
        self.minute += 1
        return self.by.record_step(self.session, step(stage, 3, place, minute=self.minute, **rest), at(4))

    def do(self, stage: str, packs: list[int], place: str = "WORKS", **rest: object) -> RecordedStep:
        return self.lot_step(stage, place, codes=[self.codes[each] for each in packs], **rest)

    def issued(self, level: Level) -> str:
        batch = self.by.issue_codes(self.session, MAKER, 1, at(1), level)
        return self.by.issuer.codes(batch)[0]

    def stages(self, code: str) -> list[str]:
        """The stages of its way after the packing."""
        told = [each.stage.value for each in story(self.session, code, self.by.code_keys).steps]
        return told[told.index("pack") + 1 :]


def test_a_pack_does_not_tell_what_other_packs_of_its_lot_went_through(database_url: str) -> None:
    with founded(database_url) as session:
        packs = Packs(session)
        packs.do("ship", [0, 1, 2], counterparty=PHARMACY)
        packs.do("receive", [0, 1, 2], "COUNTER")
        packs.do("sale", [0], "COUNTER")
        packs.do("destroy", [5], fields=GONE)
        assert packs.stages(packs.codes[9]) == []
        assert packs.stages(packs.codes[0]) == ["ship", "receive", "sale"]
        assert packs.stages(packs.codes[1]) == ["ship", "receive"]
        assert packs.stages(packs.codes[5]) == ["destroy"]
        assert "destroy" in [each.stage.value for each in story_of_lot(session, "S").steps]


def test_what_is_done_with_a_box_is_on_the_way_of_what_stands_in_it_then() -> None:
    with founded("sqlite://") as session:
        packs = Packs(session)
        box, bag = packs.issued(Level.BOX), packs.issued(Level.BAG)
        packs.do("nest", [0, 1], container=box)
        packs.do("nest", [2], container=box)
        packs.lot_step("nest", "WORKS", codes=[box], container=bag)
        packs.lot_step("ship", "WORKS", codes=[bag], counterparty=PHARMACY)
        packs.lot_step("receive", "COUNTER", codes=[bag])
        packs.do("unnest", [0], "COUNTER", container=box)
        packs.lot_step("return", "COUNTER", codes=[bag], counterparty=MAKER, fields={"reason": "expiry"})
        assert packs.stages(packs.codes[0]) == ["nest", "nest", "ship", "receive", "unnest"]
        assert packs.stages(packs.codes[1]) == ["nest", "nest", "ship", "receive", "return"]
        assert packs.stages(packs.codes[2]) == ["nest", "nest", "ship", "receive", "return"]
        assert packs.stages(packs.codes[3]) == []
        told = [each.stage.value for each in story(session, box, packs.by.code_keys).steps]
        assert told[1:] == ["pack", "nest", "nest", "nest", "ship", "receive", "unnest", "return"]


def test_what_its_lot_goes_through_after_a_pack_left_is_none_of_its_way_but_a_test_is() -> None:
    with founded("sqlite://") as session:
        packs = Packs(session)
        packs.lot_step("storage", "WORKS", lots=[lot("S")], fields={"care": "airing"})
        packs.do("ship", [0], counterparty=PHARMACY)
        packs.do("receive", [0], "COUNTER")
        packs.lot_step("ship", "WORKS", lots=[lot("S")], counterparty=GROWER)
        packs.lot_step("receive", "PLOT", lots=[lot("S")])
        results = [{"measurand": "二氧化硫残留量", "value": "20", "unit": "mg/kg"}]
        packs.lot_step("test", "PLOT", lots=[lot("S")], fields={"report_number": "BG-9"}, results=results)
        assert packs.stages(packs.codes[0]) == ["storage", "ship", "receive", "test"]
        assert packs.stages(packs.codes[1]) == ["storage", "ship", "receive", "test"]
        parties = [each.party for each in story(session, packs.codes[1], packs.by.code_keys).steps[3:5]]
        assert parties == [MAKER, GROWER]


@pytest.mark.parametrize(
    ("voided", "missing"), [("gathering", Stage.PLANTING), ("primary_processing", Stage.PRIMARY_PROCESSING)]
)
def test_a_pack_whose_origin_never_happened_is_doubtful(voided: str, missing: Stage) -> None:
    """Without any origin on record a way misses those of a sown lot."""
    with founded("sqlite://") as session:
        by = recorder()

        def do(stage: str, day: int, place: str = "PLOT", **rest: object) -> RecordedStep:
            return by.record_step(session, step(stage, day, place, **rest), at(50))

        done = {
            "gathering": do("gathering", 5, outputs=[lot("G", 100_000, "白芍")], fields={"area_name": "山"}),
            "primary_processing": do(
                "primary_processing",
                6,
                inputs=[lot("G")],
                outputs=[lot("H", 40_000)],
                fields={"method": "晒干"},
            ),
        }
        do("ship", 8, lots=[lot("H")], counterparty=MAKER)
        do("receive", 9, "WORKS", lots=[lot("H")])
        do("paozhi", 10, "WORKS", inputs=[lot("H")], outputs=[lot("S", 30_000)],
           fields={"method": "切片", "standard": "中国药典2020年版"})  # fmt: skip
        code = do("pack", 11, "WORKS", inputs=[lot("S")], packs=30, grams_per_pack=500).codes[0]
        assert story(session, code, by.code_keys).verdict is Verdict.MATCHES
        Corrector(recorder=by, by=GROWER).correct(
            session, done[voided].step_id, CorrectionNew(reason=Reason.DID_NOT_OCCUR), at(51)
        )
        told = story(session, code, by.code_keys)
        assert told.verdict is Verdict.DOUBTFUL
        assert {each.rule for each in told.reasons} >= {"correction.unmade", "correction.order"}
        unmade = next(each for each in told.reasons if each.rule == "correction.unmade")
        assert unmade.lot == {"gathering": "G", "primary_processing": "H"}[voided]
        assert missing in told.completeness.missing
