"""The restricted form against rfc8785, an independent writer, and rule by rule."""

import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import (
    MAX_INTEGER,
    JsonValue,
    Rule,
    _check,
    _plainly_sound,
    canonical,
    parse,
    read,
)
from ledger.errors import NotCanonical

FORBIDDEN = {
    *map(chr, (*range(0x20), *range(0x7F, 0xA0))),
    *"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=sorted(FORBIDDEN)), max_size=12)
keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=10,
).filter(lambda value: depth(value) <= 8)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@settings(max_examples=150)
@given(values)
def test_our_bytes_are_those_of_an_independent_rfc_8785_writer(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@settings(max_examples=100)
@given(values)
def test_parsing_canonical_bytes_gives_the_value_back(value: object) -> None:
    assert parse(canonical(value)) == value  # type: ignore[arg-type]


@settings(max_examples=100)
@given(values)
def test_any_layout_of_a_value_reads_as_it_but_does_not_parse(value: object) -> None:
    spaced = json.dumps(value, indent=1).encode() + b"\n"
    assert read(spaced) == value
    with pytest.raises(NotCanonical) as refused:
        parse(spaced)
    assert refused.value.rule == Rule.BYTES


def nested(levels: int) -> object:
    return [] if levels == 1 else [nested(levels - 1)]


def test_numbers_and_depth_are_taken_up_to_their_bounds() -> None:
    assert parse(canonical([MAX_INTEGER, -MAX_INTEGER])) == [2**53 - 1, 1 - 2**53]
    assert canonical(nested(8)) == b"[" * 8 + b"]" * 8  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ({"a": 1.5}, Rule.FLOAT),
        ([float("nan")], Rule.FLOAT),
        (2**53, Rule.INTEGER_RANGE),
        (-(2**53), Rule.INTEGER_RANGE),
        (10**400, Rule.INTEGER_RANGE),
        ({"名": 1}, Rule.KEY_ASCII),
        ({"a\n": 1}, Rule.KEY_ASCII),
        ({1: 1}, Rule.TYPE),
        (b"bytes", Rule.TYPE),
        ({"a": {1}}, Rule.TYPE),
        ("\ud800", Rule.SURROGATE),
        (nested(9), Rule.DEPTH),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_by_that_rule(value: object, rule: Rule) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"deep": value} if rule is not Rule.DEPTH else value)  # type: ignore[dict-item, arg-type]
    assert refused.value.rule == rule


@pytest.mark.parametrize("character", sorted(FORBIDDEN), ids=lambda character: f"U+{ord(character):04X}")
def test_a_character_that_misleads_a_reader_is_refused(character: str) -> None:
    with pytest.raises(NotCanonical, match="control-character") as refused:
        canonical(["ok", f"a{character}b"])
    assert (refused.value.at.field, refused.value.at.value) == ("/1", f"U+{ord(character):04X}")


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b'{"a":1,"a":1}', Rule.DUPLICATE_KEY),
        (b'{"a":{"b":1,"b":2}}', Rule.DUPLICATE_KEY),
        (b'{"b":1,"a":1}', Rule.BYTES),
        (b'{"a": 1}', Rule.BYTES),
        (b'"\\u4e2d"', Rule.BYTES),
        (b'"\\/"', Rule.BYTES),
        (b"1.0", Rule.FLOAT),
        (b"1e3", Rule.FLOAT),
        (b"-0", Rule.FLOAT),
        (b"NaN", Rule.FLOAT),
        (b"Infinity", Rule.FLOAT),
        (b"9007199254740992", Rule.INTEGER_RANGE),
        (b"1" * 5000, Rule.INTEGER_RANGE),
        (b'"\\ud800"', Rule.SURROGATE),
        (b'"\\u0000"', Rule.CONTROL),
        (b'"\x01"', Rule.SYNTAX),
        (b'"\xff"', Rule.SYNTAX),
        (b"", Rule.SYNTAX),
        (b"{}{}", Rule.SYNTAX),
        (b"\xef\xbb\xbf{}", Rule.SYNTAX),
        (b"01", Rule.SYNTAX),
        (b"[" * 9 + b"]" * 9, Rule.DEPTH),
        (b"[" * 100_000, Rule.SYNTAX),
    ],
)
def test_bytes_that_break_a_rule_are_refused_by_that_rule(raw: bytes, rule: Rule) -> None:
    with pytest.raises(NotCanonical) as refused:
        parse(raw)
    assert refused.value.rule == rule


anything = st.recursive(
    scalars
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(anything)
def test_the_quick_look_passes_nothing_that_the_thorough_one_refuses(value: object) -> None:
    """The quick one may ask for the thorough one; for plain values both must agree."""
    try:
        _check(value, (), 0)
    except NotCanonical:
        assert not _plainly_sound(value)
    else:
        assert _plainly_sound(value)


@pytest.mark.parametrize("inside", [[], {}, 1, [1], {"a": 1}])
@pytest.mark.parametrize("levels", range(1, 10))
def test_depth_is_counted_alike_whatever_stands_inside(inside: object, levels: int) -> None:
    value = inside
    for _ in range(levels):
        value = [value]
    assert _plainly_sound(value) is (depth(value) <= 8)


class Colour(StrEnum):
    RED = "red"


def test_frozen_and_named_values_have_the_bytes_of_plain_ones() -> None:
    value: Mapping[str, JsonValue] = MappingProxyType({"b": ("x", MappingProxyType({})), "a": Colour.RED})
    assert canonical(value) == b'{"a":"red","b":["x",{}]}'


def test_the_pointer_of_a_refusal_escapes_its_names() -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"a/b": [{"c~d": "\n"}]})
    assert refused.value.at.field == "/a~1b/0/c~0d"


def test_a_refusal_says_where_and_why_in_both_languages() -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"tests": [{"so2": 1.5}]})  # type: ignore[dict-item]
    assert refused.value.at.field == "/tests/0/so2"
    assert "float" in refused.value.message("zh")
    assert "小数" in refused.value.message("zh")
    assert "decimals" in refused.value.message("en")
    assert refused.value.remedy("zh")


def test_compatibility_ideographs_are_not_normalised() -> None:
    # U+F9B4 is a compatibility form of U+9818 领/領; NFC would replace it in somebody's name.
    assert canonical("\uf9b4") == '"\uf9b4"'.encode()


@pytest.mark.parametrize("bad", [2**53, -(2**53), 1.5])
@pytest.mark.parametrize("place", [0, 500, 999])
def test_a_long_column_of_integers_is_judged_as_strictly_as_a_short_one(bad: Any, place: int) -> None:
    column: list[Any] = list(range(1000))
    assert parse(canonical({"column": column})) == {"column": column}
    column[place] = bad
    with pytest.raises(NotCanonical) as refused:
        canonical({"column": column})
    assert str(refused.value.at.field).endswith(str(place))
