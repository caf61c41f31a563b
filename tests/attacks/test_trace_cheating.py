"""What a cheating grower or trader tries with true-looking steps, and what becomes of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine
from sqlmodel import Session, select

from ledger.errors import DaodiError, ManyFaults
from ledger.tables import PendingRow
from tests.trace.season import GROWER, MAKER, VAULT, at, founded, lot, recorder, step, white_peony
from trace.errors import BadField, BadFlow, RuleRefused, StepConflict, TooFewCodes
from trace.parties import PartyNew
from trace.profiles import Kind, Visibility, profile
from trace.service import Recorder, findings, turnover
from trace.steps import StepNew
from trace.story import story_of_lot
from trace.tables import FindingRow, LotRow, StepRow
from trace.vocabulary import NodeType, Stage

OVER = [{"measurand": "二氧化硫", "value": "1762", "unit": "mg/kg"}]
WITHIN = [{"measurand": "二氧化硫", "value": "100", "unit": "mg/kg"}]


class Cheat:
    """Somebody who records steps, each on its own day."""

    def __init__(self, session: Session, by: Recorder) -> None:
        self.session, self.by = session, by

    def does(self, stage: str, day: int, place: str = "PLOT", **rest: object) -> list[str]:
        """Record a step; returns the rules it is flagged by."""
        done = self.by.record_step(self.session, step(stage, day, place, **rest), at(day))
        return [finding.rule.code for finding in done.findings]

    def fails(self, stage: str, day: int, place: str = "PLOT", **rest: object) -> list[str]:
        """Try a step that is refused; returns the rules that refuse it."""
        with pytest.raises((RuleRefused, ManyFaults)) as caught, self.session.begin_nested():
            self.does(stage, day, place, **rest)
        error: DaodiError = caught.value
        return [str(each.parts["rule"]) for each in getattr(error, "faults", (error,))]

    def gathers(self, name: str, grams: int, day: int = 1) -> None:
        self.does("gathering", day, outputs=[lot(name, grams, "白芍")], fields={"area_name": "山里"})

    def dries(self, source: str, name: str, grams: int, day: int = 2) -> None:
        self.does(
            "primary_processing",
            day,
            inputs=[lot(source)],
            outputs=[lot(name, grams)],
            fields={"method": "晒"},
        )

    def tests(self, name: str, day: int, results: list[dict[str, str]], **fields: str) -> list[str]:
        return self.does(
            "test", day, lots=[lot(name)], results=results, fields={"report_number": "1"} | fields
        )

    def quality(self, name: str) -> str:
        return self.session.execute(select(LotRow.quality).where(LotRow.lot_id == name)).scalar_one()


@pytest.fixture
def cheat() -> Iterator[Cheat]:
    with founded("sqlite://") as session:
        yield Cheat(session, recorder())


@pytest.fixture
def failed(cheat: Cheat) -> Cheat:
    """H, 1000 g of it, has eleven times the sulphur dioxide it may have."""
    cheat.gathers("A", 3000)
    cheat.dries("A", "H", 1000)
    cheat.tests("H", 3, OVER)
    assert cheat.quality("H") == "failed"
    return cheat


PACKING = {"packs": 1, "grams_per_pack": 10}


@pytest.mark.parametrize(
    "results",
    [
        [{"measurand": "水分", "value": "9", "unit": "%"}],
        [{"measurand": "性状", "value": "1"}],
        [{"measurand": "二氧化硫", "value": "1762", "unit": "µg/kg"}],
        [{"measurand": "二氧化硫", "value": "1", "unit": ""}],
        [{"measurand": "铅", "value": "1", "unit": "mg/kg"}],
    ],
)
def test_a_retest_of_something_else_does_not_clear_a_failed_lot(
    failed: Cheat, results: list[dict[str, str]]
) -> None:
    failed.tests("H", 4, results)
    failed.tests("H", 4, results, quality_level="first")
    assert failed.quality("H") == "failed"
    assert "quality.failed_before_pack" in failed.fails("pack", 5, inputs=[lot("H")], **PACKING)


def test_a_retest_of_what_failed_clears_the_lot(failed: Cheat) -> None:
    failed.tests("H", 4, WITHIN)
    assert failed.quality("H") == "passed"


def test_a_child_of_a_failed_lot_is_cleared_only_by_a_retest_of_what_failed(failed: Cheat) -> None:
    failed.does("split", 4, inputs=[lot("H")], outputs=[lot("I", 1000)])
    failed.tests("I", 5, [{"measurand": "铅", "value": "1", "unit": "mg/kg"}])
    assert failed.quality("I") == "failed"
    failed.tests("I", 6, WITHIN)
    assert failed.quality("I") == "passed"


def test_a_lot_the_laboratory_failed_needs_the_laboratory_again(cheat: Cheat) -> None:
    cheat.gathers("A", 3000)
    cheat.tests("A", 2, WITHIN, quality_level="failed")
    cheat.tests("A", 3, WITHIN)
    assert cheat.quality("A") == "failed"
    cheat.tests("A", 4, WITHIN, quality_level="second")
    assert cheat.quality("A") == "passed"


def test_a_unit_nobody_can_judge_does_not_pass_a_lot(cheat: Cheat) -> None:
    cheat.gathers("A", 3000)
    cheat.dries("A", "H", 1000)
    cheat.tests("H", 3, [{"measurand": "二氧化硫", "value": "1762", "unit": "ppt"}])
    assert cheat.quality("H") == "untested"
    assert "quality.untested" in cheat.does("pack", 4, inputs=[lot("H")], **PACKING)


def test_a_failed_lot_merged_into_a_good_one_or_sliced_stays_failed(failed: Cheat) -> None:
    failed.gathers("B", 90_000)
    failed.dries("B", "G", 30_000)
    failed.tests("G", 3, WITHIN)
    failed.does("merge", 5, inputs=[lot("G"), lot("H", 10)], outputs=[lot("M", 30_010)])
    failed.does(
        "paozhi", 6, inputs=[lot("H")], outputs=[lot("S", 900)], fields={"method": "切片", "standard": "药典"}
    )
    assert failed.quality("M") == failed.quality("S") == "failed"
    for name in ("M", "S"):
        assert failed.fails("pack", 7, inputs=[lot(name)], **PACKING) == ["quality.failed_before_pack"]


def test_a_split_before_the_test_shows_the_failure_of_the_source(cheat: Cheat) -> None:
    cheat.gathers("A", 3000)
    cheat.dries("A", "H", 1000)
    cheat.does("split", 3, inputs=[lot("H", 900)], outputs=[lot("I", 900)])
    cheat.tests("H", 4, OVER)
    reasons = [reason.rule for reason in story_of_lot(cheat.session, "I").reasons]
    assert reasons == ["quality.failed_since"]


@pytest.mark.parametrize(
    ("stage", "form"),
    [
        ("seed", "slice"),
        ("planting", "herb"),
        ("gathering", "slice"),
        ("harvest", "slice"),
        ("mining", "slice"),
    ],
)
def test_no_origin_stage_makes_ready_slices(cheat: Cheat, stage: str, form: str) -> None:
    new = step(
        stage,
        1,
        inputs=[lot("P")] if stage == "harvest" else [],
        outputs=[lot("S", 100_000, "当归") | {"form": form}],
        fields={
            "seed": {"seed_source": "野生"},
            "planting": {"area_mu": "1"},
            "gathering": {"area_name": "山"},
            "mining": dict.fromkeys(_required(Stage.MINING), "甲"),
        }.get(stage, {}),
    )
    with pytest.raises(BadFlow) as caught:
        cheat.by.record_step(cheat.session, new, at(1))
    assert caught.value.at.field == "outputs/form"


def test_splitting_and_merging_in_circles_makes_no_gram(cheat: Cheat) -> None:
    cheat.gathers("R0", 1000)
    for turn in range(5):
        halves = [lot(f"L{turn}", 501), lot(f"M{turn}", 500)]
        assert cheat.fails("split", 2, inputs=[lot(f"R{turn}")], outputs=halves) == ["balance.created"]
        halves[0]["grams"] = 500
        cheat.does("split", 2, inputs=[lot(f"R{turn}")], outputs=halves)
        parts = [lot(f"L{turn}"), lot(f"M{turn}")]
        assert cheat.fails("merge", 2, inputs=parts, outputs=[lot(f"R{turn + 1}", 1001)]) == [
            "balance.created"
        ]
        cheat.does("merge", 2, inputs=parts, outputs=[lot(f"R{turn + 1}", 1000)])
        gone = lot(f"R{turn}", 1)
        assert cheat.fails("split", 2, inputs=[gone], outputs=[lot("X", 1)]) == ["balance.overdrawn"]


def test_seed_that_was_never_weighed_cannot_be_split_into_weighed_seed(cheat: Cheat) -> None:
    cheat.does("seed", 1, outputs=[lot("SEED", herb="白芍")], fields={"seed_source": "野生"})
    out = [lot("MORE", 10**9)]
    assert cheat.fails("split", 2, inputs=[lot("SEED", 10**9)], outputs=out) == ["balance.created"]


def test_an_oversale_moves_no_price_and_breaks_no_sum(cheat: Cheat) -> None:
    cheat.gathers("A", 10_000)
    cheat.does("sale", 2, lots=[lot("A", 1_000)], fields={"price_fen_per_kg": 3_000})
    for _ in range(11):
        sale = {"lots": [lot("A", 10**12)], "fields": {"price_fen_per_kg": 10**9}}
        assert "balance.oversold" in cheat.does("sale", 2, **sale)
    [summed] = turnover(cheat.session, VAULT, 0, at(3))
    assert (summed.grams, summed.fen, summed.sales) == (1_000, 3_000, 1)


def test_sums_of_the_largest_sales_are_exact(cheat: Cheat) -> None:
    for number in range(12):
        cheat.gathers(f"A{number}", 10**12)
        cheat.does("sale", 2, lots=[lot(f"A{number}", 10**12)], fields={"price_fen_per_kg": 999_999_999})
    [summed] = turnover(cheat.session, VAULT, 0, at(3))
    assert (summed.grams, summed.fen) == (12 * 10**12, 12 * 999_999_999 * 10**9)


@pytest.mark.parametrize(
    "time",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1024-03-05T08:00:00+08:00"],
)
def test_a_time_at_the_ends_of_the_calendar_is_refused_at_the_edge(time: str) -> None:
    sent = step("gathering", 1, outputs=[lot("A", 1, "白芍")]).model_dump(mode="json") | {"time": time}
    with pytest.raises(ValidationError):
        StepNew.model_validate(sent)


@pytest.mark.parametrize(
    "name", ["А-1", "A–1", "Ａ-1", "A\u200b1", "A\u202e1", "A-1\n", "", "甲", "A/1", "../A"]
)
def test_a_look_alike_of_a_lot_id_is_no_lot_id(name: str) -> None:
    with pytest.raises(ValidationError):
        step("gathering", 1, outputs=[lot(name, 1, "白芍")])


@pytest.mark.parametrize("name", ["亳州\u200b饮片厂", "\u202e厂片饮", "亳州\n饮片厂", "亳州\u2028饮片厂"])
def test_a_name_with_unseen_characters_imitates_nobody(cheat: Cheat, name: str) -> None:
    with pytest.raises(ValidationError):
        PartyNew(uscc=GROWER, name=name, node_types=(NodeType.GROWER,), division="341602")
    with pytest.raises(ValidationError):
        step("gathering", 1, outputs=[lot("A", 1, "白芍", name)])
    with pytest.raises(BadField):
        cheat.does("gathering", 1, outputs=[lot("A", 1, "白芍")], fields={"area_name": name})


@pytest.mark.parametrize("value", ["１２０", "١٢٠", "1e3", "-1", "0x1", "1.", "９９.5"])
def test_a_measured_value_is_written_in_plain_digits(value: str) -> None:
    with pytest.raises(ValidationError):
        step("test", 1, lots=[lot("A")], results=[{"measurand": "二氧化硫", "value": value, "unit": "mg/kg"}])


def test_the_same_id_with_another_price_is_a_conflict(cheat: Cheat) -> None:
    cheat.gathers("A", 10_000)
    sale = {"lots": [lot("A", 1_000)], "id": "sale-1"}
    cheat.does("sale", 2, **sale, fields={"price_fen_per_kg": 3_000})
    with pytest.raises(StepConflict) as caught:
        cheat.does("sale", 2, **sale, fields={"price_fen_per_kg": 9_000})
    assert "9000" not in caught.value.message("zh") + str(caught.value.at)


def test_two_packings_at_once_never_share_the_codes_of_a_batch(postgresql_url: str) -> None:
    by = recorder("race")
    with founded(postgresql_url) as session:
        cheat = Cheat(session, by)
        cheat.gathers("A", 10_000)
        cheat.gathers("B", 10_000)
        cheat.dries("A", "HA", 5_000)
        cheat.dries("B", "HB", 5_000)
        batch = by.issue_codes(session, GROWER, 10, at(2))
        session.commit()
        engine = create_engine(postgresql_url)

        def packs(name: str) -> tuple[str, ...]:
            with Session(engine) as own:
                new = step("pack", 3, inputs=[lot(name)], packs=6, grams_per_pack=10, batch=batch.batch_id)
                try:
                    codes = recorder(name).record_step(own, new, at(3)).codes
                except TooFewCodes:
                    return ()
                own.commit()
                return codes

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(packs, ["HA", "HB"])
        engine.dispose()
    assert sorted([len(first), len(second)]) == [0, 6]


def _required(stage: Stage) -> list[str]:
    return [field.name for field in profile(stage).fields if field.required]


_CANARY_OF = {Kind.PRICE: 777_123_457, Kind.MONEY: 777_123_457, Kind.POSITION: "33.7771234,115.7771234"}


def _canaries(new: StepNew) -> StepNew:
    """The same step with every private field of its stage filled."""
    hidden = {
        field.name: _CANARY_OF.get(field.kind, f"金丝雀{field.name}")
        for field in profile(new.stage).fields
        if field.visibility is not Visibility.PUBLIC
    }
    return new.model_copy(update={"fields": {**new.fields, **hidden}})


def test_no_private_value_of_any_stage_leaves_its_disclosure(cheat: Cheat) -> None:
    for new, recorded_ms in white_peony():
        cheat.by.record_step(cheat.session, _canaries(new), recorded_ms)
    shown = [repr(story_of_lot(cheat.session, "YP-1")), repr(findings(cheat.session))]
    shown += [repr(row) for row in cheat.session.execute(select(StepRow)).scalars()]
    shown += [repr(row) for row in cheat.session.execute(select(FindingRow)).scalars()]
    shown += [row.leaf.decode() for row in cheat.session.execute(select(PendingRow)).scalars()]
    assert len(shown) > 30
    for canary in ("金丝雀", "\\u91d1", "777123457", "7771234"):
        assert not [text for text in shown if canary in text]


def test_a_refused_private_value_is_not_repeated(cheat: Cheat) -> None:
    cheat.gathers("A", 10)
    for name, value in (
        ("price_fen_per_kg", "七七七"),
        ("customer", "金丝雀" * 200),
        ("invoice", "金\n金丝雀"),
    ):
        with pytest.raises(DaodiError) as caught:
            cheat.does("sale", 2, lots=[lot("A", 1)], fields={name: value})
        said = caught.value.message("zh") + caught.value.message("en") + str(caught.value.at)
        assert "金丝雀" not in said
        assert "七七七" not in said


def test_a_receiver_takes_no_more_than_was_sent_and_only_once(cheat: Cheat) -> None:
    cheat.gathers("A", 1000)
    cheat.does("ship", 2, lots=[lot("A")], counterparty=MAKER)
    assert cheat.fails("receive", 3, "WORKS", lots=[lot("A", 1001)]) == ["receipt.4"]
    cheat.does("receive", 3, "WORKS", lots=[lot("A", 990)])
    assert cheat.fails("receive", 3, "WORKS", lots=[lot("A", 990)]) == ["receipt.2"]
