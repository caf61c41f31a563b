"""The forms of single EPCIS values: URIs, times, offsets, words of a vocabulary, numbers.

Values stay the strings they came as, so that an event given back is the event that came in.
"""

import re
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address
from typing import Annotated, Any, Final

from pydantic import AfterValidator, JsonValue, StringConstraints
from pydantic_core import PydanticCustomError

from trace.epcis import cbv

_PCHAR: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_REG: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_AUTHORITY: Final = rf"(?:(?:{_REG}|:)*@)?(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|{_REG}*+)(?::[0-9]*)?"
_URI: Final = re.compile(  # RFC 3986, appendix A; always with a scheme
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://{_AUTHORITY}(?:/{_PCHAR}*+)*+|(?!//)(?:{_PCHAR}|/)*+)"
    rf"(?:\?(?:{_PCHAR}|[/?])*+)?(?:#(?:{_PCHAR}|[/?])*+)?"
)
_TIME: Final = re.compile(  # RFC 3339, section 5.6
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:[0-5]\d)", re.ASCII
)
_STANDARD_WORD: Final = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_WEB_VOC_WORD: Final = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")


def is_uri(text: str) -> bool:
    """Whether `text` is an absolute URI or CURIE, which look alike (RFC 3986).

    >>> is_uri("tcm:planting"), is_uri("planting"), is_uri("https://例子.cn/")
    (True, False, False)
    """
    found = _URI.fullmatch(text)
    return found is not None and (found["ipv6"] is None or _is_ipv6(found["ipv6"]))


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _uri(text: str) -> str:
    if not is_uri(text):
        raise PydanticCustomError("uri", "not an absolute URI")
    return text


def _time(text: str) -> str:
    fault = PydanticCustomError("time", "not an RFC 3339 time with its offset")
    if not _TIME.fullmatch(text):
        raise fault
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        raise fault from None
    return text


def _one_of(words: frozenset[str], standard: re.Pattern[str]) -> Callable[[str], str]:
    """Accept a word of the vocabulary, or a URI that does not spell out a standard word."""

    def check(text: str) -> str:
        if text in words or (is_uri(text) and not standard.match(text)):
            return text
        raise PydanticCustomError("vocabulary", "neither a standard word nor a URI of another vocabulary")

    return check


def _unique(values: list[Any]) -> list[Any]:
    if any(value in values[:place] for place, value in enumerate(values)):
        raise PydanticCustomError("unique", "a value is listed twice")
    return values


def _context(value: JsonValue) -> JsonValue:
    """`@context` is a URI, an object of prefixes, or a list of both without repeats (JSON-LD 1.1)."""
    for part in value if isinstance(value, list) else [value]:
        if not isinstance(part, dict) and not (isinstance(part, str) and is_uri(part)):
            raise PydanticCustomError("context", "not a context: a URI, or an object of prefixes")
    return _unique(value) if isinstance(value, list) else value


def _named(ilmd: dict[str, JsonValue]) -> dict[str, JsonValue]:
    for name in ilmd:
        if not is_uri(name):
            raise PydanticCustomError("extension", "not named by a URI", {"member": name})
    return ilmd


Uri = Annotated[str, AfterValidator(_uri)]
"""An absolute URI, EPC URN, GS1 Digital Link or CURIE."""
Time = Annotated[str, AfterValidator(_time)]
"""An RFC 3339 time with offset. Leap seconds and the year 0 are refused: no clock of ours holds them."""
Offset = Annotated[str, StringConstraints(pattern=r"^[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)$")]
"""The local offset at the place of the event, such as +08:00."""
Uom = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,3}$")]
"""A unit of UN/ECE Recommendation 20, such as KGM."""
HexBinary = Annotated[str, StringConstraints(pattern=r"^[A-Fa-f0-9]+$")]
Context = Annotated[JsonValue, AfterValidator(_context)]
Ilmd = Annotated[dict[str, JsonValue], AfterValidator(_named)]
"""Instance or lot master data; its members are named by URIs or CURIEs."""
Number = int | float
"""A JSON number, as EPCIS has them. Our own masses travel as whole grams in the statement beside it."""

BizStep = Annotated[str, AfterValidator(_one_of(cbv.BIZ_STEPS, _STANDARD_WORD))]
Disposition = Annotated[str, AfterValidator(_one_of(cbv.DISPOSITIONS, _STANDARD_WORD))]
BizTransactionType = Annotated[str, AfterValidator(_one_of(cbv.BIZ_TRANSACTION_TYPES, _STANDARD_WORD))]
SourceDestType = Annotated[str, AfterValidator(_one_of(cbv.SOURCE_DEST_TYPES, _STANDARD_WORD))]
ErrorReason = Annotated[str, AfterValidator(_one_of(cbv.ERROR_REASONS, _STANDARD_WORD))]
Component = Annotated[str, AfterValidator(_one_of(cbv.COMPONENTS, _STANDARD_WORD))]
MeasurementType = Annotated[str, AfterValidator(_one_of(cbv.MEASUREMENT_TYPES, _WEB_VOC_WORD))]
SensorAlertType = Annotated[str, AfterValidator(_one_of(cbv.SENSOR_ALERT_TYPES, _WEB_VOC_WORD))]

UniqueUris = Annotated[list[Uri], AfterValidator(_unique)]
UniqueDispositions = Annotated[list[Disposition], AfterValidator(_unique)]
