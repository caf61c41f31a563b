"""Codes of other systems: which schemes there are, how each is written, and what each can name.

A text is brought into its scheme's one form before it is kept or looked up, so that a Digital Link, the
bracketed text below a barcode and a scanned QR of the national system find the same row.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from ledger.errors import Location
from trace.errors import BadIdentifier
from trace.links.cpc import CpcBatch, CpcCode, CpcCorp, CpcTrace, parse_cpc
from trace.links.digital_link import Element, arrange, parse_digital_link
from trace.links.drug_codes import check_gbt31774, parse_drug_trace_code
from trace.links.element_strings import in_brackets, parse_elements
from trace.links.link_errors import BadDigitalLink, BadElementString, UnreadableOtherCode
from trace.vocabulary import Word


class Named(Word):
    """What a code of another system may name here."""

    PRODUCT = "product", "产品", "a product"
    LOT = "lot", "批次", "a lot"
    PACKS = "packs", "包装", "packs"
    PARTY = "party", "主体", "a party"
    PLACE = "place", "地点", "a place"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCode:
    """A code of another system in its one form."""

    scheme: str
    """gs1, cpc, drug, gbt31774, or a slug that begins with x-."""
    value: str
    names: Set[Named]
    """What its own structure lets it name; everything for a system whose structure is not known."""
    path: tuple[Element, ...] = ()
    """For a GS1 key: the key and its qualifiers."""


_OWN_SCHEME: Final = re.compile(r"x-[a-z0-9][a-z0-9-]{0,20}")
_OWN_VALUE: Final = re.compile(r"[A-Za-z0-9._:/*+-]{1,100}")
_EVERYTHING: Final = frozenset(Named)
_PLACEHOLDER: Final = "https://id.gs1.org"  # a link needs a domain to be judged; it is not kept

_SCHEME_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "gs1": ("GS1 编码", "GS1"),
    "cpc": ("国家中药材流通追溯体系（CPC）", "the national circulation system (CPC)"),
    "drug": ("药品追溯码", "drug trace codes"),
    "gbt31774": ("GB/T 31774 中药编码", "GB/T 31774"),
}


def scheme_words(scheme: str) -> tuple[str, str]:
    """Name a scheme in Chinese and English; a system of its own is named by its slug."""
    return _SCHEME_WORDS.get(scheme, (f"体系 {scheme}", f"the system {scheme}"))


def read_other_code(scheme: str, text: str) -> OtherCode:
    """Bring a code into the one form of its scheme; raises `UnreadableOtherCode`.

    What is wrong in detail (a check digit, an order) is the cause of what is raised, where it is known.

    >>> read_other_code("gs1", "https://a.cn/01/09520123456788/10/ABC?17=261231").value
    '(01)09520123456788(10)ABC'
    """
    reader = _READERS.get(scheme)
    try:
        if reader is not None:
            return reader(text.strip())
    except (BadIdentifier, BadDigitalLink, BadElementString) as fault:
        raise _unreadable(scheme, text) from fault
    if not _OWN_SCHEME.fullmatch(scheme) or not may_be_of_own_system(text):
        raise _unreadable(scheme, text)
    return OtherCode(scheme=scheme, value=text.strip(), names=_EVERYTHING)


def recognise(text: str) -> tuple[OtherCode, ...]:
    """Return everything a text can be by its form; empty for what has the form of none we know.

    Twenty digits may be a drug trace code and a product of the national system at once.

    >>> [each.scheme for each in recognise("10127300114596000040")]
    ['cpc', 'drug']
    """
    found: list[OtherCode] = []
    for scheme in _READERS:
        try:
            found.append(read_other_code(scheme, text))
        except UnreadableOtherCode:
            continue
    return tuple(found)


def may_be_of_own_system(text: str) -> bool:
    """Say whether a text has the form codes of systems of their own (x-…) are kept in.

    >>> may_be_of_own_system("YC-2019/0007"), may_be_of_own_system("白芍")
    (True, False)
    """
    return _OWN_VALUE.fullmatch(text.strip()) is not None


def gs1_value(path: Sequence[Element]) -> str:
    """Return the form GS1 keys are kept in: the key and its qualifiers in brackets, without attributes."""
    return in_brackets(path)


def _gs1(text: str) -> OtherCode:
    if text.startswith("("):
        link = arrange(parse_elements(text), _PLACEHOLDER)
    else:
        link = parse_digital_link(text, short_gtin=True)
    return OtherCode(scheme="gs1", value=gs1_value(link.path), names=_gs1_names(link.path), path=link.path)


def _gs1_names(path: Sequence[Element]) -> Set[Named]:
    key, after = path[0][0], {ai for ai, _ in path[1:]}
    if key in ("01", "8006"):
        by_ai = {"21": Named.PACKS, "235": Named.PACKS, "10": Named.LOT}
        return {next((named for ai, named in by_ai.items() if ai in after), Named.PRODUCT)}
    # A logistic unit may be a box of packs or a sack that is a lot of its own.
    return {"00": {Named.PACKS, Named.LOT}, "414": {Named.PLACE}, "417": {Named.PARTY}}.get(key, frozenset())


def _cpc(text: str) -> OtherCode:
    found = parse_cpc(text)
    return OtherCode(scheme="cpc", value=found.code, names={_cpc_names(found)})


def _cpc_names(code: CpcCode) -> Named:
    if isinstance(code, CpcCorp):
        return Named.PARTY
    if isinstance(code, CpcBatch):
        return Named.LOT
    return Named.PACKS if isinstance(code, CpcTrace) else Named.PRODUCT


def _drug(text: str) -> OtherCode:
    return OtherCode(scheme="drug", value=parse_drug_trace_code(text).code, names={Named.PACKS})


def _gbt31774(text: str) -> OtherCode:
    return OtherCode(scheme="gbt31774", value=check_gbt31774(text), names={Named.PRODUCT})


_READERS: Final[Mapping[str, Callable[[str], OtherCode]]] = {
    "gs1": _gs1,
    "cpc": _cpc,
    "drug": _drug,
    "gbt31774": _gbt31774,
}


def _unreadable(scheme: str, text: str) -> UnreadableOtherCode:
    zh, en = scheme_words(scheme[:24])
    shown = text.strip()[:60]
    return UnreadableOtherCode(
        value=shown, scheme_zh=zh, scheme_en=en, at=Location(field="code", value=shown)
    )
