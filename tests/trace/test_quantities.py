"""Mass and money: what people write is read exactly or refused with a remedy."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.errors import BadMass, BadMoney, MassTooFine, NotPositive
from trace.quantities import format_mass, format_money, format_price, parse_mass, parse_money, parse_price


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("12.5 kg", 12_500),
        ("25公斤", 25_000),
        ("25 千克", 25_000),
        ("3斤", 1_500),
        ("3 市斤", 1_500),
        ("1两", 50),
        ("0.5两", 25),
        ("2吨", 2_000_000),
        ("0.000001 t", 1),
        ("800 g", 800),
        ("800克", 800),
        ("1,234.5 KG", 1_234_500),
        ("１２．５　公斤", 12_500),
        ("-3 kg", -3_000),
        ("+3 kg", 3_000),
        ("0 kg", 0),
    ],
)
def test_a_mass_is_read_to_the_gram(text: str, grams: int) -> None:
    assert parse_mass(text) == grams


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "kg",
        "12 磅",
        "12 lb",
        "1e3 kg",
        "12,5 kg",
        "1.2.3 kg",
        "NaN kg",
        "Infinity kg",
        "12 kg 3 g",
        "- 3 kg",
    ],
)
def test_what_is_no_mass_is_refused_with_examples(text: str) -> None:
    with pytest.raises(BadMass) as refused:
        parse_mass(text)
    assert "12.5 公斤" in refused.value.remedy("zh")
    assert "12.5 kg" in refused.value.remedy("en")


@pytest.mark.parametrize("text", ["0.0005 kg", "1.5 g", "0.33 g", "0.001 两"])
def test_parts_of_a_gram_are_refused_not_rounded(text: str) -> None:
    with pytest.raises(MassTooFine):
        parse_mass(text)


@pytest.mark.parametrize("text", ["0 kg", "-1 g"])
def test_nothing_and_less_are_refused_where_something_must_be(text: str) -> None:
    with pytest.raises(NotPositive):
        parse_mass(text, positive=True)


def test_a_mass_no_json_number_could_carry_is_refused() -> None:
    assert parse_mass("9007199254740991 g") == 2**53 - 1
    with pytest.raises(BadMass):
        parse_mass("9007199254740992 g")


def test_an_endless_text_is_cut_in_the_message() -> None:
    with pytest.raises(BadMass) as refused:
        parse_mass("9" * 1_000_000)
    assert len(refused.value.message("zh")) < 100


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["zh", "en"]))
def test_what_is_written_is_read_back_as_the_same_grams(grams: int, language: str) -> None:
    assert parse_mass(format_mass(grams, language)) == grams  # type: ignore[arg-type]


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_a_decimal_of_kilograms_is_a_thousand_times_as_many_grams(kilograms: Decimal) -> None:
    assert parse_mass(f"{kilograms} kg") == int(kilograms * 1000)


@pytest.mark.parametrize(
    ("grams", "zh", "en"),
    [
        (999, "999 克", "999 g"),
        (1000, "1 公斤", "1 kg"),
        (1_234_567, "1,234.567 公斤", "1,234.567 kg"),
        (1_500_000, "1.5 吨", "1.5 t"),
        (-50, "-50 克", "-50 g"),
        (0, "0 克", "0 g"),
        (100_000, "100 公斤", "100 kg"),
    ],
)
def test_a_mass_is_written_in_the_unit_people_would_choose(grams: int, zh: str, en: str) -> None:
    assert (format_mass(grams, "zh"), format_mass(grams, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("85", 8500),
        ("85.00 元", 8500),
        ("¥85.5", 8550),
        ("￥ 1,200", 120_000),
        ("0.01元", 1),
        ("８５元", 8500),
    ],
)
def test_money_is_read_to_the_fen(text: str, fen: int) -> None:
    assert parse_money(text) == fen


@pytest.mark.parametrize("text", ["", "85.005", "八十五", "$85", "85 元/公斤", "1,20", "1e5", "9" * 30])
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(BadMoney):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "fen_per_kg"),
    [
        ("85.00 元/公斤", 8500),
        ("42.5元/斤", 8500),
        ("85/kg", 8500),
        ("85000 元/吨", 8500),
        ("0.085元/克", 8500),
        ("￥85/千克", 8500),
    ],
)
def test_a_price_is_read_per_kilogram_whatever_its_unit(text: str, fen_per_kg: int) -> None:
    assert parse_price(text) == fen_per_kg


@pytest.mark.parametrize("text", ["85", "85 元", "85 元/包", "40-42 元/公斤", "85.005 元/公斤", "1 元/吨"])
def test_a_price_without_its_unit_or_below_a_fen_is_refused(text: str) -> None:
    with pytest.raises(BadMoney):
        parse_price(text)


def test_a_price_of_nothing_is_refused_unless_asked_for() -> None:
    with pytest.raises(NotPositive):
        parse_price("0 元/公斤")
    assert parse_price("0 元/公斤", positive=False) == 0
    with pytest.raises(NotPositive):
        parse_money("0", positive=True)


@given(st.integers(min_value=0, max_value=10**12))
def test_money_and_prices_written_are_read_back(fen: int) -> None:
    assert parse_money(format_money(fen, "zh")) == fen
    assert parse_price(format_price(fen, "zh"), positive=False) == fen
