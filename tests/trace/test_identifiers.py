"""Check characters of identifiers, on published samples and against single faults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.errors import BadIdentifier
from trace.identifiers import (
    USCC_ALPHABET,
    check_cpc,
    check_drug_trace_code,
    check_gb2260,
    check_gln,
    check_gtin,
    check_organisation,
    check_sscc,
    check_uscc,
    cpc_check_digit,
    gs1_check_digit,
    make_uscc,
    organisation_check,
    uscc_check,
)

# From the sample data and generators of the national circulation system 国家中药材流通追溯体系.
CPC_SAMPLES = {
    "10127300114596": "corp",
    "10127300114596000040": "product",
    "1101273001145961401070059": "batch",
    "1101273001215831401061217": "batch",
    "1101273001215831401061204": "batch",
    "51012730011459600004014011400000093": "trace",
}
# 91110000600037341L: python-stdnum 2.2, stdnum.cn.uscc; 91350100M000100Y43: the example in GB 32100-2015.
USCC_SAMPLES = ["91110000600037341L", "91350100M000100Y43"]


@pytest.mark.parametrize(("code", "kind"), CPC_SAMPLES.items())
def test_the_six_samples_of_the_national_system_hold(code: str, kind: str) -> None:
    assert check_cpc(code).kind == kind
    assert cpc_check_digit(code[:-1]) == code[-1]


@pytest.mark.parametrize("code", CPC_SAMPLES)
def test_a_single_wrong_digit_of_a_cpc_code_is_always_caught(code: str) -> None:
    for place in range(len(code)):
        for digit in set("0123456789") - {code[place]}:
            with pytest.raises(BadIdentifier):
                check_cpc(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "1012730011459", "10127300114596 ", "1012730011459A", "１０１２７３００１１４５９６", "1" * 28],
)
def test_a_cpc_code_of_another_length_or_alphabet_is_refused(text: str) -> None:
    if text.strip() in CPC_SAMPLES:
        assert check_cpc(text).code == text.strip()
    else:
        with pytest.raises(BadIdentifier):
            check_cpc(text)


@pytest.mark.parametrize("code", USCC_SAMPLES)
def test_published_social_credit_codes_hold_on_both_check_characters(code: str) -> None:
    assert check_uscc(code.lower()) == code
    assert uscc_check(code[:17]) == code[17]
    assert organisation_check(code[8:16]) == code[16]


@pytest.mark.parametrize("code", USCC_SAMPLES)
def test_a_single_wrong_character_of_a_social_credit_code_is_always_caught(code: str) -> None:
    for place in range(18):
        for letter in set(USCC_ALPHABET) - {code[place]}:
            with pytest.raises(BadIdentifier):
                check_uscc(code[:place] + letter + code[place + 1 :])


def test_the_inner_check_is_verified_even_where_the_outer_one_holds() -> None:
    body = "91110000600037342"  # the organisation code 60003734 has the check 1, not 2
    with pytest.raises(BadIdentifier) as refused:
        check_uscc(body + uscc_check(body))
    assert "17" in refused.value.message("zh")


def test_a_rural_collective_with_a_letter_for_registrar_is_accepted() -> None:
    code = make_uscc("N", "2", "341602", "MF123456")
    assert code.startswith("N2341602MF123456")
    assert check_uscc(code) == code


@given(
    st.sampled_from("159N"),
    st.sampled_from("123"),
    st.sampled_from(["341602", "130683", "100000", "532600"]),
    st.text(USCC_ALPHABET, min_size=8, max_size=8),
)
def test_every_code_put_together_holds(
    registrar: str, organisation_type: str, division: str, body: str
) -> None:
    code = make_uscc(registrar, organisation_type, division, body)
    assert check_uscc(code) == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("91110000600037341", "18"),
        ("91110000600037341O", "O"),
        ("91AB0000600037341L", "3"),
        ("91990000600037341L", "3"),
        ("", "18"),
    ],
)
def test_a_wrong_social_credit_code_is_told_why_in_both_languages(text: str, said: str) -> None:
    with pytest.raises(BadIdentifier) as refused:
        check_uscc(text)
    assert said in refused.value.message("zh")
    assert said in refused.value.message("en")


@pytest.mark.parametrize(
    "parts",
    [("", "1", "341602", "12345678"), ("9", "1", "341602", "1234567I"), ("9", "1", "3416", "12345678")],
)
def test_parts_that_make_no_code_are_refused(parts: tuple[str, str, str, str]) -> None:
    with pytest.raises(BadIdentifier):
        make_uscc(*parts)


def test_organisation_codes_hold_with_and_without_hyphen() -> None:
    assert check_organisation("60003734-1") == check_organisation("600037341") == "600037341"
    for wrong in ("600037340", "60003734", "6000-37341", "60003734X1"):
        with pytest.raises(BadIdentifier):
            check_organisation(wrong)


@pytest.mark.parametrize("text", ["341602", "110000", "659001", " 340000 "])
def test_division_codes_of_the_right_shape_pass(text: str) -> None:
    assert check_gb2260(text) == text.strip()


@pytest.mark.parametrize("text", ["34160", "3416022", "991602", "340002", "34160A", "３４１６０２", ""])
def test_division_codes_of_the_wrong_shape_are_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        check_gb2260(text)


# GS1 General Specifications, section 7.9: 6291041500213 (GTIN-13); the SSCC and GLN are GS1's own examples.
def test_gs1_keys_of_the_general_specifications_hold() -> None:
    assert gs1_check_digit("629104150021") == "3"
    assert check_gtin("6291041500213") == "6291041500213"
    assert check_sscc("106141412345678908") == "106141412345678908"
    assert check_gln("0614141000005") == "0614141000005"


@pytest.mark.parametrize(
    "text", ["6291041500214", "629104150021", "62910415002133", "abc", "", "6291041500213x"]
)
def test_wrong_gtins_are_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        check_gtin(text)


def test_a_drug_trace_code_is_checked_for_its_shape_only() -> None:
    assert check_drug_trace_code("81234567890123456789") == "81234567890123456789"
    with pytest.raises(BadIdentifier):
        check_drug_trace_code("8123456789")


def test_a_refusal_never_repeats_an_endless_input() -> None:
    with pytest.raises(BadIdentifier) as refused:
        check_cpc("1" * 1_000_000)
    assert len(refused.value.message("en")) < 150
