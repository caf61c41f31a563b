"""Field values: whether one is of its kind, and what a person's text for it means.

Two doors: `sort_fields` judges values that are already typed (JSON), `from_text` reads what somebody
typed into a cell. Both give the same values, so both ways of sending a step make the same statement.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from ledger.errors import DaodiError, Location
from trace.errors import BadField, BadMass, BadMoney, MassTooFine, MissingField, NotPositive, UnknownField
from trace.plain_text import all_visible
from trace.profiles import Field, Kind, Profile, Visibility
from trace.quantities import narrow, parse_mass, parse_price
from trace.steps import MAX_GRAMS, FieldValue

_LONGEST_TEXT: Final = 400
_LARGEST: Final = 10**9
_DECIMAL: Final = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)
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


def _typed(field: Field, plain: str) -> FieldValue:
    if field.kind is Kind.GRAMS:
        return parse_mass(plain, positive=True)
    if field.kind is Kind.PRICE:
        return parse_price(plain, positive=True)
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
    return plain if not isinstance(value, bool) and _DECIMAL.fullmatch(plain) else None


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
