"""Division codes have names where we know them, and say so where we do not."""

from datetime import date

import pytest

from trace.divisions import PROVINCES, all_divisions, division, retirement
from trace.herbs import all_herbs
from trace.identifiers import check_gb2260
from trace.registers.division_days import out_of_use


def test_every_province_level_code_has_a_name() -> None:
    provinces = [known for known in all_divisions() if known.level == "province"]
    assert len(provinces) == len(PROVINCES) == 34
    assert {known.code[:2] for known in provinces} == PROVINCES


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("341602", "安徽省亳州市谯城区"),  # shared/data/markets.csv: 安徽省亳州市谯城区
        ("130683", "河北省保定市安国市"),
        ("445281", "广东省揭阳市普宁市"),
        ("500103", "重庆市渝中区"),
        ("621122", "甘肃省定西市陇西县"),
        ("532600", "云南省文山壮族苗族自治州"),
        ("650000", "新疆维吾尔自治区"),
        ("469005", "海南省文昌市"),
    ],
)
def test_a_code_is_named_from_the_province_down(code: str, path: str) -> None:
    assert division(code).words("zh") == path
    assert division(code).exact


def test_english_names_run_from_the_county_up() -> None:
    assert division("341602").words("en") == "Qiaocheng, Bozhou, Anhui"


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("341699", "安徽省亳州市（341699）", "Bozhou, Anhui (341699)"),
        ("449999", "广东省（449999）", "Guangdong (449999)"),
    ],
)
def test_an_unknown_county_falls_back_and_says_so(code: str, zh: str, en: str) -> None:
    known = division(code)
    assert not known.exact
    assert (known.words("zh"), known.words("en")) == (zh, en)


def test_a_county_that_became_a_city_changes_its_code_with_the_year() -> None:
    before, after = division("430521"), division("430582")  # 邵东县 until 2019, 邵东市 since
    assert [before.in_use(date(year, 1, 1)) for year in (2018, 2019, 2020)] == [True, True, False]
    assert [after.in_use(date(year, 1, 1)) for year in (2018, 2019, 2020)] == [False, True, True]


def test_every_committed_code_has_the_right_shape_and_both_names() -> None:
    for known in all_divisions():
        assert check_gb2260(known.code) == known.code
        assert known.name_zh
        assert known.name_en
        assert known.path_zh.endswith(known.name_zh)


def test_every_producing_area_of_every_herb_is_a_division_known_by_name() -> None:
    known = {entry.path_zh for entry in all_divisions()}
    short = {name.replace("省", "").replace("壮族自治区", "").replace("回族自治区", "") for name in known}
    short = {
        name.replace("维吾尔自治区", "").replace("自治区", "").replace("重庆市", "重庆") for name in short
    }
    areas = {area for herb in all_herbs() for area in herb.producing_areas}
    lost = {area for area in areas if not any(name[:2] == area[:2] and _rest(area) in name for name in short)}
    assert len(areas) > 190
    assert lost == set()


def _rest(area: str) -> str:
    return area[3:] if area.startswith(("内蒙古", "黑龙江")) else area[2:]


def test_a_code_of_no_province_has_no_name() -> None:
    with pytest.raises(KeyError):
        division("990000")


@pytest.mark.parametrize(
    ("code", "last_year", "successor"),
    [
        ("430521", 2019, "430582"),  # 邵东县 → 邵东市 (shared/reference/domain.md §2)
        ("110228", 2015, "110118"),  # 密云县 → 密云区
        ("371081", 2014, "371003"),  # 文登市 → 文登区
    ],
)
def test_a_code_that_ended_names_what_came_after(code: str, last_year: int, successor: str) -> None:
    ended = retirement(code)
    assert ended is not None
    assert (ended.last_year, ended.successor) == (last_year, successor)
    assert out_of_use(code, date(last_year, 12, 31)) is None  # the year of the change allows both
    assert out_of_use(code, date(last_year + 1, 1, 1)) is not None
    assert out_of_use(successor, date(last_year + 1, 1, 1)) is None


def test_the_two_tables_of_divisions_agree_on_when_codes_ended() -> None:
    named = {known.code: known.last_year for known in all_divisions() if known.last_year is not None}
    found = {code: ended.last_year for code in named if (ended := retirement(code)) is not None}
    assert found == named


def test_a_code_still_in_use_is_in_order() -> None:
    assert retirement("341602") is None
    assert out_of_use("341602", date(2026, 1, 1)) is None
    assert out_of_use("341699", date(2026, 1, 1)) is None  # unknown: nothing is known against it
