"""The CPC family: samples of the national system taken apart and put together again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.errors import BadIdentifier
from trace.identifiers import cpc_check_digit
from trace.links.cpc import (
    CpcBatch,
    CpcCorp,
    CpcHerb,
    CpcPack,
    CpcProduct,
    CpcSlice,
    CpcTrace,
    parse_cpc,
)
from trace.links.drug_codes import check_gbt31774, parse_drug_trace_code

SAMPLES = [  # the national platform's own sample data (domain report 1.1)
    "10127300114596",
    "10127300114596000040",
    "1101273001145961401070059",
    "1101273001215831401061217",
    "1101273001215831401061204",
    "51012730011459600004014011400000093",
]

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CORPS = st.builds(CpcCorp, industry=st.just("273"), serial=st.integers(0, 10**7 - 1))
PRODUCTS: st.SearchStrategy[CpcProduct] = st.one_of(
    st.builds(CpcSlice, corp=CORPS, serial=st.integers(0, 10**5 - 1)),
    st.builds(
        CpcHerb,
        industry=st.just("273"),
        corp_serial=st.integers(0, 10**7 - 1),
        herb=st.text("0123456789", min_size=9, max_size=9),
    ),
)
CODES = st.one_of(
    CORPS,
    PRODUCTS,
    st.builds(CpcBatch, corp=CORPS, day=DAYS, serial=st.integers(0, 999)),
    st.builds(
        CpcTrace,
        pack=st.sampled_from(CpcPack),
        product=PRODUCTS,
        day=DAYS,
        serial=st.integers(0, 10**7 - 1),
    ),
)


@pytest.mark.parametrize("code", SAMPLES)
def test_every_published_sample_is_put_together_again(code: str) -> None:
    assert parse_cpc(code).code == code


def test_the_published_trace_code_says_what_it_is_on() -> None:
    found = parse_cpc("51012730011459600004014011400000093")
    maker = CpcCorp(industry="273", serial=11459)
    assert found == CpcTrace(
        pack=CpcPack.SMALL, product=CpcSlice(corp=maker, serial=4), day=date(2014, 1, 14), serial=9
    )
    assert parse_cpc(found.qr_payload) == found
    assert found.qr_payload == "*CPC*ZYCZS51012730011459600004014011400000093"


@given(CODES)
def test_what_is_put_together_is_taken_apart_alike(code: CpcCorp) -> None:
    assert parse_cpc(code.code) == code
    assert len(code.code) in (14, 20, 25, 35)


@given(CODES, st.integers(0, 34), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(code: CpcCorp, place: int, more: int) -> None:
    digits = code.code
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    with pytest.raises(BadIdentifier):
        parse_cpc(wrong)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "10127300114597",
        "2101273001145961401070056",  # a lot begins with 1
        "91012730011459600004014011400000098",  # no pack of type 9
        "1101273001145961402300052",  # 30 February
        "*CPC*ZYCZS",
        "１０１２７３００１１４５９６",
    ],
)
def test_what_is_no_code_of_the_family_is_refused(code: str) -> None:
    with pytest.raises(BadIdentifier) as caught:
        parse_cpc(code)
    assert caught.value.message("zh")
    assert caught.value.remedy("en")


@pytest.mark.parametrize(
    "body",
    [
        "5" + "10127300114596000041" + "140114" + "0000009",  # product with a wrong check digit within
        "1" + "10127300114597" + "140107" + "005",  # party with a wrong check digit within
    ],
)
def test_a_wrong_code_within_a_code_is_noticed_though_its_own_check_holds(body: str) -> None:
    with pytest.raises(BadIdentifier) as caught:
        parse_cpc(body + cpc_check_digit(body))
    assert "within it" in caught.value.message("en")


def test_a_number_too_large_for_its_place_is_refused() -> None:
    with pytest.raises(BadIdentifier):
        _ = CpcCorp(industry="273", serial=10**7).code
    with pytest.raises(BadIdentifier):
        _ = CpcBatch(corp=CpcCorp(industry="273", serial=1), day=date(1999, 1, 1), serial=1).code


def test_a_drug_trace_code_names_its_drug() -> None:
    assert parse_drug_trace_code(" 81234567890123456789 ").drug == "8123456"


def test_a_drug_trace_code_of_another_length_is_refused() -> None:
    with pytest.raises(BadIdentifier):
        parse_drug_trace_code("8123456789012345678")


def test_a_classifying_code_is_taken_as_it_is() -> None:
    assert check_gbt31774("06164100300004007") == "06164100300004007"
    with pytest.raises(BadIdentifier):
        check_gbt31774("0616410030000400")
