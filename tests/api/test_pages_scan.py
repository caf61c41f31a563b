"""The scan page says what the story holds, and nothing more, in both languages."""

import dataclasses
import re

import pytest

from api.languages import HTML_LANG, LANGUAGES
from api.web.scan import LogState, scan_parts
from api.web.site import Reader, environment, frame_parts
from api.web.words import words_in
from ledger.errors import Language
from trace.completeness import Completeness
from trace.herbs import all_herbs
from trace.scanning.scans import NEVER, ScanState
from trace.story import (
    Story,
    StoryAmount,
    StoryEdge,
    StoryField,
    StoryFinding,
    StoryLot,
    StoryPlace,
    StoryStep,
    StoryTest,
    Verdict,
)
from trace.vocabulary import Form, Stage

PLOT = StoryPlace(
    place_id="BZ-PLOT-07",
    name="十九里镇七号地块",
    division="341602",
    division_name="安徽省亳州市谯城区",
    division_name_en="Qiaocheng, Bozhou, Anhui",
)
LATE = StoryFinding(
    rule="late",
    lot="BS-24-0001",
    zh="补录：环节发生 95 天后才登记",
    en="recorded late: 95 days after it happened",
    remedy_zh="当天登记",
    remedy_en="record it on the day",
    found_ms=1_725_318_000_000,
)
SULPHUR = StoryTest(
    step_id="s3",
    lot="BS-24-0002",
    measurand="二氧化硫残留量",
    measurand_zh="二氧化硫残留量",
    measurand_en="sulphur dioxide residue",
    limit_recalled=False,
    value="86.5",
    unit="mg/kg",
    method=None,
    limit="≤ 400 mg/kg",
    limit_source="ChP",
    within=True,
)


def step(number: int, stage: Stage, **parts: object) -> StoryStep:
    """One step of the example, a month after the one before."""
    given: dict[str, object] = {
        "step_id": f"s{number}",
        "stage": stage,
        "event_ms": 1_693_780_200_000 + number * 2_592_000_000,
        "offset_minutes": 480,
        "recorded_ms": 1_693_780_260_000 + number * 2_592_000_000,
        "party": "91341600MA2N0T3E5X",
        "party_name": "亳州市谯城区芍花种植专业合作社",
        "counterparty": None,
        "counterparty_name": None,
        "place": PLOT,
        "lot": "BS-24-0001",
        "inputs": (),
        "outputs": (),
        "lots": (),
        "erased": (),
        "fields": (),
        "tests": (),
        "findings": (),
        "statement_id": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
    }
    return StoryStep(**{**given, **parts})  # type: ignore[arg-type]


def example(**changes: object) -> Story:
    """A small true-to-life story: planted, harvested, split, tested and packed."""
    steps = (
        step(
            0,
            Stage.PLANTING,
            outputs=(StoryAmount(lot="BS-24-0001", grams=None),),
            fields=(
                StoryField(
                    name="area",
                    zh="种植面积",
                    en="planted area",
                    value="12.5",
                    unit="亩",
                    shown_zh="12.5 亩",
                    shown_en="12.5 mu",
                ),
                StoryField(
                    name="gap",
                    zh="符合GAP",
                    en="under GAP",
                    value=True,
                    unit="",
                    shown_zh="是",
                    shown_en="yes",
                ),
            ),
        ),
        step(1, Stage.HARVEST, findings=(LATE,), outputs=(StoryAmount(lot="BS-24-0001", grams=1_250_000),)),
        step(
            2,
            Stage.SPLIT,
            lot="BS-24-0002",
            inputs=(StoryAmount(lot="BS-24-0001", grams=500_000),),
            outputs=(StoryAmount(lot="BS-24-0002", grams=500_000),),
        ),
        step(
            3,
            Stage.TEST,
            lot="BS-24-0002",
            lots=(StoryAmount(lot="BS-24-0002", grams=None),),
            tests=(SULPHUR,),
        ),
        step(4, Stage.PACK, lot="BS-24-0002", inputs=(StoryAmount(lot="BS-24-0002", grams=250),)),
    )
    given: dict[str, object] = {
        "code": "0123456789ABCDEFGHJK",
        "verdict": Verdict.MATCHES,
        "reasons": (),
        "herb": "白芍",
        "form": Form.SLICE,
        "grade": "一等",
        "lot": "BS-24-0002",
        "pack_grams": 250,
        "packed_ms": 1_704_148_200_000,
        "origins": (PLOT,),
        "lots": tuple(
            StoryLot(
                lot=lot,
                herb="白芍",
                form=form,
                grade=None,
                grams_in=grams,
                origin_kind=None,
                origin=None,
                origin_name=None,
                origin_name_en=None,
            )
            for lot, form, grams in (
                ("BS-24-0002", Form.SLICE, 500_000),
                ("BS-24-0001", Form.HERB, 1_250_000),
            )
        ),
        "steps": steps,
        "edges": (
            StoryEdge(
                step_id="s2", source="BS-24-0001", target="BS-24-0002", grams_in=500_000, grams_out=500_000
            ),
        ),
        "tests": (SULPHUR,),
        "findings": (LATE,),
        "completeness": Completeness(expected=(Stage.SEED, Stage.PLANTING), missing=(Stage.SEED,)),
        "scans": NEVER,
        "batch": None,
        "status": None,
        "status_ms": None,
        "statements": tuple(each.statement_id for each in steps),
        "revision": "1",
    }
    return Story(**{**given, **changes})  # type: ignore[arg-type]


def draw(story: Story, language: Language = "zh", *, elder: bool = False, missing_index: bool = False) -> str:
    """The scan page of `story` as it would be sent."""
    words = words_in(language)
    indices = {statement: 41_200 + at for at, statement in enumerate(story.statements)}
    if missing_index:
        indices.popitem()
    log = LogState(
        size=41_300,
        checkpoint="daodi.example/log\n41300\nroot\n\n— daodi.example/log sig\n",
        policy="log daodi.example/log+00000000+AQ==\nquorum none\n",
    )
    parts = scan_parts(story, indices, log, words)
    frame = frame_parts(Reader(language, elder, "/s/x", ()), words)
    return environment().get_template("scan.html").render(frame, demo=False, wide=False, **parts)


def text(page: str) -> str:
    """The page without its tags, blanks run together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))


def notes_of(page: str) -> list[str]:
    """The lines under "please note"."""
    return re.findall(r"<li><strong>(.*?)</strong>", page)


def test_the_verdict_is_the_first_heading() -> None:
    assert re.findall(r"<h1>(.*?)</h1>", draw(example())) == ["登记相符"]
    assert re.findall(r"<h1>(.*?)</h1>", draw(example(), "en")) == ["Matches the record"]


@pytest.mark.parametrize(
    ("verdict", "tone", "sentence"),
    [
        (Verdict.MATCHES, "good", "登记相符不等于包装未被仿制"),
        (Verdict.DOUBTFUL, "doubt", "原因列在下面"),
        (Verdict.FROZEN, "bad", "请勿使用"),
        (Verdict.NOT_ACTIVATED, "doubt", "还没有登记用在任何一包药材上"),
    ],
)
def test_every_verdict_says_in_words_what_its_colour_says(verdict: Verdict, tone: str, sentence: str) -> None:
    page = draw(example(verdict=verdict))
    assert f'<section class="verdict {tone}"' in page
    assert verdict.zh in page
    assert sentence in page


def test_only_a_frozen_pack_carries_the_banner() -> None:
    assert 'class="banner"' in draw(example(verdict=Verdict.FROZEN))
    assert 'class="banner"' not in draw(example())


def test_a_code_without_a_pack_has_no_herb_and_no_way() -> None:
    bare = example(
        verdict=Verdict.NOT_ACTIVATED, herb=None, form=None, lot=None, pack_grams=None, packed_ms=None,
        origins=(), lots=(), steps=(), edges=(), tests=(), findings=(), statements=(),
        completeness=Completeness(expected=(), missing=()),
    )  # fmt: skip
    page = text(draw(bare))
    assert "未激活" in page
    assert "从头到尾" not in page
    assert "产地" not in page.replace("品名、产地", "")


def test_a_finding_is_told_once_at_the_top_and_beside_its_step() -> None:
    page = draw(example(reasons=(LATE,)))
    assert page.count(LATE.zh) == 2
    assert '<li class="flagged">' in page


def test_missing_stages_are_named() -> None:
    assert "没有登记的环节：种子种苗。" in text(draw(example()))


def test_times_stand_in_their_own_offset() -> None:
    page = draw(example(steps=(step(0, Stage.HARVEST, event_ms=1_693_780_200_000, offset_minutes=360),)))
    assert "2023年9月4日 04:30" in page
    assert 'datetime="2023-09-04T04:30+06:00"' in page


def test_amounts_say_what_went_in_and_what_came_out() -> None:
    assert "投入 BS-24-0001（500 公斤）；得到 BS-24-0002（500 公斤）" in text(draw(example()))
    assert "In: BS-24-0001 (500 kg); Out: BS-24-0002 (500 kg)" in text(draw(example(), "en"))


@pytest.mark.parametrize(("within", "word"), [(True, "合格"), (False, "超标"), (None, "不判定")])
def test_a_test_says_its_outcome_in_words(within: bool | None, word: str) -> None:
    page = text(draw(example(tests=(dataclasses.replace(SULPHUR, within=within),))))
    assert f"二氧化硫残留量86.5 mg/kg限量 ≤ 400 mg/kg{word}" in page.replace(" 限量", "限量")


def test_a_limit_recalled_from_memory_is_marked() -> None:
    assert "尚未与原文核对" in draw(example(tests=(dataclasses.replace(SULPHUR, limit_recalled=True),)))
    assert "尚未与原文核对" not in draw(example())


def test_an_unchecked_latin_name_is_marked() -> None:
    unchecked = next(herb for herb in all_herbs() if not herb.latin_verified)
    assert "拉丁名未核对" in draw(example(herb=unchecked.name_zh))
    assert "拉丁名未核对" not in draw(example())


def test_a_statement_that_waits_has_no_ledger_entry_yet() -> None:
    page = text(draw(example(), missing_index=True))
    assert "账本第 41,203 条" in page
    assert "账本第 41,204 条" not in page
    assert "待写入账本" in page
    assert "有 1 步已经收下" in page


def test_every_step_links_its_receipt() -> None:
    page = draw(example())
    for statement in example().statements:
        assert f'href="/v1/receipts/{statement}?as=text"' in page


def test_the_drawing_of_lots_has_a_table_twin() -> None:
    page = draw(example())
    assert '<svg class="lineage"' in page
    assert '<tr><td class="mono">BS-24-0001</td><td class="mono">BS-24-0002</td><td>拆分</td>' in page
    assert '<svg class="lineage"' not in draw(example(edges=()))


def test_the_first_look_and_a_later_one_differ() -> None:
    seen = ScanState(count=3, first_ms=1_704_148_200_000, last_ms=1_704_148_300_000, cities=1, devices=1)
    assert "第一次被查询" in draw(example())
    assert "已被查询 3 次，第一次在 2024年1月2日 06:30" in draw(example(scans=seen))


def test_a_season_entered_afterwards_is_called_late_once_not_at_every_step() -> None:
    late = tuple(dataclasses.replace(LATE, zh=f"补录：环节发生 {days} 天后才登记") for days in range(90, 100))
    notes = draw(example(findings=late)).split('<ul class="notes">')[1].split("</ul>")[0]
    assert notes.count("<li>") == 1
    assert "90 天后才登记（另有 9 处同类情况，见下面各步）" in text(notes)
    assert (
        draw(example(findings=late[:3])).split('<ul class="notes">')[1].split("</ul>")[0].count("<li>") == 3
    )


def test_hostile_names_stay_text() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    place = dataclasses.replace(PLOT, name=hostile)
    page = draw(example(steps=(step(0, Stage.HARVEST, party_name=hostile, place=place),), grade=hostile))
    assert "<img" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("elder", [False, True])
def test_language_and_view_stand_on_the_root(language: Language, elder: bool) -> None:
    page = draw(example(), language, elder=elder)
    assert f'<html lang="{HTML_LANG[language]}"' + (' class="elder">' if elder else ">") in page


def test_a_long_way_keeps_the_budget() -> None:
    """Sixty steps of long names in English, where every name is marked as Chinese."""
    long = tuple(
        step(number % 90, Stage.SPLIT, inputs=(StoryAmount(lot="DANGGUI-25B-PARCEL", grams=123_456),),
             outputs=(StoryAmount(lot="DANGGUI-25C-PARCEL", grams=123_456),))
        for number in range(60)
    )  # fmt: skip
    many = example(steps=long, statements=tuple(each.statement_id for each in long))
    assert len(draw(many, "en").encode()) < 40_000
