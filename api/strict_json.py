"""The one JSON boundary: what a request body may say, before anything else reads it.

Stricter than RFC 8259 where stock parsers let through what later breaks a database or an answer: no NaN or
Infinity, no lone surrogates, no NUL, no repeated names, integers of 64 bits, 32 levels.
"""

import json
import math
from typing import Any, Final, NoReturn

from api.errors import BodyNotJson

LEVELS: Final = 32
INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1
_LONGEST_INTEGER = len(str(INT64_MIN))
_HIGH, _LOW = "\ud800", "\udfff"


def parse_strict(raw: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the value of a JSON text; raises `BodyNotJson` naming the first rule it breaks.

    >>> parse_strict(b'{"grams": 12}')
    {'grams': 12}
    >>> parse_strict(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    api.errors.BodyNotJson: the request body is not acceptable JSON: a name is repeated in one object
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("不是 UTF-8 编码", "it is not UTF-8")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        _refuse(
            f"第 {error.lineno} 行第 {error.colno} 列有语法错误",
            f"syntax error at line {error.lineno}, column {error.colno}",
        )
    except RecursionError:
        _refuse_depth()
    _walk(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse("同一对象中键重复", "a name is repeated in one object")
    return members


def _constant(_: str) -> NoReturn:
    _refuse("含有 NaN 或 Infinity", "it holds NaN or Infinity")


def _integer(digits: str) -> int:
    # The length is looked at first: converting a long run of digits takes quadratic time.
    if len(digits) > _LONGEST_INTEGER or not INT64_MIN <= (value := int(digits)) <= INT64_MAX:
        _refuse("整数超出 64 位范围", "an integer does not fit into 64 bits")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        _refuse("数值过大", "a number is too large")
    return value


def _walk(value: object) -> None:
    """Check text and depth without recursion: every round goes one level deeper."""
    level, depth = [value], 0
    while level:
        depth += 1
        below: list[object] = []
        for one in level:
            if isinstance(one, str):
                _check_text(one)
            elif isinstance(one, dict):
                for name in one:
                    _check_text(name)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        if depth > LEVELS and any(isinstance(one, dict | list) for one in level):
            _refuse_depth()
        level = below


def _check_text(text: str) -> None:
    if "\0" in text:
        _refuse("文字中含有空字符", "a text holds a NUL")
    if not text.isascii() and any(_HIGH <= character <= _LOW for character in text):
        _refuse("文字中含有不成对的代理码点", "a text holds a lone surrogate")


def _refuse_depth() -> NoReturn:
    _refuse(f"嵌套超过 {LEVELS} 层", f"it is nested deeper than {LEVELS} levels")


def _refuse(rule_zh: str, rule_en: str) -> NoReturn:
    raise BodyNotJson(rule_zh=rule_zh, rule_en=rule_en)
