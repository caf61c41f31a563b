"""Field values: whether one is of its kind, and what a person's text for it means.

Two doors: `sort_fields` judges values that are already typed (JSON), `from_text` reads what somebody
typed into a cell. Both give the same values, so both ways of sending a step make the same statement.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from ledger.errors import DaodiError, Location
from ledger.plain_text import all_visible
from trace.documents.references import DOCUMENT_VALUE
from trace.errors import BadField, BadMass, BadMoney, MassTooFine, MissingField, NotPositive, UnknownField
from trace.profiles import Field, Kind, Profile, Visibility
from trace.quantities import narrow, parse_mass, parse_money, parse_price
from trace.steps import MAX_GRAMS, FieldValue

_LONGEST_TEXT: Final = 400
_LARGEST: Final = 10**9
_AREA: Final = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,8})(\.\d{1,6})?", re.ASCII)
_POSITION: Final = re.compile(r"(-?\d{1,2}(?:\.\d{1,7})?),\s*(-?\d{1,3}(?:\.\d{1,7})?)", re.ASCII)
_FURTHEST: Final = (90, 180)
"""Degrees of latitude and longitude."""
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?", re.ASCII)
"""A real date in a cell comes with a midnight that says nothing."""
_INTEGER: Final = re.compile(r"\d{1,12}", re.ASCII)
_WANTED: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TEXT: (
        "1 至 400 个字、不含换行和看不见的字符",
        "1 to 400 characters without line breaks or invisible ones",
    ),
    Kind.INTEGER: ("0 至 10 亿的整数", "a whole number from 0 to a thousand million"),
    Kind.GRAMS: ("大于 0 的整克数", "a whole number of grams above 0"),
    Kind.AREA_MU: ("亩数，如 12.5", "an area in mu such as 12.5"),
    Kind.DATE: ("日期，如 2026-03-05", "a date such as 2026-03-05"),
    Kind.FLAG: ("是或否", "true or false"),
    Kind.PRICE: ("大于 0 的整数，单位分/公斤", "a whole number of fen per kilogram above 0"),
    Kind.MONEY: ("大于 0 的整数，单位分", "a whole number of fen above 0"),
    Kind.DECIMAL: ("数值，如 62.5", "a decimal such as 62.5"),
    Kind.TIME: ("带时区的时间，如 2026-03-05T08:00:00+08:00", "a time such as 2026-03-05T08:00:00+08:00"),
    Kind.POSITION: ("纬度,经度，如 33.8712,115.7789", "latitude and longitude such as 33.8712,115.7789"),
    Kind.DOCUMENT: ("文件的哈希：sha256: 加 64 位十六进制", "the hash of a file: sha256: and 64 hex digits"),
}
_YES: Final = frozenset({"是", "有", "yes", "true", "y", "1"})
_NO: Final = frozenset({"否", "无", "no", "false", "n", "0"})


def sort_fields(
    profile: Profile, fields: Mapping[str, FieldValue]
) -> tuple[dict[str, FieldValue], dict[str, FieldValue], list[DaodiError]]:
    """Split `fields` into public and private ones, and list every fault among them."""
    faults: list[DaodiError] = [
        _missing(profile, field) for field in profile.fields if _absent(field, fields)
    ]
    public: dict[str, FieldValue] = {}
    private: dict[str, FieldValue] = {}
    for name, value in fields.items():
        field = profile.by_name.get(name)
        if field is None:
            faults.append(_unknown(profile, name))
            continue
        try:
            checked = check_value(field, value)
        except BadField as fault:
            faults.append(fault)
            continue
        (public if field.visibility is Visibility.PUBLIC else private)[name] = checked
    return public, private, faults


def check_value(field: Field, value: FieldValue) -> FieldValue:
    """Return `value` as it is kept: a choice by its key, a decimal as text. Raises `BadField`."""
    kept = _KINDS[field.kind](field, value)
    if kept is None:
        raise _bad(field, value)
    return kept


def from_text(field: Field, text: str) -> FieldValue:
    """Read what a person wrote for `field`: masses with units, prices in yuan, 是 and 否.

    Raises `BadField`, or the error of `trace.quantities` for a public mass or price.
    """
    if field.kind is Kind.TEXT:
        return check_value(field, text)
    try:
        return check_value(field, _typed(field, narrow(text)))
    except (BadMass, MassTooFine, BadMoney, NotPositive):
        if field.visibility is Visibility.PUBLIC:
            raise
        raise _bad(field, text) from None  # their words repeat the text, which is private


def latitude_longitude(text: str) -> tuple[Decimal, Decimal] | None:
    """Read a position in degrees (WGS 84); None when it is none.

    >>> latitude_longitude("33.8712,115.7789")
    (Decimal('33.8712'), Decimal('115.7789'))
    """
    found = _POSITION.fullmatch(text.strip())
    if found is None:
        return None
    latitude, longitude = Decimal(found[1]), Decimal(found[2])
    inside = abs(latitude) <= _FURTHEST[0] and abs(longitude) <= _FURTHEST[1]
    return (latitude, longitude) if inside else None


def _typed(field: Field, plain: str) -> FieldValue:
    if field.kind is Kind.GRAMS:
        return parse_mass(plain, positive=True)
    if field.kind is Kind.PRICE:
        return parse_price(plain, positive=True)
    if field.kind is Kind.MONEY:
        return parse_money(plain, positive=True)
    if field.kind is Kind.INTEGER and _INTEGER.fullmatch(plain):
        return int(plain)
    if field.kind is Kind.FLAG and plain.casefold() in _YES | _NO:
        return plain.casefold() in _YES
    if field.kind is Kind.DATE and (day := _DAY.fullmatch(plain)):
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"
    return plain


def _text(_: Field, value: FieldValue) -> FieldValue | None:
    if not isinstance(value, str) or not 0 < len(plain := value.strip()) <= _LONGEST_TEXT:
        return None
    return plain if all_visible(plain) else None


def _whole(_: Field, value: FieldValue, least: int = 0, most: int = _LARGEST) -> FieldValue | None:
    return value if type(value) is int and least <= value <= most else None


def _grams(field: Field, value: FieldValue) -> FieldValue | None:
    return _whole(field, value, 1, MAX_GRAMS)


def _price(field: Field, value: FieldValue) -> FieldValue | None:
    return _whole(field, value, 1)


def _area(_: Field, value: FieldValue) -> FieldValue | None:
    plain = str(value).strip()
    return plain if not isinstance(value, bool) and _AREA.fullmatch(plain) else None


def _decimal(_: Field, value: FieldValue) -> FieldValue | None:
    plain = str(value).strip()
    return plain if not isinstance(value, bool) and _DECIMAL.fullmatch(plain) else None


def _time(_: Field, value: FieldValue) -> FieldValue | None:
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.isoformat(timespec="milliseconds")


def _position(_: Field, value: FieldValue) -> FieldValue | None:
    found = latitude_longitude(str(value))
    return None if found is None else f"{found[0]},{found[1]}"


def _document(_: Field, value: FieldValue) -> FieldValue | None:
    plain = str(value).strip().lower()
    return plain if DOCUMENT_VALUE.fullmatch(plain) else None


def _date(_: Field, value: FieldValue) -> FieldValue | None:
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        return None


def _flag(_: Field, value: FieldValue) -> FieldValue | None:
    return value if isinstance(value, bool) else None


def _choice(field: Field, value: FieldValue) -> FieldValue | None:
    wanted = str(value).strip().casefold()
    return next(
        (each.key for each in field.choices if wanted in (each.key, each.zh, each.en.casefold())), None
    )


_KINDS: Final = {
    Kind.TEXT: _text,
    Kind.INTEGER: _whole,
    Kind.GRAMS: _grams,
    Kind.AREA_MU: _area,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.PRICE: _price,
    Kind.MONEY: _price,
    Kind.DECIMAL: _decimal,
    Kind.TIME: _time,
    Kind.POSITION: _position,
    Kind.DOCUMENT: _document,
}


def _absent(field: Field, fields: Mapping[str, FieldValue]) -> bool:
    return field.required and fields.get(field.name, "") == ""


def _missing(profile: Profile, field: Field) -> MissingField:
    return MissingField(
        stage_zh=profile.stage.zh,
        stage_en=profile.stage.en,
        field=field.name,
        field_zh=field.zh,
        field_en=field.en,
        unit=f"（{field.unit}）" if field.unit else "",
        source=field.source,
        at=Location(field=f"fields/{field.name}"),
    )


def _unknown(profile: Profile, name: str) -> UnknownField:
    known = "、".join(field.heading for field in profile.fields)
    return UnknownField(
        stage_zh=profile.stage.zh,
        stage_en=profile.stage.en,
        field=name[:40],
        known=known,
        at=Location(field=f"fields/{name[:40]}"),
    )


def _bad(field: Field, value: FieldValue) -> BadField:
    if field.kind is Kind.CHOICE:
        wanted_zh = "、".join(each.zh for each in field.choices)
        wanted_en = ", ".join(each.key for each in field.choices)
    else:
        wanted_zh, wanted_en = _WANTED[field.kind]
    # A private value is nobody's business, not even in an error message.
    shown = str(value)[:40] if field.visibility is Visibility.PUBLIC else "…"
    return BadField(
        field=field.name,
        field_zh=field.zh,
        field_en=field.en,
        value=shown,
        wanted_zh=wanted_zh,
        wanted_en=wanted_en,
        at=Location(field=f"fields/{field.name}", value=shown),
    )
