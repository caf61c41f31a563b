"""The 炮制 gate: what was done is held against the method, its excipient, its ratio and its cut."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trace.findings import Severity
from trace.standards.paozhi_methods import all_methods, all_slice_forms, methods_in, ratio_for

from .book import Book, dried, opened
from .season import lot, step


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def made(book: Book, herb: str, method: str, **fields: object) -> list[str]:
    dried(book, "H", 10_000, herb)
    new = step(
        "paozhi", 3, inputs=[lot("H", 10_000)], outputs=[lot("S", 9_000)],
        fields={"method": method, "standard": "中国药典", **fields},
    )  # fmt: skip
    return [code for code in book.flags(new, 3) if code.startswith("paozhi.")]


@pytest.mark.parametrize(
    ("grams", "expected"),
    [(999, True), (1000, False), (1500, False), (2000, False), (2001, True)],
)
def test_wine_is_ten_to_twenty_kilograms_for_a_hundred(book: Book, grams: int, *, expected: bool) -> None:
    # 药典 通则0213 酒炙: 每100kg净药材用黄酒10～20kg
    found = made(book, "当归", "酒炙", excipient="黄酒", excipient_grams=grams)
    assert (found == ["paozhi.excipient_ratio"]) == expected


def test_a_ratio_is_said_where_the_mass_is_not(book: Book) -> None:
    assert made(book, "黄芪", "蜜炙", excipient="炼蜜", excipient_ratio_pct="30") == [
        "paozhi.excipient_ratio"
    ]


def test_a_monograph_stands_before_the_method(book: Book) -> None:
    # 酒黄连: 每100kg黄连用黄酒12.5kg, within the 10 to 20 of the method but another figure
    assert made(book, "黄连", "酒炙", excipient="黄酒", excipient_grams=1800) == ["paozhi.excipient_ratio"]


def test_a_method_without_its_excipient_is_flagged(book: Book) -> None:
    assert made(book, "香附", "醋炙") == ["paozhi.excipient_missing"]


def test_another_excipient_than_the_method_s_is_flagged(book: Book) -> None:
    assert made(book, "香附", "醋炙", excipient="黄酒", excipient_grams=2000) == ["paozhi.excipient_other"]


def test_a_method_no_form_of_the_herb_is_made_by_is_noted(book: Book) -> None:
    dried(book, "H", 10_000, "黄芪")
    new = step(
        "paozhi", 3, inputs=[lot("H", 10_000)], outputs=[lot("S", 9_000)],
        fields={"method": "醋炙", "standard": "x", "excipient": "米醋", "excipient_grams": 2000},
    )  # fmt: skip
    [found] = [each for each in book.findings(new, 3) if each.rule.code.startswith("paozhi.")]
    assert (found.rule.code, found.rule.severity) == ("paozhi.unlisted", Severity.NOTE)


@pytest.mark.parametrize(
    ("method", "thickness", "expected"),
    [
        ("切薄片", "1.5", []),
        ("切薄片", "2.5", ["paozhi.thickness"]),
        ("切厚片", "2.5", []),
        ("切极薄片", "0.6", ["paozhi.thickness"]),
        ("净选", "9", []),
    ],
)
def test_a_cut_has_its_thickness(book: Book, method: str, thickness: str, expected: list[str]) -> None:
    # 药典 通则0213 切制: 极薄片0.5mm以下，薄片1～2mm，厚片2～4mm
    assert made(book, "白芍", method, thickness_mm=thickness) == expected


def test_words_that_name_no_method_say_nothing(book: Book) -> None:
    assert made(book, "白芍", "祖传秘法") == []


def test_every_form_of_a_herb_names_a_method_that_exists() -> None:
    assert {form.method for form in all_slice_forms()} <= {method.key for method in all_methods()}


def test_nothing_of_the_knowledge_base_claims_to_be_sourced() -> None:
    facts = (*all_methods(), *all_slice_forms())
    assert {fact.confidence.checked for fact in facts} == {False}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(all_methods()), max_size=4, unique=True), st.data())
def test_methods_are_found_in_words_that_name_them(methods: list, data: st.DataObject) -> None:
    words = "，".join(data.draw(st.sampled_from(method.names)) for method in methods)
    assert set(methods) <= set(methods_in(words))


@given(st.sampled_from(all_slice_forms()))
def test_the_ratio_of_a_form_is_found_by_its_herb_method_and_excipient(form: object) -> None:
    assert form.ratio is None or ratio_for(  # type: ignore[attr-defined]
        form.herb,
        next(each for each in all_methods() if each.key == form.method),
        form.ratio.excipient,  # type: ignore[attr-defined]
    )
