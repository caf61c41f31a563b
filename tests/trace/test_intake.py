"""A step of the wrong shape is refused with what its stage takes, before anything is looked up."""

import pytest
from pydantic import BaseModel, ValidationError

from ledger.errors import ManyFaults
from trace.errors import BadFlow, BadIdentifier, UnknownHerb
from trace.intake import read_step
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.steps import LotAmount, StepNew, TestResultNew

from .season import GROWER, MAKER, Stream, lot, step


@pytest.mark.parametrize(
    ("new", "word"),
    [
        (step("harvest", 1, inputs=[lot("P")], outputs=[lot("F")]), "缺重量"),
        (step("gathering", 1, outputs=[lot("F", 5)], fields={"area_name": "大别山"}), "缺药材名"),
        (step("split", 1, inputs=[lot("A"), lot("B")], outputs=[lot("C", 5)]), "至多 1 个"),
        (step("merge", 1, inputs=[lot("A")], outputs=[lot("C", 5)]), "至少 2 个"),
        (step("split", 1, inputs=[lot("A")], outputs=[lot("A", 5)]), "不止一次"),
        (step("ship", 1, lots=[lot("A")]), "缺对方主体"),
        (step("ship", 1, lots=[lot("A")], counterparty=GROWER), "不能是自己"),
        (step("harvest", 1, inputs=[lot("P")], outputs=[lot("F", 5)], counterparty=MAKER), "不应填对方主体"),
        (step("pack", 1, inputs=[lot("A")], packs=3), "缺包数或每包克数"),
        (step("pack", 1, inputs=[lot("A", 31)], packs=3, grams_per_pack=10), "不符"),
        (step("merge", 1, inputs=[lot("A"), lot("B")], outputs=[lot("C", 5)], packs=3), "不应填包数"),
        (step("test", 1, lots=[lot("A")], fields={"report_number": "1"}), "缺检验结果"),
        (step("sale", 1, lots=[lot("A")]), "缺重量"),
        (
            step(
                "ship", 1, lots=[lot("A")], counterparty=MAKER, results=[{"measurand": "水分", "value": "1"}]
            ),
            "不应填检验结果",
        ),
    ],
)
def test_lots_named_in_a_way_the_stage_cannot_are_refused(new: StepNew, word: str) -> None:
    with pytest.raises(BadFlow) as caught:
        read_step(new, Stream())
    assert word in caught.value.message("zh")
    assert caught.value.remedy("en")


def test_an_unknown_herb_and_a_wrong_credit_code_are_named() -> None:
    new = step("seed", 1, outputs=[lot("S", herb="白勺")], fields={"seed_source": "自购"})
    with pytest.raises(UnknownHerb) as caught:
        read_step(new, Stream())
    assert "白芍" in caught.value.remedy("zh")
    wrong = new.model_copy(update={"party": GROWER[:-1] + ("0" if GROWER[-1] != "0" else "1")})
    with pytest.raises(ManyFaults) as many:
        read_step(wrong, Stream())
    assert {type(fault) for fault in many.value.faults} == {UnknownHerb, BadIdentifier}


@pytest.mark.parametrize(
    "bad",
    [
        {"time": "2026-03-05T08:00:00"},
        {"time": "2026-03-05T08:00:00+15:00"},
        {"outputs": [{"lot": "批次一"}]},
        {"outputs": [{"lot": "A", "grams": 1.5}]},
        {"outputs": [{"lot": "A", "grams": 0}]},
        {"outputs": [{"lot": "A", "grams": 10**13}]},
        {"colour": "red"},
        {"packs": 0},
        {"stage": "dreaming"},
        {"results": [{"measurand": "水分", "value": "NaN"}]},
    ],
)
def test_a_malformed_member_is_refused_at_the_edge(bad: dict[str, object]) -> None:
    good = {"stage": "seed", "party": GROWER, "place": "PLOT", "time": "2026-03-05T08:00:00+08:00"}
    StepNew.model_validate(good)
    with pytest.raises(ValidationError):
        StepNew.model_validate(good | bad)


def test_a_party_s_own_id_gives_one_step_id_and_another_party_s_gives_another() -> None:
    new = step("field_work", 1, lots=[lot("P")], fields={"work": "除草"}, id="7")
    assert read_step(new, Stream("a")).step_id == read_step(new, Stream("b")).step_id
    other = new.model_copy(update={"party": MAKER})
    assert read_step(new, Stream()).step_id != read_step(other, Stream()).step_id


@pytest.mark.parametrize("model", [StepNew, LotAmount, TestResultNew, PartyNew, PlaceNew])
def test_every_member_that_is_sent_is_described(model: type[BaseModel]) -> None:
    members = model.model_json_schema()["properties"]
    assert [name for name, member in members.items() if not member.get("description")] == []
