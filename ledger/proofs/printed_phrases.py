"""Writes texts of a leaf in few bytes: common phrases, names and hashes by a code, the rest as it is.

No canonical text holds a byte below 0x20, so those are free to be codes. The phrases are what leaves
happen to say often; nothing reads a meaning from them. A change of this list makes a new version of the
printed form. docs/ledger-format.md lists the codes.
"""

import re
from functools import lru_cache
from typing import Final

from ledger.errors import Said
from ledger.proofs.printed_errors import MalformedPrintedProof

_UUID: Final = b"\x00"
"""Followed by its 16 bytes."""
_STEM: Final = b"\x01"
"""`https://<origin>/`, what identifiers begin with."""
_HASH: Final = b"\x02"
"""Followed by 32 bytes, written as 64 hex digits."""
_PHRASE: Final = b"\x03"
"""Followed by the phrase's number, one byte."""

PHRASES: Final = (
    '{"event":{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",'
    '{"tcm":"https://ns.daodi.example/tcm/"}],',
    '"action":"ADD","bizLocation":{"id":"',
    '"action":"OBSERVE","bizLocation":{"id":"',
    '"bizLocation":{"id":"',
    '"},"bizStep":"',
    '"},"bizStep":"tcm:',
    '","disposition":"',
    '","disposition":"active","eventID":"urn:uuid:',
    '","disposition":"in_progress","eventID":"urn:uuid:',
    '","eventID":"urn:uuid:',
    '","eventTime":"',
    '","eventTimeZoneOffset":"',
    '","eventTimeZoneOffset":"+08:00","inputQuantityList":[{"epcClass":"',
    '","eventTimeZoneOffset":"+08:00","quantityList":[{"epcClass":"',
    ',"uom":"GRM"}],"outputQuantityList":[{"epcClass":"',
    '"}],"outputQuantityList":[{"epcClass":"',
    ',"uom":"GRM"}],"readPoint":{"id":"',
    '"}],"readPoint":{"id":"',
    ',"uom":"GRM"},{"epcClass":"',
    '"},{"epcClass":"',
    '","quantity":',
    '"},"recordTime":"',
    '","sourceList":[{"source":"',
    '","destinationList":[{"destination":"',
    '","type":"possessing_party"}],',
    '"disposition":"in_transit","eventID":"urn:uuid:',
    '","tcm:fields":{"',
    '"tcm:fields":{"',
    '},"tcm:lots":[{"lot":"',
    '","tcm:lots":[{"lot":"',
    '"},{"lot":"',
    '"}],"tcm:party":"',
    '"},"tcm:party":"',
    '","tcm:party":"',
    '"tcm:party":"',
    '","tcm:stage":"',
    '","type":"ObjectEvent"}}',
    '","type":"TransformationEvent"}}',
    'T12:00:00.000+08:00","eventTimeZoneOffset":"+08:00"',
    ".000+08:00",
    ".000+00:00",
    "urn:uuid:",
    "key.registered/",
    "codes.issued",
    "codes/",
    "manifest/",
    "release",
    "place/",
    "party/",
    "lot/",
    "step",
    "commissioning",
    "planting",
    "field_operation",
    "field_work",
    "harvesting",
    "primary_processing",
    "inspecting",
    "conformant",
    "splitting",
    "commingling",
    "shipping",
    "receiving",
    "receive",
    "paozhi",
    "packing",
    "retail_sold",
    "retail_selling",
    '","tcm:codeBatch":"',
    '","tcm:gramsPerPack":',
    ',"tcm:packs":',
    '},"tcm:results":[{"measurand":"',
    '","method":"',
    '","unit":"mg/kg","value":"',
    '","value":"',
    '","unit":"',
    '","herb":"',
    '{"herb":"',
    '"tcm:lots":[',
    '","lot":"',
    '"standard":"',
    "quantityList",
    "QuantityList",
    '":"',
    '","',
    '":{"',
    '":[{"',
    '"},"',
    '"}],"',
    '{"count":',
    ',"party":"',
    ',"root":"',
)
"""In this order for ever: a phrase's number is its place."""

_UUID_TEXT: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HASH_TEXT: Final = r"[0-9a-f]{64}"


def shorten(text: str, origin: str) -> bytes:
    """Return `text` in few bytes; `restore` with the same log name gives it back.

    At each place the first of UUID, hash, stem and the longest phrase is taken, so a text has one form.

    >>> shorten("urn:uuid:00000000-0000-4000-8000-000000000001", "log.example").hex()
    '03290000000000000040008000000000000001'
    """
    parts: list[bytes] = []
    end = 0
    for found in _codes(origin).finditer(text):
        parts += [text[end : found.start()].encode(), _coded(found)]
        end = found.end()
    return b"".join([*parts, text[end:].encode()])


def restore(short: bytes, origin: str) -> str:
    """Return the text of `short`; raises `MalformedPrintedProof` unless it is the form `shorten` gives."""
    parts: list[bytes] = []
    at = 0
    while at < len(short):
        code, rest = short[at : at + 1], short[at + 1 :]
        if code == _UUID:
            digits = rest[:16].hex()
            words = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
            parts.append("-".join(words).encode())
            at += 17
        elif code == _HASH:
            parts.append(rest[:32].hex().encode())
            at += 33
        elif code == _STEM:
            parts.append(_stem(origin).encode())
            at += 1
        elif code == _PHRASE:
            parts.append(_phrase(rest[:1]))
            at += 2
        else:
            parts.append(code)
            at += 1
    try:
        text = b"".join(parts).decode()
    except UnicodeDecodeError as error:
        raise MalformedPrintedProof(reason=Said("不是 UTF-8 编码", "it is not UTF-8")) from error
    if shorten(text, origin) != short:
        raise MalformedPrintedProof(reason=Said("文字不是唯一写法", "a text is not in its one form"))
    return text


@lru_cache(maxsize=16)
def _codes(origin: str) -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in sorted(PHRASES, key=len, reverse=True))
    return re.compile(
        f"(?P<uuid>{_UUID_TEXT})|(?P<hash>{_HASH_TEXT})|(?P<stem>{re.escape(_stem(origin))})|{phrases}"
    )


def _coded(found: re.Match[str]) -> bytes:
    kind = found.lastgroup
    if kind == "uuid":
        return _UUID + bytes.fromhex(found[0].replace("-", ""))
    if kind == "hash":
        return _HASH + bytes.fromhex(found[0])
    if kind == "stem":
        return _STEM
    return _PHRASE + bytes([PHRASES.index(found[0])])


def _stem(origin: str) -> str:
    return f"https://{origin}/"


def _phrase(number: bytes) -> bytes:
    if not number or number[0] >= len(PHRASES):
        raise MalformedPrintedProof(reason=Said("未知的短语编号", "an unknown phrase"))
    return PHRASES[number[0]].encode()
