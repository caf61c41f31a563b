"""A story tells the whole way, nothing private, and never more than the record can bear out."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from sqlmodel import Session

from trace.coding.trace_code import decode, grouped
from trace.errors import ForgedCode, MalformedCode, UnknownCode, UnknownLot
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan
from trace.service import Recorder
from trace.story import Story, Verdict, story, story_of_lot
from trace.vocabulary import Form, Stage

from .holding import hold, lifted
from .season import GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step, white_peony

CANARIES = ("13800138000", "张三丰", "李四光", "王五", "皖S12345", "赵六", "钱七", "12345")


@dataclass
class Told:
    session: Session
    by: Recorder
    codes: tuple[str, ...]

    def story(self, code: str | None = None) -> Story:
        return story(self.session, code or self.codes[0], self.by.code_keys)

    def scan(self, cities: list[str | None], devices: list[str]) -> None:
        pairs = [(city, device) for city in cities for device in devices]
        scans = [
            Scan(
                serial=decode(self.codes[0], self.by.code_keys),
                at_ms=at(920) + n,
                city=c,
                device=d,
                network=d,
            )
            for n, (c, d) in enumerate(pairs)
        ]
        add_scans(self.session, scans)


@pytest.fixture
def told() -> Iterator[Told]:
    with founded("sqlite://") as session:
        yield recorded(session)


def recorded(session: Session) -> Told:
    by = recorder()
    answers = [by.record_step(session, new, recorded_ms) for new, recorded_ms in white_peony()]
    return Told(session, by, tuple(code for answer in answers for code in answer.codes))


def test_a_pack_tells_its_way_from_seed_to_sale(database_url: str) -> None:
    with founded(database_url) as session:
        found = recorded(session).story()
        assert [(each.stage, each.lot) for each in found.steps] == [
            (Stage.SEED, "BS-SEED"),
            (Stage.PLANTING, "BS-PLANT"),
            (Stage.FIELD_WORK, "BS-PLANT"),
            (Stage.HARVEST, "BS-FRESH"),
            (Stage.PRIMARY_PROCESSING, "BS-HERB"),
            (Stage.TEST, "BS-HERB"),
            (Stage.SPLIT, "BS-A"),
            (Stage.MERGE, "BS-M"),
            (Stage.SHIP, "BS-M"),
            (Stage.RECEIVE, "BS-M"),
            (Stage.PAOZHI, "YP-1"),
            (Stage.PACK, "YP-1"),
            (Stage.SHIP, "YP-1"),
            (Stage.RECEIVE, "YP-1"),
            (Stage.SALE, "YP-1"),
        ]
        assert (found.verdict, found.herb, found.form, found.pack_grams) == (
            Verdict.MATCHES,
            "白芍",
            Form.SLICE,
            500,
        )
        assert [origin.division_name for origin in found.origins] == ["安徽省亳州市谯城区"]
        assert (found.completeness.missing, found.reasons, found.findings) == ((), (), ())
        assert found.statements == tuple(each.statement_id for each in found.steps)
        assert found.packed_ms == found.steps[11].event_ms
        receipt = found.steps[9]
        assert (receipt.party, receipt.counterparty) == (MAKER, GROWER)
        assert receipt.counterparty_name == "谯城白芍种植合作社"
        assert receipt.lots[0].grams == 600_000
        assert found.steps[-1].party == PHARMACY


def test_fields_are_ready_to_show_in_both_languages(told: Told) -> None:
    planting, work = told.story().steps[1:3]
    assert [(each.zh, each.shown("zh"), each.shown("en")) for each in planting.fields] == [
        ("种植面积", "12.5 亩", "12.5 mu")
    ]
    assert (work.fields[0].label("en"), work.fields[0].shown("en")) == ("kind of work", "weeding")


def test_a_test_is_shown_with_its_limit(told: Told) -> None:
    # 白芍 is one of the ten herbs with 400 mg/kg (domain.md 1.3).
    (tested,) = told.story().tests
    assert (tested.measurand_zh, tested.value, tested.limit, tested.within) == (
        "二氧化硫残留量",
        "120.5",
        "≤ 400 mg/kg",
        True,
    )
    assert tested.measurand_en == "sulphur dioxide residue"
    assert not tested.limit_recalled


def test_no_private_value_can_reach_a_story(told: Told) -> None:
    shown = repr(told.story()) + repr(story_of_lot(told.session, "BS-HERB"))
    assert [canary for canary in CANARIES if canary in shown] == []


def test_a_story_needs_a_handful_of_queries_however_long_the_way(told: Told) -> None:
    count = [0]
    event.listen(
        told.session.get_bind(), "before_cursor_execute", lambda *_: count.__setitem__(0, count[0] + 1)
    )
    told.story()
    assert count[0] <= 10


def test_a_code_is_read_however_it_is_printed(told: Told) -> None:
    assert told.story(grouped(told.codes[3]).lower()).code == told.codes[3]


def test_guesses_die_before_any_query(told: Told) -> None:
    told.session.close()
    wrong = ("Z" if told.codes[0][-1] != "Z" else "Y").join([told.codes[0][:-1], ""])
    with pytest.raises(MalformedCode):
        told.story(wrong)
    with pytest.raises(ForgedCode):
        story(told.session, told.codes[0], type(told.by.code_keys).from_secrets([b"other" + bytes(27)]))


def test_a_code_that_was_never_issued_is_unknown(told: Told) -> None:
    from trace.coding.trace_code import encode

    with pytest.raises(UnknownCode):
        told.story(encode(10**9, told.by.code_keys))


def test_an_issued_code_is_not_activated_before_it_is_on_a_pack(told: Told) -> None:
    batch = told.by.issue_codes(told.session, MAKER, 2, at(1))
    found = told.story(told.by.issuer.codes(batch)[0])
    assert (found.verdict, found.lot, found.steps, found.statements) == (Verdict.NOT_ACTIVATED, None, (), ())
    hold(told.session, told.by, "code", told.by.issuer.codes(batch)[0], "印刷丢失", at(2))
    assert told.story(told.by.issuer.codes(batch)[0]).verdict is Verdict.FROZEN


@pytest.mark.parametrize(
    ("cities", "devices", "verdict"),
    [
        (["341600", "110100"], ["a", "b"], Verdict.MATCHES),
        (["341600", "110100", "440100"], ["a"], Verdict.DOUBTFUL),
        (["341600"], ["a", "b", "c", "d"], Verdict.MATCHES),
        ([None], ["a", "b", "c", "d", "e"], Verdict.DOUBTFUL),
    ],
)
def test_a_label_seen_in_too_many_places_is_doubtful(
    told: Told, cities: list[str | None], devices: list[str], verdict: Verdict
) -> None:
    told.scan(cities, devices)
    found = told.story()
    assert found.verdict is verdict
    assert found.scans.count == len(cities) * len(devices)
    assert found.scans.first_ms == at(920)
    assert [reason.rule for reason in found.reasons] == (
        ["scan.copied"] if verdict is Verdict.DOUBTFUL else []
    )
    assert told.story(told.codes[1]).verdict is Verdict.MATCHES


@pytest.mark.parametrize(("kind", "target"), [("lot", "BS-FRESH"), ("lot", "YP-1"), ("code", None)])
def test_a_hold_anywhere_on_the_way_shows_with_its_reason(told: Told, kind: str, target: str | None) -> None:
    placed = hold(told.session, told.by, kind, target or told.codes[0], "农残超标", at(920))
    found = told.story()
    assert found.verdict is Verdict.FROZEN
    assert "农残超标" in found.reasons[0].zh
    lifted(told.session, told.by, placed, at(921))
    assert told.story().verdict is Verdict.MATCHES


def test_an_oversold_lot_makes_its_packs_doubtful(told: Told) -> None:
    told.by.record_step(told.session, step("sale", 920, "COUNTER", lots=[lot("YP-1", 600_000)]), at(920))
    found = told.story()
    assert found.verdict is Verdict.DOUBTFUL
    assert [reason.rule for reason in found.reasons] == ["balance.oversold"]


def test_a_test_that_fails_after_the_packing_makes_the_pack_doubtful(told: Told) -> None:
    failed = step(
        "test", 913, lots=[lot("BS-HERB")], fields={"report_number": "2"},
        results=[{"measurand": "二氧化硫", "value": "1762", "unit": "mg/kg"}],
    )  # fmt: skip
    told.by.record_step(told.session, failed, at(930))
    found = told.story()
    assert (found.verdict, found.reasons[0].rule, found.reasons[0].lot) == (
        Verdict.DOUBTFUL,
        "quality.failed_since",
        "BS-HERB",
    )


def test_what_happened_to_the_rest_of_a_lot_is_not_told(told: Told) -> None:
    told.by.record_step(told.session, step("sale", 920, lots=[lot("BS-B", 1000)]), at(920))
    told.by.record_step(
        told.session, step("split", 921, inputs=[lot("BS-B")], outputs=[lot("Z", 9)]), at(921)
    )
    assert len(told.story().steps) == 15
    assert "Z" not in {each.lot for each in told.story().lots}


def test_only_the_packing_of_this_code_is_told(told: Told) -> None:
    new = step("pack", 920, "COUNTER", inputs=[lot("YP-1")], packs=1, grams_per_pack=250)
    other = told.by.record_step(told.session, new, at(920))
    assert [each.stage for each in told.story().steps].count(Stage.PACK) == 1
    assert told.story(other.codes[0]).pack_grams == 250
    assert [each.stage for each in story_of_lot(told.session, "YP-1").steps].count(Stage.PACK) == 2


def test_the_revision_changes_with_the_story_and_not_with_the_scans(told: Told) -> None:
    before = told.story().revision
    told.scan(["341600"], ["a"])
    assert told.story().revision == before
    told.by.record_step(told.session, step("sale", 920, "COUNTER", lots=[lot("YP-1", 5)]), at(920))
    assert told.story().revision != before


def test_a_lot_has_a_story_but_no_verdict(told: Told) -> None:
    found = story_of_lot(told.session, "BS-HERB")
    assert (found.verdict, found.code, found.lot) == (None, None, "BS-HERB")
    assert found.steps[-1].stage is Stage.TEST
    with pytest.raises(UnknownLot):
        story_of_lot(told.session, "NONE")


def test_a_step_told_of_late_or_from_before_its_party_was_here_is_marked_so(told: Told) -> None:
    assert [each.stage for each in told.story().steps if each.recorded_late] == []
    old = step("opening", -400, "WORKS", outputs=[lot("OLD", 10, "白芍")])
    prompt = step("opening", 960, "WORKS", outputs=[lot("NEW", 10, "白芍")])
    for new in (old, prompt):
        told.by.record_step(told.session, new, at(960))
    marks = {name: story_of_lot(told.session, name).steps[0].recorded_late for name in ("OLD", "NEW")}
    assert marks == {"OLD": True, "NEW": False}


def test_the_story_counts_the_information_groups_its_public_fields_show(told: Told) -> None:
    found = told.story().completeness
    missing = {group.key for group in found.groups if group.state == "missing"}
    # The season of these tests names no material in its field work and no storage.
    assert missing == {"inputs", "storage"}
    assert (found.groups_due, found.groups_present) == (16, 14)
