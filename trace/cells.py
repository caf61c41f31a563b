"""What the cells of an import sheet mean: times, lots with masses, test results, and fields.

Each reader takes text and raises the error of whatever it expected; `imports` adds file and row.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import Final, TypeVar

from trace.columns import STEPS
from trace.errors import BadCell
from trace.quantities import narrow, parse_mass
from trace.steps import LOT_PATTERN
from trace.vocabulary import Word

OneWord = TypeVar("OneWord", bound=Word)

LOCAL: Final = timezone(timedelta(hours=8))
"""Times written without an offset are Beijing time (GB/T 7408): all of China keeps it."""

_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:时点](\d{2})分?(?:[:]?(\d{2})秒?(?:\.\d{1,9})?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_COUNT: Final = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_SPLIT: Final = re.compile(r"[;；\n]")
_AMOUNT: Final = re.compile(r"(?P<lot>[^\s=:]+)(?:\s*[=:]\s*|\s+)?(?P<mass>.*)")
_RESULT: Final = re.compile(
    r"(?P<measurand>[^=]+?)\s*=\s*(?P<value>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[^\d\s(]*)\s*(?:\((?P<method>.+)\))?"
)


def read_time(text: str) -> datetime:
    """Read a moment to the second: ISO 8601, or as people write it; Beijing time where no offset stands.

    >>> read_time("2026/3/5 8:00").isoformat()
    '2026-03-05T08:00:00+08:00'
    """
    found = _TIME.fullmatch(narrow(text))
    if found is None:
        raise _bad_time(text)
    *numbers, offset = found.groups(default="0")
    year, month, day, hour, minute, second = map(int, numbers)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=LOCAL)
        return (
            moment if found[7] is None else datetime.fromisoformat(moment.isoformat()[:19] + offset.upper())
        )
    except ValueError:
        raise _bad_time(text) from None


def read_amounts(text: str, column: str) -> list[dict[str, object]]:
    """Read lots with masses, such as "BS-A=500公斤；BS-B 400 kg；BS-C"; what is full-width is narrowed.

    >>> read_amounts("ＢＳ-A＝500公斤; BS-B", "投入批次 inputs")
    [{'lot': 'BS-A', 'grams': 500000}, {'lot': 'BS-B'}]
    """
    amounts: list[dict[str, object]] = []
    for part in _parts(text):
        found = _AMOUNT.fullmatch(part)
        if found is None or not re.fullmatch(LOT_PATTERN, found["lot"]):
            raise _bad_amount(part, column)
        mass = {"grams": parse_mass(found["mass"], positive=True)} if found["mass"] else {}
        amounts.append({"lot": found["lot"]} | mass)
    return amounts


def lots_named(text: str) -> list[str]:
    """Return the lots a cell speaks of, though its masses may be unreadable.

    >>> lots_named("BS-A=很多；BS-B")
    ['BS-A', 'BS-B']
    """
    found = (_AMOUNT.fullmatch(part) for part in _parts(text))
    return [each["lot"] for each in found if each is not None]


def read_results(text: str) -> list[dict[str, str]]:
    """Read test results, such as "二氧化硫残留量=120.5 mg/kg；水分=11.2 %（通则0832）".

    >>> read_results("水分=11.2 %（通则0832）")
    [{'measurand': '水分', 'value': '11.2', 'unit': '%', 'method': '通则0832'}]
    """
    results: list[dict[str, str]] = []
    for part in _parts(text):
        found = _RESULT.fullmatch(part)
        if found is None:
            raise BadCell(
                column=STEPS.label("results"),
                value=part[:40],
                fault_zh="不是检验结果",
                fault_en="it is not a test result",
                wanted_zh="请写成 二氧化硫残留量=120.5 mg/kg；水分=11.2 %（方法可写在括号里）",
                wanted_en="write 二氧化硫残留量=120.5 mg/kg; 水分=11.2 % (method in brackets)",
            )
        results.append({name: word.strip() for name, word in found.groupdict().items() if word})
    return results


def read_codes(text: str) -> list[str]:
    """Read trace codes with semicolons between; whether each is one is judged where codes are known.

    >>> read_codes("ABCD-1234；EFGH-5678")
    ['ABCD-1234', 'EFGH-5678']
    """
    return _parts(text)


def read_count(text: str, column: str) -> int:
    """Read a whole number above zero."""
    if not _COUNT.fullmatch(narrow(text)):
        raise BadCell(
            column=column,
            value=text[:40],
            fault_zh="不是大于零的整数",
            fault_en="it is not a whole number above zero",
            wanted_zh="请填写整数，如 200",
            wanted_en="enter a whole number such as 200",
        )
    return int(narrow(text))


def read_word(text: str, column: str, kind: type[OneWord]) -> OneWord:
    """Read one word of a closed list by its key, Chinese or English name."""
    found = kind.named(narrow(text))
    if found is None:
        raise BadCell(
            column=column,
            value=text[:40],
            fault_zh="不在可用的词里",
            fault_en="it is not one of the words in use",
            wanted_zh=f"可用：{'、'.join(word.zh for word in kind)}",
            wanted_en=f"use one of: {', '.join(word.en for word in kind)}",
        )
    return found


def _parts(text: str) -> list[str]:
    return [part for piece in _SPLIT.split(text) if (part := narrow(piece))]


def _bad_time(text: str) -> BadCell:
    return BadCell(
        column=STEPS.label("time"),
        value=text[:40],
        fault_zh="不是日期时间",
        fault_en="it is not a date and time",
        wanted_zh="请写成 2026-03-05 08:00，不写时区即为北京时间",
        wanted_en="write 2026-03-05 08:00; without an offset it is Beijing time",
    )


def _bad_amount(part: str, column: str) -> BadCell:
    return BadCell(
        column=column,
        value=part[:40],
        fault_zh="不是批次与重量",
        fault_en="it is not a lot with a mass",
        wanted_zh="请写成 BS-A=500公斤；BS-B=400公斤；批次号只用字母、数字、点、短横和下划线",
        wanted_en="write BS-A=500公斤; BS-B=400公斤; a lot id has letters, digits, dot, dash and underscore",
    )
