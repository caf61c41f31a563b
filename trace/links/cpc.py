"""The CPC family of the national circulation system (MOFCOM): what its codes are put together from.

    经营主体码 14   101 · class 3 · serial 7 · check
    商品码 20       slice: corp 14 · serial 5 · check      herb: class 3 · corp serial 7 · herb 9 · check
    批次码 25       1 · corp 14 · yymmdd · serial 3 · check
    溯源码 35       type · product 20 · yymmdd · serial 7 · check

Read from the national system's own samples; what the leading 101 means is not known. Each code also checks
the codes within it. A check digit proves nothing about who printed the code.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from ledger.errors import Location
from trace.errors import BadIdentifier
from trace.identifiers import check_cpc, cpc_check_digit

QR_PREFIX: Final = "*CPC*ZYCZS"
"""What the national system's QR codes put before a code."""

SLICE_CLASS: Final = "273"
"""GB/T 4754 group 273, 中药饮片加工 (recalled): the class in every sample."""

_CORP_HEAD: Final = "101"
_BATCH_HEAD: Final = "1"


class CpcPack(StrEnum):
    """What a trace code is stuck on, by its first digit."""

    SMALL = "5"
    """小包装"""
    BOX = "6"
    """箱（中包装）"""
    BAG = "7"
    """袋"""
    BULK = "8"
    """大包装"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CpcCorp:
    """A trading party 经营主体码."""

    industry: str
    """Three digits: a group of GB/T 4754."""
    serial: int

    @property
    def code(self) -> str:
        """Its fourteen digits.

        >>> CpcCorp(industry="273", serial=11459).code
        '10127300114596'
        """
        return _checked(f"{_CORP_HEAD}{_digits(self.industry, 3)}{_number(self.serial, 7)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CpcSlice:
    """A product 商品码 of a firm that makes slices."""

    corp: CpcCorp
    serial: int

    @property
    def code(self) -> str:
        """Its twenty digits.

        >>> CpcSlice(corp=CpcCorp(industry="273", serial=11459), serial=4).code
        '10127300114596000040'
        """
        return _checked(f"{self.corp.code}{_number(self.serial, 5)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CpcHerb:
    """A product 商品码 that is a herb: whose, and which herb by the system's own nine digits."""

    industry: str
    corp_serial: int
    herb: str
    """Nine digits: 来源, 来源部位, 药材名称 and 详细名称编号, kept as they are."""

    @property
    def code(self) -> str:
        """Its twenty digits."""
        head = f"{_digits(self.industry, 3)}{_number(self.corp_serial, 7)}"
        return _checked(f"{head}{_digits(self.herb, 9)}")


CpcProduct: TypeAlias = CpcSlice | CpcHerb


@dataclass(frozen=True, slots=True, kw_only=True)
class CpcBatch:
    """A lot 批次码: whose, the day, and its number on that day."""

    corp: CpcCorp
    day: date
    serial: int

    @property
    def code(self) -> str:
        """Its twenty-five digits.

        >>> CpcBatch(corp=CpcCorp(industry="273", serial=11459), day=date(2014, 1, 7), serial=5).code
        '1101273001145961401070059'
        """
        return _checked(f"{_BATCH_HEAD}{self.corp.code}{_day_digits(self.day)}{_number(self.serial, 3)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CpcTrace:
    """A pack 溯源码: on what it is stuck, which product, the day and its number."""

    pack: CpcPack
    product: CpcProduct
    day: date
    serial: int

    @property
    def code(self) -> str:
        """Its thirty-five digits."""
        head = f"{self.pack.value}{self.product.code}{_day_digits(self.day)}"
        return _checked(f"{head}{_number(self.serial, 7)}")

    @property
    def qr_payload(self) -> str:
        """What the national system writes into a QR code."""
        return f"{QR_PREFIX}{self.code}"


CpcCode: TypeAlias = CpcCorp | CpcSlice | CpcHerb | CpcBatch | CpcTrace


def parse_cpc(text: str) -> CpcCode:
    """Take a code of the family apart, with or without the QR prefix; raises `BadIdentifier`.

    >>> parse_cpc("*CPC*ZYCZS51012730011459600004014011400000093").pack.name
    'SMALL'
    """
    digits = text.strip().removeprefix(QR_PREFIX)
    found = check_cpc(digits)
    if found.kind == "corp":
        return _corp(found.code, text)
    if found.kind == "product":
        return _product(found.code, text)
    if found.kind == "batch":
        return _batch(found.code, text)
    return _trace(found.code, text)


def _corp(code: str, text: str) -> CpcCorp:
    if not code.startswith(_CORP_HEAD) or cpc_check_digit(code[:-1]) != code[-1]:
        raise _bad(text, "其中的经营主体码有误", "the party's code within it is wrong")
    return CpcCorp(industry=code[3:6], serial=int(code[6:13]))


def _product(code: str, text: str) -> CpcProduct:
    """A code of a slice begins with its maker's, a code of a herb with the class alone."""
    if cpc_check_digit(code[:-1]) != code[-1]:
        raise _bad(text, "其中的商品码有误", "the product's code within it is wrong")
    if code.startswith(_CORP_HEAD):
        return CpcSlice(corp=_corp(code[:14], text), serial=int(code[14:19]))
    return CpcHerb(industry=code[:3], corp_serial=int(code[3:10]), herb=code[10:19])


def _batch(code: str, text: str) -> CpcBatch:
    if not code.startswith(_BATCH_HEAD):
        raise _bad(text, "批次码须以 1 开头", "a lot's code begins with 1")
    return CpcBatch(corp=_corp(code[1:15], text), day=_day(code[15:21], text), serial=int(code[21:24]))


def _trace(code: str, text: str) -> CpcTrace:
    if code[0] not in {each.value for each in CpcPack}:
        raise _bad(text, "首位须为 5、6、7 或 8", "its first digit must be 5, 6, 7 or 8")
    return CpcTrace(
        pack=CpcPack(code[0]),
        product=_product(code[1:21], text),
        day=_day(code[21:27], text),
        serial=int(code[27:34]),
    )


def _day(digits: str, text: str) -> date:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError as fault:
        raise _bad(text, "其中的日期不存在", "there is no such day as the one within it") from fault


def _day_digits(day: date) -> str:
    if day.year // 100 != 20:
        raise _bad(day.isoformat(), "年份须在 2000 至 2099 之间", "its year must lie in 2000 to 2099")
    return day.strftime("%y%m%d")


def _checked(body: str) -> str:
    return f"{body}{cpc_check_digit(body)}"


def _number(number: int, digits: int) -> str:
    if not 0 <= number < 10**digits:
        raise _bad(str(number), f"序号须在 {digits} 位数字以内", f"its number must fit {digits} digits")
    return f"{number:0{digits}d}"


def _digits(text: str, count: int) -> str:
    if not re.fullmatch(f"[0-9]{{{count}}}", text):
        raise _bad(text, f"应为 {count} 位数字", f"it must have {count} digits")
    return text


def _bad(text: str, fault_zh: str, fault_en: str) -> BadIdentifier:
    return BadIdentifier(
        kind_zh="中药材流通追溯编码",
        kind_en="CPC code",
        value=text.strip()[:48],
        fault_zh=fault_zh,
        fault_en=fault_en,
        at=Location(value=text.strip()[:48]),
    )
