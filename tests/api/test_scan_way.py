"""The way on the scan page: a strip of places and times, long ways told shortly, firms and licences."""

import dataclasses
import re

import pytest

from api.web.way_entries import MOST_STEPS, entry_numbers, way_entries
from api.web.way_strip import MOST_ROWS, number_words, way_strip
from api.web.words import words_in
from tests.api.test_pages_scan import LATE, PLOT, SULPHUR, draw, example, step, text
from trace.registers.register_words import LicenceKind
from trace.story_parts import (
    Story,
    StoryAmount,
    StoryCorrection,
    StoryEdge,
    StoryFinding,
    StoryLicence,
    Verdict,
)
from trace.vocabulary import Stage

GROWER = "91341600MA2N0T3E5X"
HALF_2024, END_2024 = 1_719_763_200_000, 1_735_660_800_000
"""2024-07-01 and 2025-01-01 at midnight in Beijing."""
RECALL = StoryFinding(
    rule="recall.open",
    lot=None,
    zh="召回（一级）：农药残留超标",
    en="recalled (class I): 农药残留超标",
    remedy_zh="请立即停止销售和使用。",
    remedy_en="stop selling and using it.",
    found_ms=None,
    recall="0f0f0f0f-0000-4000-8000-000000000001",
)


def licence(number: int, **parts: object) -> StoryLicence:
    given: dict[str, object] = {
        "party": GROWER,
        "kind": LicenceKind.GAP,
        "number": f"皖GAP-{number:04}",
        "issuer": "安徽省药监局",
        "valid_from_ms": HALF_2024,
        "valid_until_ms": END_2024,
        "withdrawn_ms": None,
        "statement_id": f"party.licensed-{number}",
        "held": ("s0", "s1", "s2", "s4"),
        "lapsed": ("s3",),
    }
    return StoryLicence(**{**given, **parts})  # type: ignore[arg-type]


def merged(growers: int, *, long_names: bool = False) -> Story:
    """A way on which many growers did the same six things, each at a place of its own."""
    name = "国家级中药材良种繁育与规范化种植示范基地联合专业合作社" if long_names else "户"
    steps = [
        step(
            0,
            stage,
            step_id=f"{stage.value}-{grower}",
            event_ms=1_693_780_200_000 + nth * 86_400_000 * 30 + grower * 3_600_000,
            statement_id=f"urn:uuid:00000000-0000-4000-8000-{nth:06d}{grower:06d}",
            party=f"P{grower}",
            party_name=f"第{grower}{name}",
            place=dataclasses.replace(PLOT, place_id=f"PLOT-{grower}", name=f"{grower}号{name}"),
            inputs=(StoryAmount(lot=f"HU-{grower:02}", grams=21_237),),
            findings=(LATE,),
            tests=(dataclasses.replace(SULPHUR, step_id=f"{stage.value}-{grower}", lot=f"HU-{grower:02}"),)
            if stage is Stage.TEST
            else (),
        )
        for nth, stage in enumerate(
            (Stage.PLANTING, Stage.HARVEST, Stage.PRIMARY_PROCESSING, Stage.TEST, Stage.PURCHASE, Stage.SHIP)
        )
        for grower in range(growers)
    ]
    lots = list(example().lots)
    lots += [dataclasses.replace(lots[1], lot=f"HU-{grower:02}") for grower in range(growers)]
    last = step(0, Stage.PACK, step_id="pack", event_ms=1_793_780_200_000)
    whole = (*steps, last)
    return example(
        steps=whole,
        lots=tuple(lots),
        tests=tuple(test for each in whole for test in each.tests),
        findings=(LATE,) * len(steps),
        edges=tuple(
            StoryEdge(step_id="pack", source=each.lot, target="BS-24-0002", grams_in=21_237, grams_out=21_237)
            for each in lots[2:]
        ),
        statements=tuple(each.statement_id for each in whole),
        licences=tuple(licence(grower, party=f"P{grower}", held=(), lapsed=()) for grower in range(growers)),
    )


def test_few_steps_are_told_one_by_one() -> None:
    steps = merged(6).steps[:MOST_STEPS]
    assert len(steps) == MOST_STEPS
    assert [entry.steps for entry in way_entries(steps)] == [(each,) for each in steps]


def test_many_like_steps_are_told_as_one_that_names_every_statement() -> None:
    story = merged(25)
    entries = way_entries(story.steps)
    assert [len(entry.steps) for entry in entries] == [25] * 6 + [1]
    page = draw(story)
    named = [name for told in re.findall(r'data-steps="([^"]+)"', page) for name in told.split()]
    assert sorted(named) == sorted(each.removeprefix("urn:uuid:") for each in story.statements[:-1])
    assert "采收 × 25" in page
    assert "第0户</bdi>、<bdi>第1户" in page
    assert "等 25 处" in page


def test_a_corrected_step_is_never_told_with_others() -> None:
    wrong = StoryCorrection(
        reason_zh="数据有误", reason_en="wrong", declared_ms=1, corrective=None, statement_id="c"
    )
    steps = list(merged(25).steps)
    steps[30] = dataclasses.replace(steps[30], corrected=wrong)
    entries = way_entries(steps)
    assert (steps[30],) in [entry.steps for entry in entries]
    assert [len(entry.steps) for entry in entries] == [25, 24, 1, 25, 25, 25, 25, 1]


@pytest.mark.parametrize(("growers", "language"), [(5, "en"), (25, "en"), (25, "zh"), (60, "en")])
def test_a_way_of_many_growers_with_long_names_keeps_the_budget(growers: int, language: str) -> None:
    page = draw(merged(growers, long_names=True), language)  # type: ignore[arg-type]
    assert len(page.encode()) < 40_000


def test_many_lots_are_left_to_the_page_of_the_lot() -> None:
    assert '<svg class="lineage"' not in draw(merged(25))
    assert 'href="/lots/BS-24-0002">这包药材由 27 个批次做成' in draw(merged(25))


def test_results_that_are_not_listed_are_counted_and_none_over_a_limit_is_left_out() -> None:
    story = merged(40)
    over = dataclasses.replace(story.tests[39], within=False)
    page = draw(dataclasses.replace(story, tests=(*story.tests[:39], over)))
    assert 'data-left="24"' in page
    assert page.count("data-result=") == 16
    assert "超标</td>" in page


def test_the_strip_has_a_row_for_each_place_and_numbers_as_the_list_has_them() -> None:
    moved = dataclasses.replace(PLOT, place_id="WORKS", name="饮片车间")
    steps = (*example().steps[:3], *(dataclasses.replace(each, place=moved) for each in example().steps[3:]))
    page = draw(example(steps=steps))
    strip = page.split('<svg class="strip"')[1].split("</section>")[0]
    assert re.findall(r'class="over name"[^>]*>([^<]+)<', strip) == ["产地 · 十九里镇七号地块", "饮片车间"]
    assert re.findall(r'class="number"[^>]*>([^<]+)<', strip) == ["1", "2", "3", "4", "5"]
    rows = re.findall(r"<tr><td>(.*?)<br>(.*?)</td><td[^>]*>(.*?)</td><td>(.*?)</td>", strip)
    assert rows[3] == ("饮片车间", "安徽省亳州市谯城区", "4", "2023年12月3日")


def test_steps_too_close_to_tell_apart_share_a_mark() -> None:
    hour = 3_600_000
    steps = tuple(
        dataclasses.replace(
            each, event_ms=1_693_780_200_000 + (0 if at == 0 else 365 * 24 * hour + at * hour)
        )
        for at, each in enumerate(example().steps)
    )
    found = way_strip(example(steps=steps), entry_numbers(way_entries(steps)), words_in("zh"))
    assert found is not None
    assert [line.numbers for line in found.lines] == ["1", "2–5"]


def test_a_wrong_step_is_not_on_the_strip() -> None:
    wrong = StoryCorrection(
        reason_zh="数据有误", reason_en="wrong", declared_ms=1, corrective=None, statement_id="c"
    )
    first, *others = example().steps
    steps = (dataclasses.replace(first, corrected=wrong), *others)
    found = way_strip(example(steps=steps), entry_numbers(way_entries(steps)), words_in("en"))
    assert found is not None
    assert [line.numbers for line in found.lines] == ["2", "3", "4", "5"]


def test_a_single_step_and_no_step_at_all_have_their_strip() -> None:
    one = example().steps[:1]
    found = way_strip(example(steps=one), {"s0": 1}, words_in("en"))
    assert found is not None
    assert [(line.first, line.last) for line in found.lines] == [("4 September 2023",) * 2]
    assert way_strip(example(steps=()), {}, words_in("zh")) is None


def test_more_places_than_rows_are_drawn_by_county() -> None:
    story = merged(MOST_ROWS + 1)
    found = way_strip(story, entry_numbers(way_entries(story.steps)), words_in("zh"))
    assert found is not None
    assert {(line.place, line.where) for line in found.lines} == {("产地", "安徽省亳州市谯城区")}


def test_numbers_of_steps_that_do_not_follow_each_other_are_told_apart_from_a_run() -> None:
    assert (number_words([1, 2, 3]), number_words([1, 3])) == ("1–3", "1…3")


def test_a_licence_is_shown_as_registered_and_on_the_day_of_which_steps_it_held() -> None:
    page = text(draw(example(licences=(licence(1),))))
    assert "中药材GAP · 证号 皖GAP-0001安徽省药监局 · 2024-07-01 至 2024-12-31✓ 第 1–3、5 步当日有效" in page
    assert "第 4 步当日没有有效的中药材GAP。" in page


def test_a_second_licence_of_the_kind_fills_the_gap_of_the_first() -> None:
    second = licence(2, held=("s3",), lapsed=("s0", "s1", "s2", "s4"), valid_until_ms=None)
    page = text(draw(example(licences=(licence(1), second)), "en"))
    assert "Held on the day of steps: 4" in page
    assert "no last day registered" in page
    assert "no licence of this kind held" not in page


def test_a_withdrawn_licence_says_since_when_and_one_never_valid_says_so() -> None:
    never = licence(3, held=(), lapsed=("s0",), withdrawn_ms=HALF_2024)
    page = text(draw(example(licences=(never,))))
    assert "；2024-07-01 起已撤销" in page
    assert "✗ 各步当日都不在有效期内" in page


def test_firms_without_a_licence_are_named_as_such() -> None:
    assert "没有登记证照的：亳州市谯城区芍花种植专业合作社" in text(draw(example()))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_recall_is_told_once_on_top_with_its_notice(language: str) -> None:
    story = example(reasons=(RECALL,))
    page = draw(story, language)  # type: ignore[arg-type]
    assert page.index('class="banner"') < page.index("<h1>")
    assert f'href="/recalls/{RECALL.recall}"' in page
    assert page.count("农药残留超标") == 1


def test_a_recalled_pack_is_told_so_by_its_verdict_in_sentences_that_begin_like_sentences() -> None:
    story = example(verdict=Verdict.FROZEN, reasons=(RECALL,))
    chinese, english = text(draw(story)), text(draw(story, "en"))
    assert "相关批次正在召回，已被冻结" in chinese
    assert "its lot is being recalled and is frozen" in english
    assert "Recalled (class I): 农药残留超标 Stop selling and using it." in english
    assert "正在召回" not in text(draw(dataclasses.replace(story, reasons=())))


def test_a_lot_is_named_beside_a_reason_only_where_its_words_do_not() -> None:
    failed = StoryFinding(
        rule="quality.failed_since",
        lot="BS-24-0001",
        zh="批次 BS-24-0001 最近一次检验不合格",
        en="the latest test of lot BS-24-0001 failed",
        remedy_zh="请勿使用",
        remedy_en="do not use it",
        found_ms=None,
    )
    unnamed = dataclasses.replace(failed, zh="最近一次检验不合格")
    told, beside = (
        draw(example(reasons=(each,), findings=())).split('<ul class="notes">')[1].split("</ul>")[0]
        for each in (failed, unnamed)
    )
    assert told.count("BS-24-0001") == beside.count("BS-24-0001") == 1
