"""Which language a request is answered in: the address, then the browser, then Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.languages import HTML_LANG, LANGUAGES, language_of, preferred


def asked(query: str = "", accept: str | None = None) -> Request:
    headers = [] if accept is None else [(b"accept-language", accept.encode())]
    return Request({"type": "http", "query_string": query.encode(), "headers": headers})


def test_the_address_wins_over_the_browser() -> None:
    assert language_of(asked("lang=en", "zh-CN")) == "en"
    assert language_of(asked("lang=zh", "en-GB")) == "zh"


def test_without_any_wish_the_answer_is_chinese() -> None:
    assert language_of(asked()) == "zh"


@pytest.mark.parametrize("unknown", ["lang=fr", "lang=", "lang=%00", "lang=" + "x" * 5000, "lang=英文"])
def test_an_unknown_language_in_the_address_is_passed_over(unknown: str) -> None:
    assert language_of(asked(unknown, "en-US,en;q=0.9")) == "en"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh-TW, en;q=0.9", "zh"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en"),
        ("en;q=0", "zh"),
        ("en;q=nan", "zh"),
        ("EN_gb", "en"),
        ("", "zh"),
    ],
)
def test_the_best_liked_of_our_two_languages_is_taken(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=600))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert preferred(header) in LANGUAGES


def test_pages_name_simplified_chinese_in_html() -> None:
    assert HTML_LANG == {"zh": "zh-CN", "en": "en"}
