"""Digital Links, whatever they hold: what is written is read back, and a damaged key is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.identifiers import gs1_check_digit
from trace.links.digital_link import (
    DigitalLink,
    arrange,
    build_digital_link,
    parse_digital_link,
)
from trace.links.element_strings import in_brackets, parse_elements
from trace.links.gs1_identifiers import identifiers
from trace.links.link_errors import BadDigitalLink, BadElementString

CHARSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
STEM = "https://herbs.example.org/a/b"


def keyed(digits: int) -> st.SearchStrategy[str]:
    body = st.text("0123456789", min_size=digits - 1, max_size=digits - 1)
    return body.map(lambda text: text + gs1_check_digit(text))


def written(longest: int) -> st.SearchStrategy[str]:
    return st.text(CHARSET_82, min_size=1, max_size=longest)


@st.composite
def links(draw: st.DrawFn) -> DigitalLink:
    key = draw(st.sampled_from(["00", "01", "253", "414", "417", "8006"]))
    value = {
        "00": keyed(18),
        "01": keyed(14),
        "253": st.builds(str.__add__, keyed(13), st.text(CHARSET_82, max_size=17)),
        "414": keyed(13),
        "417": keyed(13),
        "8006": st.builds(
            lambda gtin, total, piece: f"{gtin}{min(piece, total):02d}{total:02d}",
            keyed(14),
            st.integers(1, 99),
            st.integers(1, 99),
        ),
    }[key]
    path = [(key, draw(value))]
    if key in ("01", "8006"):
        variant = ("22",) if key == "01" else ()  # (22) needs a GTIN beside it
        path += [(ai, draw(written(20))) for ai in (*variant, "10", "21") if draw(st.booleans())]
    if key == "414" and draw(st.booleans()):
        path.append(("254", draw(written(20))))
    attributes = [(ai, draw(written(30))) for ai in ("90", "98", "99") if draw(st.booleans())]
    return DigitalLink(stem=STEM, path=tuple(path), attributes=tuple(attributes))


@given(links())
def test_what_is_written_is_read_back(link: DigitalLink) -> None:
    assert parse_digital_link(build_digital_link(link)) == link


@given(links())
def test_what_is_read_is_written_alike(link: DigitalLink) -> None:
    uri = build_digital_link(link)
    assert build_digital_link(parse_digital_link(uri)) == uri


@given(links(), st.randoms(use_true_random=False))
def test_elements_in_any_order_make_the_same_path(link: DigitalLink, chance: object) -> None:
    mixed = list(link.path)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert arrange(mixed, STEM).path == link.path


@given(keyed(14), st.integers(0, 13), st.integers(1, 9))
def test_every_wrong_digit_of_a_gtin_is_noticed(gtin: str, place: int, more: int) -> None:
    wrong = gtin[:place] + str((int(gtin[place]) + more) % 10) + gtin[place + 1 :]
    with pytest.raises(BadDigitalLink):
        parse_digital_link(f"{STEM}/01/{wrong}")


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    for read, refusal in ((parse_digital_link, BadDigitalLink), (parse_elements, BadElementString)):
        try:
            read(text)  # type: ignore[operator]
        except refusal:
            continue


@pytest.mark.parametrize(
    "uri",
    [
        "https://a.cn/01/09520123456788/10/批号",
        "https://a.cn/01/09520123456788/10/%E6%89%B9",
        "https://a.cn/01/09520123456788/10/A/22/B",
        "https://a.cn/01/09520123456788/21/A/10/B",
        "https://a.cn/01/09520123456788/235/A/10/B",
        "https://a.cn/01/9520123456788",
        "https://a.cn/01/09520123456788?21=A",
        "https://a.cn/01/09520123456788?17=261332",
        "https://a.cn/01/09520123456788?17=261200&37=5",
        "https://a.cn/414/9520123456788?17=261231",
        "https://a.cn/8006/095201234567880301",
        "https://user@a.cn/01/09520123456788",
        "ftp://a.cn/01/09520123456788",
        "https://a.cn/10/ABC",
        "https://a.cn/01/09520123456788/10/" + "A" * 21,
    ],
)
def test_what_the_standard_forbids_is_refused(uri: str) -> None:
    with pytest.raises(BadDigitalLink):
        parse_digital_link(uri)


def test_a_slash_at_the_end_and_foreign_parameters_do_no_harm() -> None:
    plain = parse_digital_link("https://a.cn/01/09520123456788/10/A")
    assert (
        parse_digital_link("https://a.cn/01/09520123456788/10/A/?utm_source=x&linkType=gs1:pip#top") == plain
    )


def test_a_short_gtin_is_filled_up_only_when_asked() -> None:
    link = parse_digital_link("https://a.cn/01/9520123456788", short_gtin=True)
    assert link.path == (("01", "09520123456788"),)


def test_the_fault_names_the_identifier() -> None:
    with pytest.raises(BadDigitalLink) as caught:
        parse_digital_link("https://a.cn/01/09520123456780")
    assert "（01）校验位不符" in caught.value.message("zh")
    assert "(01): its check digit does not match" in caught.value.message("en")


def test_words_below_a_barcode_are_read_and_written() -> None:
    text = "(01)09520123456788(10)ABC(21)7(8)"
    assert in_brackets(parse_elements(text)) == text


def test_the_table_holds_every_identifier_once() -> None:
    assert len(identifiers()) > 500
    assert {ai for ai, one in identifiers().items() if one.sequences} == {
        "00", "01", "253", "255", "401", "402", "414", "415", "417",
        "8003", "8004", "8006", "8010", "8013", "8017", "8018",
    }  # fmt: skip
