"""What is wrong with one field of a request or setting, in Chinese and English.

Pydantic names each fault by a stable type. The words here are ours, never echo the input, and quote only
what the schema itself says (limits, patterns, choices).
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ledger.errors import Language
from trace.vocabulary import Form, NodeType, Stage


class FieldWords(NamedTuple):
    """One fault in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the words in `language`."""
        return self.zh if language == "zh" else self.en


_OTHER = FieldWords("该值不符合要求", "this value is not accepted")
_NUMBER = FieldWords("必须是整数", "has to be a whole number")
_TIME = FieldWords(
    "必须是带时区的 RFC 3339 时间，例如 2024-04-12T09:30:00+08:00",
    "has to be an RFC 3339 time with its offset, such as 2024-04-12T09:30:00+08:00",
)
_FILE = FieldWords("必须是一个文件", "has to be a file")
_DATE = FieldWords("必须是日期，例如 2024-04-12", "has to be a date such as 2024-04-12")

_WORDS: dict[str, FieldWords] = {
    "missing": FieldWords("缺少该字段", "this field is missing"),
    "extra_forbidden": FieldWords("没有这个字段", "there is no such field"),
    "string_type": FieldWords("必须是文字", "has to be text"),
    "string_too_short": FieldWords("至少 {min_length} 个字符", "needs at least {min_length} characters"),
    "string_too_long": FieldWords("最多 {max_length} 个字符", "takes at most {max_length} characters"),
    "string_pattern_mismatch": FieldWords("不符合格式 {pattern}", "does not match the pattern {pattern}"),
    "string_unicode": FieldWords("必须是合法的 Unicode 文字", "has to be valid Unicode text"),
    "too_short": FieldWords("至少 {min_length} 项", "needs at least {min_length} entries"),
    "too_long": FieldWords("最多 {max_length} 项", "takes at most {max_length} entries"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": FieldWords("超出 64 位整数范围", "does not fit into 64 bits"),
    "float_type": FieldWords("必须是数值", "has to be a number"),
    "float_parsing": FieldWords("必须是数值", "has to be a number"),
    "decimal_parsing": FieldWords("必须是十进制数", "has to be a decimal number"),
    "finite_number": FieldWords("必须是有限数值", "has to be a finite number"),
    "bool_type": FieldWords("必须是 true 或 false", "has to be true or false"),
    "bool_parsing": FieldWords("必须是 true 或 false", "has to be true or false"),
    "greater_than": FieldWords("必须大于 {gt}", "has to be above {gt}"),
    "greater_than_equal": FieldWords("不得小于 {ge}", "must not be below {ge}"),
    "less_than": FieldWords("必须小于 {lt}", "has to be below {lt}"),
    "less_than_equal": FieldWords("不得大于 {le}", "must not be above {le}"),
    "list_type": FieldWords("必须是列表", "has to be a list"),
    "tuple_type": FieldWords("必须是列表", "has to be a list"),
    "dict_type": FieldWords("必须是对象", "has to be an object"),
    "model_type": FieldWords("必须是对象", "has to be an object"),
    "model_attributes_type": FieldWords("必须是对象", "has to be an object"),
    "json_invalid": FieldWords("不是合法的 JSON", "is not valid JSON"),
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "datetime_object_invalid": _TIME,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "path_type": FieldWords("必须是路径", "has to be a path"),
    "year_out_of_range": FieldWords("年份须在 {first} 至 {last} 之间", "needs a year from {first} to {last}"),
    "offset_out_of_range": FieldWords(
        "时区须为整分钟，且与 UTC 相差不超过 14 小时",
        "needs an offset of whole minutes within 14 hours of UTC",
    ),
    "reason_with_close": FieldWords(
        "关闭必须选原因（reason），其他处置不得带原因",
        "closing needs a reason, and nothing else may have one",
    ),
    "until_with_snooze": FieldWords(
        "暂缓必须写到哪一天（until），其他处置不得带日期",
        "putting off needs the day until when, and nothing else may have one",
    ),
    "words_needed": FieldWords(
        "说明、关闭、撤销关闭必须写理由（words）",
        "explaining, closing and reopening need words",
    ),
    "unseen_characters": FieldWords("含有看不见的字符", "has characters that cannot be seen"),
}

_LENGTHS: Final = frozenset({"too_short", "too_long"})
_CHOICES: Final = frozenset({"enum", "literal_error"})
_CHOICE: Final = re.compile(r"'([^']*)'")
"""One allowed word, as pydantic lists them: 'json' or 'text'."""


def field_words(error: Mapping[str, Any]) -> FieldWords:
    """Return the words for one pydantic error (its `type` and `ctx`).

    A `ValueError` of our own validators is said in its own words: ours never hold the input.

    >>> field_words({"type": "less_than_equal", "ctx": {"le": 100}}).en
    'must not be above 100'
    """
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        own = str(context.get("error", "")) or _OTHER.en
        if own.startswith("Expected UploadFile"):  # FastAPI's words name a Python class
            return _FILE
        return FieldWords(own, own)
    if error["type"] in _CHOICES:
        return _choices(_CHOICE.findall(str(context.get("expected", ""))))
    words = _WORDS.get(_kind(error["type"], context), _OTHER)
    return FieldWords(words.zh.format(**context), words.en.format(**context))


def _kind(kind: str, context: Mapping[str, Any]) -> str:
    """Tell text from lists: of text that validators of ours read, pydantic only knows that it is a value."""
    return f"string_{kind}" if kind in _LENGTHS and context.get("field_type") == "Value" else kind


def _choices(keys: list[str]) -> FieldWords:
    """Say which words may stand there; a word of the trade with its Chinese name beside it."""
    kinds = (kind for kind in (Stage, Form, NodeType) if {word.value for word in kind} == set(keys))
    named = {word.value: f"{word.value}（{word.zh}）" for kind in kinds for word in kind}
    return FieldWords(
        "可用的值：" + "、".join(named.get(key, key) for key in keys), "has to be one of: " + ", ".join(keys)
    )
