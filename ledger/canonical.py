"""The one byte form of a JSON value: RFC 8785 (JCS), restricted until every writer agrees.

RFC 8785 leaves room for disagreement where languages differ: floats, integers beyond
2^53-1, keys ordered by UTF-16 units, duplicate keys, lone surrogates. The restricted form
forbids those, so that orjson, `json.dumps` and any RFC 8785 writer give the same bytes,
and it forbids characters that make a text look like another one. Strings are otherwise
taken as they are: Unicode normalisation would rewrite names (some CJK ideographs are
"compatibility" characters), so none is applied (RFC 8785, section 3.1).
docs/ledger-format.md, section 1, lists the rules with their slugs.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeAlias

import orjson

from ledger.errors import Location, NotCanonical, Said

JsonValue: TypeAlias = bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
"""What the restricted form can say. Decimals travel as strings."""

# The members and places that lead to a value, innermost last; spelt out only when it is refused.
_Path: TypeAlias = tuple[()] | tuple["_Path", str | int]

MAX_INTEGER: Final = 2**53 - 1
"""RFC 8785, section 3.2.2.3, by way of I-JSON (RFC 7493, section 2.2)."""
MAX_DEPTH: Final = 8
"""Objects and arrays nested in each other, the outermost counted as 1."""

# C0, DEL and C1 controls; bidirectional controls (UAX #9), which reorder what a reader sees;
# U+2028 and U+2029, which start a line in some programs and not in others.
_FORBIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Rule(StrEnum):
    """Slugs of the rules; they never change meaning, so programs may rely on them."""

    KEY_ASCII = "key-ascii"
    FLOAT = "float"
    INTEGER_RANGE = "integer-range"
    DUPLICATE_KEY = "duplicate-key"
    SURROGATE = "surrogate"
    CONTROL = "control-character"
    DEPTH = "depth"
    TYPE = "type"
    SYNTAX = "syntax"
    BYTES = "bytes"


_WHY: Final[Mapping[Rule, Said]] = {
    Rule.KEY_ASCII: Said("成员名只能用可见 ASCII 字符", "member names are printable ASCII"),
    Rule.FLOAT: Said(
        "不得出现小数或指数；小数写成字符串",
        "no fractions or exponents; decimals are strings",
    ),
    Rule.INTEGER_RANGE: Said("整数绝对值不超过 2^53-1", "integers lie within ±(2^53-1)"),
    Rule.DUPLICATE_KEY: Said("同一对象中成员名不得重复", "no member name occurs twice in one object"),
    Rule.SURROGATE: Said("字符串须为完整的 Unicode", "strings are whole Unicode, without lone surrogates"),
    Rule.CONTROL: Said(
        "字符串不得含控制符、换行或文字方向控制符",
        "strings hold no control, line-break or bidirectional control characters",
    ),
    Rule.DEPTH: Said("嵌套不超过 8 层", "objects and arrays nest at most 8 deep"),
    Rule.TYPE: Said(
        "只能用不含小数的 JSON 值",
        "only JSON values without floats",
    ),
    Rule.SYNTAX: Said("不是一个 JSON 文本", "not one JSON text in UTF-8"),
    Rule.BYTES: Said(
        "与规范字节不完全相同（空白、成员次序或转义写法）",
        "not byte for byte canonical (whitespace, member order or escapes)",
    ),
}


def canonical(value: JsonValue) -> bytes:
    r"""Return the canonical bytes of `value`.

    Raises `NotCanonical` naming the rule and, as a JSON pointer, the place.

    >>> canonical({"herb": "白芍", "grams": 12500})
    b'{"grams":12500,"herb":"\xe7\x99\xbd\xe8\x8a\x8d"}'
    """
    if not _plainly_sound(value):
        _check(value, (), 0)
    return serialise(value)


def serialise(value: JsonValue) -> bytes:
    """Return the canonical bytes of a value that was checked before: by `canonical`, `parse` or `read`.

    Nothing is checked here; another value gives bytes that may not be canonical.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)


def parse(raw: bytes) -> JsonValue:
    """Return the value whose canonical bytes are exactly `raw`; refuse all other bytes.

    Raises `NotCanonical`: by the rule the content breaks or, where only whitespace, order
    or escapes differ, by rule `bytes`.
    """
    value: JsonValue = None
    rewritten: bytes | None = None
    try:
        value = orjson.loads(raw)
        rewritten = canonical(value)
    except (orjson.JSONDecodeError, NotCanonical):
        read(raw)  # says precisely which rule the text itself breaks
    # A duplicate key shortens the round trip, so equality refuses it too.
    if rewritten != raw:
        read(raw)
        _refuse(Rule.BYTES, ())
    return value


def read(raw: bytes | str) -> JsonValue:
    """Return the value of any JSON text whose content obeys the rules, however it is laid out.

    Raises `NotCanonical` like `canonical`, and for duplicate keys, which a parsed value no
    longer shows.
    """
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
        value: JsonValue = json.loads(
            text,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            parse_int=_integer,
            object_pairs_hook=_members,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(rule=Rule.SYNTAX, why=_WHY[Rule.SYNTAX]) from error
    _check(value, (), 0)
    return value


_LONG = 64
"""Longer lists of plain integers, such as the columns of a bundle, are judged at once."""


def _plainly_sound(value: object) -> bool:
    """Tell quickly, for the plain types every JSON reader gives, that no rule is broken.

    False says nothing yet: `_check` then walks the value again and names the rule and the place, or
    finds the unusual type sound. Breadth first, so that all names and all texts are judged together.
    """
    names: list[Any] = []
    texts: list[str] = []
    row: list[Any] = [value]
    room = MAX_DEPTH
    while row:
        below: list[Any] = []
        for one in row:
            kind = type(one)
            if kind is str:
                texts.append(one)
            elif kind is int:
                if not -MAX_INTEGER <= one <= MAX_INTEGER:
                    return False
            elif (kind is dict or kind is list) and room:
                if kind is dict:
                    names += one
                    below += one.values()
                elif len(one) > _LONG and set(map(type, one)) == {int}:
                    if min(one) < -MAX_INTEGER or max(one) > MAX_INTEGER:
                        return False
                else:
                    below += one
            elif one is not None and kind is not bool:
                return False
        row = below
        room -= 1
    return _plain_names(names) and _plain_text("".join(texts))


def _plain_names(names: list[Any]) -> bool:
    if not all(type(name) is str for name in names):
        return False
    joined = "".join(names)
    return joined.isascii() and joined.isprintable()


def _plain_text(joined: str) -> bool:
    # What Python calls printable holds no character of the categories Cc, Cf, Cs, Zl and Zp, in which all
    # refused ones are; it also holds no unusual space, which the rules allow.
    return joined.isprintable() or not (_SURROGATE.search(joined) or _FORBIDDEN.search(joined))


def _check(value: object, path: _Path, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, path)
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            _refuse(Rule.INTEGER_RANGE, path, str(value) if value.bit_length() < 512 else "…")
    elif isinstance(value, dict | Mapping):
        _check_depth(depth, path)
        for key, member in value.items():
            _check_key(key, path)
            _check(member, (path, key), depth + 1)
    elif isinstance(value, list | tuple):
        _check_depth(depth, path)
        for place, element in enumerate(value):
            _check(element, (path, place), depth + 1)
    else:
        _refuse(Rule.FLOAT if isinstance(value, float) else Rule.TYPE, path, type(value).__name__)


def _check_depth(depth: int, path: _Path) -> None:
    if depth >= MAX_DEPTH:
        _refuse(Rule.DEPTH, path)


def _check_text(text: str, path: _Path) -> None:
    if text.isascii() and text.isprintable():
        return
    if _SURROGATE.search(text):
        _refuse(Rule.SURROGATE, path)
    if found := _FORBIDDEN.search(text):
        _refuse(Rule.CONTROL, path, f"U+{ord(found.group()):04X}")


def _check_key(key: object, path: _Path) -> None:
    if type(key) is not str:  # orjson writes no subclass of it as a name
        _refuse(Rule.TYPE, path, repr(key))
    if not (key.isascii() and key.isprintable()):  # together: U+0020 to U+007E
        _refuse(Rule.KEY_ASCII, path, ascii(key))


def _plain(value: object) -> object:
    """Turn a mapping that is no dict into one: all that orjson does not write by itself."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        _refuse(Rule.DUPLICATE_KEY, (), ascii(repeated))
    return members


def _integer(digits: str) -> int:
    # 17 characters hold any integer in range with its sign; longer ones need not be converted.
    if len(digits) > 17 or digits == "-0":
        _refuse(Rule.FLOAT if digits == "-0" else Rule.INTEGER_RANGE, (), digits[:40])
    return int(digits)


def _refuse_float(digits: str) -> NoReturn:
    _refuse(Rule.FLOAT, (), digits[:40])


def _refuse(rule: Rule, path: _Path, value: str | None = None) -> NoReturn:
    raise NotCanonical(rule=rule, why=_WHY[rule], at=Location(field=_pointer(path) or None, value=value))


def _pointer(path: _Path) -> str:
    """Return the path as a JSON pointer (RFC 6901)."""
    if not path:
        return ""
    before, last = path
    return f"{_pointer(before)}/{str(last).replace('~', '~0').replace('/', '~1')}"
