"""How kinds of values, visibilities and shapes of stages are said to people who fill in a step."""

from collections.abc import Mapping
from typing import Final

from ledger.errors import Language
from trace.profiles import Field, Kind, Visibility

KIND_WORDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TEXT: ("文字", "text"),
    Kind.INTEGER: ("整数", "whole number"),
    Kind.GRAMS: ("整克数", "whole grams"),
    Kind.AREA_MU: ("亩数，小数写作文字", "area in mu, a decimal as text"),
    Kind.DATE: ("日期", "date"),
    Kind.CHOICE: ("选项", "choice"),
    Kind.FLAG: ("是或否", "yes or no"),
    Kind.PRICE: ("整数，分/公斤", "whole fen per kilogram"),
    Kind.MONEY: ("整数，分", "whole fen"),
    Kind.DECIMAL: ("小数，写作文字", "decimal as text"),
    Kind.TIME: ("带时区的时间", "time with its offset"),
    Kind.POSITION: ("纬度,经度", "latitude,longitude"),
    Kind.DOCUMENT: ("文件的 sha256", "sha256 of a document"),
}
VISIBILITY_WORDS: Final[Mapping[Visibility, tuple[str, str]]] = {
    Visibility.PUBLIC: ("公开", "public"),
    Visibility.PARTNER: ("交易方", "trading partners"),
    Visibility.REGULATOR: ("监管", "regulators"),
}
UNITS_EN: Final[Mapping[str, str]] = {
    "亩": "mu",
    "月": "months",
    "年": "years",
    "天": "days",
    "只": "animals",
    "克": "g",
    "分": "fen",
    "分/公斤": "fen/kg",
    "分钟": "minutes",
    "小时": "hours",
    "毫米": "mm",
    "℃": "°C",
    "%": "%",
}


def kind_of_value(field: Field, language: Language) -> str:
    """Say what kind of value a field holds, its choices named.

    >>> from trace.profiles import profile
    >>> from trace.vocabulary import Stage
    >>> kind_of_value(profile(Stage.SEED).by_name["seed_source"], "en")
    'choice: purchased, cultivated, wild'
    """
    zh, en = KIND_WORDS[field.kind]
    if not field.choices:
        return zh if language == "zh" else en
    if language == "zh":
        return f"{zh}：{'、'.join(choice.zh for choice in field.choices)}"
    return f"{en}: {', '.join(choice.en for choice in field.choices)}"


def unit_of(field: Field, language: Language) -> str:
    """Say the unit of a field; empty where it has none."""
    return field.unit if language == "zh" else UNITS_EN.get(field.unit, field.unit)


def seen_by(field: Field, language: Language) -> str:
    """Say who may see a field."""
    zh, en = VISIBILITY_WORDS[field.visibility]
    return zh if language == "zh" else en
