"""Market reports in sentences: what is certain is read, everything else comes back with its sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.errors import EmptyBody
from priceindex.feeds.contract import Reading
from priceindex.feeds.feed_errors import UnreadSentence
from priceindex.feeds.prose_grammar import clause_pattern, read_clause
from priceindex.feeds.shapes import read_body
from priceindex.quotes import ReadResult, Tier
from tests.priceindex.feeds.bodies import raw
from tests.priceindex.small_market import KNOWN, day

READING = Reading(source="report", known=KNOWN, day=day("2025-12-30"))


def read(text: str, reading: Reading = READING) -> ReadResult:
    return read_body("prose", raw(text.encode()), reading)


def cells(text: str) -> list[tuple[object, ...]]:
    result = read(text)
    assert result.faults == ()
    return [(each.herb, each.grade, each.market, each.fen_per_kg) for each in result.quotes]


def test_the_sentence_of_the_brief_gives_both_its_prices() -> None:
    """√(75·80) = 77.46 yuan."""
    result = read("亳州市场 白芍现统货价格在65元左右，选货75-80元")
    assert [(each.grade, each.low_fen_per_kg, each.fen_per_kg, each.tier) for each in result.quotes] == [
        ("统货", None, 6500, Tier.WEB),
        ("选货", 7500, 7746, Tier.WEB),
    ]
    assert {(each.herb, each.market, each.day) for each in result.quotes} == {
        ("白芍", "亳州", day("2025-12-30"))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近期白芍走动一般。现亳州市场白芍统货价格在65元左右。", [("白芍", "统货", "亳州", 6500)]),
        ("安国市场\n川芎统货售价31元/公斤", [("川芎", "统货", "安国", 3100)]),
        ("荷花池药市：\n川芎目前统个要价12元每市斤上下", [("川芎", "统个", "荷花池", 2400)]),
        ("亳州市场当归一级货价位稳定在90元", [("当归", "一级", "亳州", 9000)]),
        ("亳州市场白术家种统货报价1,250元", [("白术", "家种统货", "亳州", 125_000)]),
    ],
)
def test_the_trades_own_ways_of_saying_a_price_are_read(
    text: str, expected: list[tuple[object, ...]]
) -> None:
    assert cells(text) == expected


def test_a_line_that_is_a_date_holds_for_the_lines_below() -> None:
    text = "2025年12月28日\n亳州市场白芍统货价格65元\n2025-12-29\n亳州市场白芍统货价格66元"
    found = read(text, Reading(source="report", known=KNOWN)).quotes
    assert [(str(each.day), each.fen_per_kg) for each in found] == [
        ("2025-12-28", 6500),
        ("2025-12-29", 6600),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "亳州市场白芍去年同期统货价格在65元",
        "亳州市场白芍统货价格由60元涨至65元",
        "亳州市场预计白芍统货价格在65元",
        "亳州市场白芍统货每袋65元",
        "亳州市场白芍亩产值3000元",
        "亳州市场白芍价格在65元左右",
        "亳州市场白芍与白术统货价格在65元",
        "亳州市场某药统货价格在65元",
        "亳州、安国市场白芍统货价格在65元",
        "白芍统货价格在65元",
        "亳州市场白芍统货价格在6五元",
        "亳州市场白芍统货65-元",
        "亳州市场白芍统货比昨日高5元，现65元",
    ],
)
def test_what_is_not_certain_is_a_fault_with_its_sentence_and_no_quote(text: str) -> None:
    result = read(text)
    assert result.quotes == ()
    [fault] = result.faults
    assert fault.at.value == text[:100]
    assert fault.at.row == 1


def test_one_uncertain_clause_takes_the_whole_sentence_with_it() -> None:
    result = read("亳州市场白芍统货价格在65元，去年同期80元。\n亳州市场白术统货价格在20元。")
    assert [each.herb for each in result.quotes] == ["白术"]
    assert [type(each) for each in result.faults] == [UnreadSentence]


def test_without_a_day_no_sentence_is_a_quote() -> None:
    result = read("亳州市场白芍统货价格在65元", Reading(source="report", known=KNOWN))
    assert (result.quotes, len(result.faults)) == ((), 1)


def test_commentary_alone_holds_no_quotes() -> None:
    with pytest.raises(EmptyBody):
        read("近期白芍走动一般，货源充足，市场走销2天")


def test_a_page_and_gb18030_are_read_as_well() -> None:
    text = "亳州市场白芍统货价格在65元"
    page = f"<html><head><title>x 1元</title><script>var 价=1元</script></head><p>{text}</p></html>"
    for content in (page.encode(), text.encode("gb18030")):
        found = read_body("prose", raw(content), READING)
        assert [each.fen_per_kg for each in found.quotes] == [6500]


@given(text=st.text(alphabet="白芍统货现价格在65元-,. 的亳州市场左右家种新陈", max_size=300))
@settings(max_examples=60)
def test_no_clause_makes_the_grammar_search_for_long(text: str) -> None:
    """Whatever is read states a number that stands in the text; nothing is put together."""
    found = read_clause(text, clause_pattern("白芍", "亳州|安国"))
    assert found is None or found.amount in text
