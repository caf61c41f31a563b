"""What a GS1 element may hold: its characters, its length, its check digit and its dates.

Checked are length and characters of every component, check digits, dates and hours, pieces of a total and
the importer index. Lists of countries, currencies, media types and the like are not kept here: of those
only the form is checked.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Final

from trace.identifiers import gs1_check_digit
from trace.links.gs1_identifiers import Component, Identifier

CHARSET_82: Final = r"!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z"
"""GS1 AI encodable character set 82, as a class of a regular expression: no Chinese."""

_CHARACTERS: Final[Mapping[str, re.Pattern[str]]] = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(f"[{CHARSET_82}]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
    "Z": re.compile(r"[0-9A-Za-z_\-=]*"),
}
_CHARACTER_WORDS: Final = {
    "N": ("只能是数字", "it must be digits"),
    "X": ("含有 GS1 字符集 82 以外的字符（不能用中文）", "it has characters outside GS1 charset 82"),
    "Y": ("含有 GS1 字符集 39 以外的字符", "it has characters outside GS1 charset 39"),
    "Z": ("含有 base64url 以外的字符", "it has characters outside base64url"),
}

Fault = tuple[str, str]
"""What is wrong, in Chinese and in English."""


def value_fault(one: Identifier, value: str) -> Fault | None:
    """Return what is wrong with `value` as the content of an identifier; None when nothing is.

    >>> from trace.links.gs1_identifiers import identifiers
    >>> value_fault(identifiers()["01"], "06901234567892"), value_fault(identifiers()["10"], "LOT-1")
    (None, None)
    >>> value_fault(identifiers()["01"], "06901234567891")[1]
    'its check digit does not match'
    """
    rest = value
    for component in one.components:
        if component.optional and not rest:
            break
        part, rest = rest[: component.longest], rest[component.longest :]
        fault = _part_fault(component, part)
        if fault is not None:
            return fault
    return (f"比规定的长 {len(rest)} 位", f"it is {len(rest)} characters too long") if rest else None


def _part_fault(component: Component, part: str) -> Fault | None:
    if not part:
        return ("内容为空或过短", "it is empty or too short")
    if not _CHARACTERS[component.characters].fullmatch(part):
        return _CHARACTER_WORDS[component.characters]
    if len(part) < component.shortest:
        return (
            f"应为 {component.shortest} 位，实为 {len(part)} 位",
            f"it has {len(part)} characters, not {component.shortest}",
        )
    for name in component.checks:
        check = _CHECKS.get(name)
        if check is not None and (fault := check(part)) is not None:
            return fault
    return None


def _check_digit(part: str) -> Fault | None:
    right = gs1_check_digit(part[:-1]) == part[-1]
    return None if right else ("校验位不符", "its check digit does not match")


def _day(part: str, *, zero_allowed: bool) -> Fault | None:
    """YYMMDD; day 00 means the last day of the month where that is allowed (General Specifications, 3.4)."""
    month, day = int(part[-4:-2]), int(part[-2:])
    # A century does not decide the length of February: 1900 and 2100 cannot be told from 2000 by two digits.
    year = 2000 + int(part[-6:-4])
    right = 1 <= month <= 12 and (0 if zero_allowed else 1) <= day <= monthrange(year, month)[1]
    return None if right else ("日期不存在", "there is no such day")


def _date(part: str) -> Fault | None:
    return _day(part, zero_allowed=False)


def _date_or_month(part: str) -> Fault | None:
    return _day(part, zero_allowed=True)


def _hour_minute(part: str) -> Fault | None:
    right = int(part[:2]) < 24 and int(part[2:] or 0) < 60
    return None if right else ("时间不存在", "there is no such time of day")


def _sixty(part: str) -> Fault | None:
    return None if int(part) < 60 else ("分或秒不存在", "there is no such minute or second")


def _piece_of_total(part: str) -> Fault | None:
    half = len(part) // 2
    right = 0 < int(part[:half]) <= int(part[half:])
    return None if right else ("件序号须在 1 与总件数之间", "the piece must lie between 1 and the total")


def _importer_index(part: str) -> Fault | None:
    right = re.fullmatch(r"[0-9A-Za-z_-]", part)
    return None if right else ("进口商索引字符不合规", "the importer index is not one of the 64 characters")


def _yes_or_no(part: str) -> Fault | None:
    return None if part in ("0", "1") else ("只能是 0 或 1", "it must be 0 or 1")


def _zero(part: str) -> Fault | None:
    return None if part == "0" else ("首位须为 0", "it must begin with 0")


def _not_zero(part: str) -> Fault | None:
    return None if int(part) else ("不能为零", "it must not be zero")


_CHECKS: Final[Mapping[str, Callable[[str], Fault | None]]] = {
    "csum": _check_digit,
    "yymmdd": _date,
    "yyyymmdd": _date,
    "yymmd0": _date_or_month,
    "hhmi": _hour_minute,
    "hh": _hour_minute,
    "mi": _sixty,
    "ss": _sixty,
    "pieceoftotal": _piece_of_total,
    "importeridx": _importer_index,
    "yesno": _yes_or_no,
    "zero": _zero,
    "nonzero": _not_zero,
}
