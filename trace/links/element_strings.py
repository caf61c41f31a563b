"""GS1 elements as people read them below a barcode: ``(01)06901234567892(10)LOT``."""

import re
from collections.abc import Iterable
from typing import Final

from ledger.errors import Location
from trace.links.digital_link import LONGEST, Element
from trace.links.gs1_identifiers import identifiers
from trace.links.gs1_values import value_fault
from trace.links.link_errors import BadElementString

_BRACKET: Final = re.compile(r"\((\d{2,4})\)")


def parse_elements(text: str) -> tuple[Element, ...]:
    """Read elements in brackets; raises `BadElementString`.

    A value may hold brackets itself (they belong to charset 82), but not digits in brackets.

    >>> parse_elements("(01)12312312312326(21)abc123")
    (('01', '12312312312326'), ('21', 'abc123'))
    """
    if len(text) > LONGEST or not text.startswith("("):
        raise _bad(text, "须以括号中的标识符开头", "it must begin with an identifier in brackets")
    before, *parts = _BRACKET.split(text)
    if before or not parts:
        raise _bad(text, "须以括号中的标识符开头", "it must begin with an identifier in brackets")
    found = tuple(zip(parts[::2], parts[1::2], strict=True))
    for ai, value in found:
        one = identifiers().get(ai)
        if one is None:
            raise _bad(text, f"没有标识符（{ai}）", f"there is no identifier ({ai})")
        fault = value_fault(one, value)
        if fault is not None:
            raise _bad(text, f"（{ai}）{fault[0]}", f"({ai}): {fault[1]}")
    return found


def in_brackets(elements: Iterable[Element]) -> str:
    """Write elements as people read them.

    >>> in_brackets([("01", "12312312312326"), ("10", "A")])
    '(01)12312312312326(10)A'
    """
    return "".join(f"({ai}){value}" for ai, value in elements)


def _bad(text: str, fault_zh: str, fault_en: str) -> BadElementString:
    return BadElementString(fault_zh=fault_zh, fault_en=fault_en, at=Location(value=text[:120]))
