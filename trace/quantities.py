"""Mass in whole grams and money in whole fen: how people write them, and how we write them back.

Everything is exact: a text that does not come out at a whole gram or fen is refused, never rounded.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from ledger.errors import Language
from trace.errors import BadMass, BadMoney, MassTooFine, NotPositive

GRAMS_PER: Final = {
    "kg": 1000, "公斤": 1000, "千克": 1000,
    "g": 1, "克": 1,
    "斤": 500, "市斤": 500, "两": 50,
    "t": 1_000_000, "吨": 1_000_000,
}  # fmt: skip
"""Grams in one unit. 斤 and 两 are the market units of 1959: 500 g and 50 g."""

_LARGEST: Final = 2**53 - 1  # what a JSON number carries exactly, and so the log (RFC 8785)
_NUMBER: Final = r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,18})(?:\.\d{1,9})?)"
_MASS: Final = re.compile(_NUMBER + r"\s*(?P<unit>[a-z]+|[公千市]?[斤克]|两|吨)", re.ASCII)
_MONEY: Final = re.compile(r"[¥￥]?\s*" + _NUMBER + r"\s*(?P<yuan>元|yuan|cny|rmb)?", re.ASCII)
_PRICE: Final = re.compile(_MONEY.pattern + r"\s*/\s*(?P<unit>[a-z]+|[公千市]?[斤克]|两|吨)", re.ASCII)
_SHOWN: Final = 40


def parse_mass(text: str, *, positive: bool = False) -> int:
    """Return the grams that `text` says, such as "12.5 kg", "25公斤", "3斤" or "2吨".

    Full-width digits and thousands separators are read. Raises `BadMass` for anything else and
    when the unit is missing, `MassTooFine` for parts of a gram, and with `positive` also
    `NotPositive` for zero and below.

    >>> parse_mass("3斤"), parse_mass("12.5 kg")
    (1500, 12500)
    """
    found = _MASS.fullmatch(_plain(text))
    if found is None or found["unit"] not in GRAMS_PER:
        raise BadMass(text=_shown(text))
    grams = _decimal(found["number"]) * GRAMS_PER[found["unit"]]
    if abs(grams) > _LARGEST:
        raise BadMass(text=_shown(text))
    if grams != int(grams):
        raise MassTooFine(text=_shown(text))
    if positive and grams <= 0:
        raise NotPositive(text=_shown(text))
    return int(grams)


def format_mass(grams: int, language: Language) -> str:
    """Write `grams` exactly, in the unit people would choose.

    >>> format_mass(12_500, "zh"), format_mass(800, "en"), format_mass(2_500_000, "zh")
    ('12.5 公斤', '800 g', '2.5 吨')
    """
    if abs(grams) < 1000:
        return f"{grams} {'克' if language == 'zh' else 'g'}"
    if abs(grams) >= 1_000_000 and grams % 1000 == 0:
        return f"{_trimmed(Decimal(grams).scaleb(-6))} {'吨' if language == 'zh' else 't'}"
    return f"{_trimmed(Decimal(grams).scaleb(-3))} {'公斤' if language == 'zh' else 'kg'}"


def parse_money(text: str, *, positive: bool = False) -> int:
    """Return the fen that `text` says, such as "85.00 元", "¥85" or "1,200".

    A bare number is yuan. Raises `BadMoney` for anything else and for parts of a fen, and with
    `positive` also `NotPositive`.

    >>> parse_money("85.5 元")
    8550
    """
    found = _MONEY.fullmatch(_plain(text))
    if found is None:
        raise BadMoney(text=_shown(text))
    return _whole_fen(_decimal(found["number"]) * 100, text, positive=positive)


def parse_price(text: str, *, positive: bool = True) -> int:
    """Return the fen per kilogram that `text` says: "85.00 元/公斤", "42.5元/斤", "85000 元/吨".

    A unit of mass must be named: 斤 and 公斤 differ by two, and guessing would double prices.
    Raises `BadMoney`, and `NotPositive` unless `positive=False`.

    >>> parse_price("42.5元/斤")
    8500
    """
    found = _PRICE.fullmatch(_plain(text))
    if found is None or found["unit"] not in GRAMS_PER:
        raise BadMoney(text=_shown(text))
    fen_per_kg = _decimal(found["number"]) * 100 * 1000 / GRAMS_PER[found["unit"]]
    return _whole_fen(fen_per_kg, text, positive=positive)


def format_money(fen: int, language: Language) -> str:
    """Write an amount of money with two decimals.

    >>> format_money(123_450, "zh"), format_money(8500, "en")
    ('1,234.50 元', 'CNY 85.00')
    """
    yuan = f"{Decimal(fen).scaleb(-2):,.2f}"
    return f"{yuan} 元" if language == "zh" else f"CNY {yuan}"


def format_price(fen_per_kg: int, language: Language) -> str:
    """Write a price per kilogram.

    >>> format_price(8500, "zh"), format_price(8500, "en")
    ('85.00 元/公斤', 'CNY 85.00/kg')
    """
    return f"{format_money(fen_per_kg, language)}{'/公斤' if language == 'zh' else '/kg'}"


def _whole_fen(fen: Decimal, text: str, *, positive: bool) -> int:
    if abs(fen) > _LARGEST or fen != int(fen):
        raise BadMoney(text=_shown(text))
    if positive and fen <= 0:
        raise NotPositive(text=_shown(text))
    return int(fen)


def narrow(text: str) -> str:
    """Return text with what was typed full-width as plain ASCII (NFKC).

    A raised or circled digit stays what it is, and so no number: NFKC alone would make 102 of 10².

    >>> narrow("２０２６／３／５　８：００"), narrow("10²")
    ('2026/3/5 8:00', '10²')
    """
    return "".join(
        each if unicodedata.category(each) == "No" else unicodedata.normalize("NFKC", each) for each in text
    ).strip()


def _plain(text: str) -> str:
    """Full-width forms become ASCII, letters lower case; what is too long for a quantity is none."""
    return narrow(text).lower() if len(text) <= 2 * _SHOWN else ""


def _shown(text: str) -> str:
    return text.strip()[:_SHOWN]


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
