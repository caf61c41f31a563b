"""The strict JSON boundary: what it lets through, what it refuses, and that nothing gets past it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import BodyNotJson
from api.strict_json import parse_strict

_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=20,
)


@given(_json)
def test_ordinary_json_comes_through_unchanged(value: object) -> None:
    assert parse_strict(json.dumps(value, ensure_ascii=False).encode()) == value
    assert parse_strict(json.dumps(value).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused_and_nothing_else(raw: bytes) -> None:
    try:
        value = parse_strict(raw)
    except BodyNotJson:
        return
    assert json.loads(raw) == value


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "NaN"),
        (b"[-Infinity]", "NaN"),
        (rb'{"a": "\ud800"}', "surrogate"),
        (rb'{"\udfff": 1}', "surrogate"),
        (rb'["\udc00\ud800"]', "surrogate"),
        (rb'["\u0000"]', "NUL"),
        (rb'{"a\u0000b": 1}', "NUL"),
        (b'{"a": 1, "a": 1}', "repeated"),
        (b'[{"x": {"a": 1, "a": 2}}]', "repeated"),
        (b"[9223372036854775808]", "64 bits"),
        (b"[-9223372036854775809]", "64 bits"),
        (b"[" + b"9" * 100_000 + b"]", "64 bits"),
        (b"[1e400]", "too large"),
        (b"[-1e400]", "too large"),
        (b"\xff{}", "UTF-8"),
        (b"\xef\xbb\xbf{}", "syntax"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b"{", "line 1, column 2"),
        (b"[1,]", "syntax"),
        (b'{"a": 1} x', "syntax"),
        (b'"\x00"', "syntax"),
        (b"[" * 33 + b"]" * 33, "32 levels"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "32 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "32 levels"),
    ],
)
def test_a_broken_rule_is_named(raw: bytes, rule: str) -> None:
    with pytest.raises(BodyNotJson) as caught:
        parse_strict(raw)
    assert rule in caught.value.message("en")
    assert caught.value.message("zh").startswith("请求正文不是可接受的 JSON：")


@pytest.mark.parametrize(
    "raw",
    [
        b"[9223372036854775807, -9223372036854775808]",
        b"[" * 32 + b"]" * 32,
        b"[" * 31 + b'{"a": 1}' + b"]" * 31,
        rb'["\ud83c\udf3f"]',
        '["白芍", "\U00020000"]'.encode(),
        b"[1e308, -0.0]",
    ],
)
def test_what_stands_just_inside_the_rules_is_taken(raw: bytes) -> None:
    assert parse_strict(raw) == json.loads(raw)
