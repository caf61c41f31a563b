"""Identifiers of firms, regions and goods: their shapes and their check characters.

GB 32100 (统一社会信用代码), GB 11714 (组织机构代码), GB/T 2260 (行政区划代码), the MOFCOM system's
CPC family (中药材流通追溯编码), GS1 keys and the 20-character drug trace code. Pure arithmetic: whether
an identifier was ever issued is not known here.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from ledger.errors import Location
from trace.divisions import PROVINCES
from trace.errors import BadIdentifier

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: no I, O, S, V, Z."""

_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714, the eight before the check
_CPC_WEIGHTS: Final = (3, 9, 7, 1)  # powers of three modulo 10, from the right
_CPC_EXACT: Final = 19  # digits whose power of three fits 32 bits
_CPC_SATURATED: Final = 7  # 2**31 - 1 modulo 10: the weight of every digit further left
_STATE_COUNCIL: Final = "10"  # 100000 stands for registrars of the state itself

CpcKind = Literal["corp", "product", "batch", "trace"]
_CPC_KINDS: Final[dict[int, CpcKind]] = {14: "corp", 20: "product", 25: "batch", 35: "trace"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    zh: str
    en: str


_USCC: Final = _Name(zh="统一社会信用代码", en="unified social credit code")
_ORGANISATION: Final = _Name(zh="组织机构代码", en="organisation code")
_GB2260: Final = _Name(zh="行政区划代码", en="division code")
_CPC: Final = _Name(zh="中药材流通追溯编码", en="CPC code")
_GTIN: Final = _Name(zh="商品条码", en="GTIN")
_GLN: Final = _Name(zh="全球位置码", en="GLN")
_SSCC: Final = _Name(zh="系列货运包装箱代码", en="SSCC")
_DRUG: Final = _Name(zh="药品追溯码", en="drug trace code")


def check_uscc(text: str) -> str:
    """Return the unified social credit code in upper case, or raise `BadIdentifier`.

    Both check characters are verified: the last one (GB 32100, modulo 31) and the one of the
    organisation code within (GB 11714). The registrar may be a letter: rural collectives begin with N.

    >>> check_uscc("91110000600037341L")
    '91110000600037341L'
    """
    code = text.strip().upper()
    if len(code) != 18:
        raise _bad(_USCC, text, f"应为 18 位，实为 {len(code)} 位", f"it has {len(code)} characters, not 18")
    for letter in code:
        if letter not in USCC_ALPHABET:
            raise _bad(_USCC, text, f"不使用字符“{letter}”", f"“{letter}” is never used in one")
    if not code[2:8].isdigit() or code[2:4] not in {*PROVINCES, _STATE_COUNCIL}:
        raise _bad(_USCC, text, "第 3 至 8 位不是行政区划代码", "characters 3 to 8 are not a division code")
    if organisation_check(code[8:16]) != code[16]:
        raise _bad(_USCC, text, "第 17 位校验位不符", "character 17, its inner check, does not match")
    if uscc_check(code[:17]) != code[17]:
        raise _bad(_USCC, text, "末位校验码不符", "the last character, its check, does not match")
    return code


def uscc_check(body: str) -> str:
    """Return the check character of the 17 characters before it (GB 32100-2015, annex A).

    >>> uscc_check("91110000600037341")
    'L'
    """
    weighted = sum(USCC_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return USCC_ALPHABET[-weighted % 31]


def make_uscc(registrar: str, organisation_type: str, division: str, organisation: str) -> str:
    """Put a code together: 登记管理部门, 机构类别, 行政区划 (6) and 8 characters of the organisation.

    Both check characters are computed. Raises `BadIdentifier` when the parts do not make a code.

    >>> make_uscc("9", "1", "110000", "60003734")
    '91110000600037341L'
    """
    parts = (registrar + organisation_type + division + organisation).upper()
    if len(parts) != 16 or not set(parts) <= set(USCC_ALPHABET):
        raise _bad(_USCC, parts, "组成部分应为 1+1+6+8 位", "its parts must have 1 + 1 + 6 + 8 characters")
    body = parts + organisation_check(parts[8:])
    return check_uscc(body + uscc_check(body))


def organisation_check(body: str) -> str:
    """Return the check character of the eight before it (GB 11714): 0-9 or X.

    Letters count from A = 10 to Z = 35.

    >>> organisation_check("60003734")
    '1'
    """
    weighted = sum(
        int(letter, 36) * weight for letter, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-weighted % 11]


def check_organisation(text: str) -> str:
    """Return a nine-character organisation code without its hyphen, or raise `BadIdentifier`.

    >>> check_organisation("60003734-1")
    '600037341'
    """
    code = re.sub(r"-(?=.$)", "", text.strip().upper())
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code, re.ASCII):
        raise _bad(
            _ORGANISATION, text, "应为 8 位加 1 位校验码", "it must have 8 characters and a check character"
        )
    if organisation_check(code[:8]) != code[8]:
        raise _bad(_ORGANISATION, text, "校验码不符", "its check character does not match")
    return code


def check_gb2260(text: str) -> str:
    """Return a six-digit division code of the right shape, or raise `BadIdentifier`.

    The province must exist and a county (last two digits) needs a prefecture (middle two). Whether
    the county exists, `trace.divisions` says for those it knows.

    >>> check_gb2260("341602")
    '341602'
    """
    code = text.strip()
    if not re.fullmatch(r"[0-9]{6}", code):
        raise _bad(_GB2260, text, "应为 6 位数字", "it must have 6 digits")
    if code[:2] not in PROVINCES:
        raise _bad(_GB2260, text, f"没有代码为 {code[:2]} 的省份", f"no province has the code {code[:2]}")
    if code[2:4] == "00" and code[4:] != "00":
        raise _bad(_GB2260, text, "有县级代码而无地级代码", "it names a county without a prefecture")
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpc:
    """A code of the national circulation system, taken as an interoperable identifier only."""

    code: str
    kind: CpcKind
    """corp 经营主体码 (14 digits), product 商品码 (20), batch 批次码 (25) or trace 溯源码 (35)."""


def cpc_check_digit(body: str) -> str:
    """Return the CPC check digit: a weighted sum modulo 10.

    The i-th digit from the right weighs 3 to the i, but no more than 2**31 - 1, as a cast to 32 bits
    gives it: so from the 20th digit on every weight is 7. Without that bound only the samples of up
    to 20 digits of the national system hold; with it all six do.

    >>> cpc_check_digit("1012730011459"), cpc_check_digit("110127300114596140107005")
    ('6', '9')
    """
    weighted = 0
    for place, digit in enumerate(reversed(body)):
        weighted += int(digit) * (_CPC_WEIGHTS[place % 4] if place < _CPC_EXACT else _CPC_SATURATED)
    return str(weighted % 10)


def check_cpc(text: str) -> Cpc:
    """Return the CPC code and what it names, or raise `BadIdentifier`.

    The check digit catches every wrong digit, and most swapped neighbours among the last twenty
    digits; it proves nothing about who printed the code.

    >>> check_cpc("10127300114596").kind
    'corp'
    """
    code = text.strip()
    if not re.fullmatch(r"[0-9]+", code[:64]) or len(code) not in _CPC_KINDS:
        raise _bad(_CPC, text, "应为 14、20、25 或 35 位数字", "it must have 14, 20, 25 or 35 digits")
    if cpc_check_digit(code[:-1]) != code[-1]:
        raise _bad(_CPC, text, "校验位不符", "its check digit does not match")
    return Cpc(code=code, kind=_CPC_KINDS[len(code)])


def gs1_check_digit(body: str) -> str:
    """Return the GS1 check digit: weights 3 and 1 from the right, complement modulo 10.

    >>> gs1_check_digit("690123456789")
    '2'
    """
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


def check_gtin(text: str) -> str:
    """Return a GTIN of 8, 12, 13 or 14 digits, or raise `BadIdentifier`."""
    return _gs1(_GTIN, text, (8, 12, 13, 14))


def check_gln(text: str) -> str:
    """Return a GLN of 13 digits, or raise `BadIdentifier`."""
    return _gs1(_GLN, text, (13,))


def check_sscc(text: str) -> str:
    """Return an SSCC of 18 digits, or raise `BadIdentifier`."""
    return _gs1(_SSCC, text, (18,))


def check_drug_trace_code(text: str) -> str:
    """Return a 20-character drug trace code, or raise `BadIdentifier`.

    Only the shape is checked (NMPAB/T 1002-2019): the tail's algorithm belongs to the code service.
    """
    code = text.strip().upper()
    if not re.fullmatch(r"[0-9A-Z]{20}", code, re.ASCII):
        raise _bad(_DRUG, text, "应为 20 位数字或字母", "it must have 20 digits or letters")
    return code


def _gs1(name: _Name, text: str, lengths: tuple[int, ...]) -> str:
    code = text.strip()
    if not re.fullmatch(r"[0-9]+", code[:64]) or len(code) not in lengths:
        zh, en = "、".join(map(str, lengths)), " or ".join(map(str, lengths))
        raise _bad(name, text, f"应为 {zh} 位数字", f"it must have {en} digits")
    if gs1_check_digit(code[:-1]) != code[-1]:
        raise _bad(name, text, "校验位不符", "its check digit does not match")
    return code


def _bad(name: _Name, text: str, fault_zh: str, fault_en: str) -> BadIdentifier:
    shown = text.strip()[:40]
    return BadIdentifier(
        kind_zh=name.zh,
        kind_en=name.en,
        value=shown,
        fault_zh=fault_zh,
        fault_en=fault_en,
        at=Location(value=shown),
    )
