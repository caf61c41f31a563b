"""The printed sheet: one A4 page with the QR code, what it proves, and how to verify it without us.

An SVG drawing, so that every browser and office program prints it, and nothing is loaded with it.
"""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import segno

from api.printing import Printed
from api.web.proof_facts import Fact, proven_facts
from api.web.site import environment
from ledger.errors import Said

PROGRAM: Final = "daodi verify proof.txt --policy policy.txt"

_QUIET: Final = 4
"""Modules left white around a code (ISO/IEC 18004, section 6.3.8)."""
_VALUE_MM: Final = 124.0
_LINE_MM: Final = 5.6
_EM_MM: Final = 3.7
_TABLE_MM: Final = 90.0
"""Height there is for the lines; more lines than fit are drawn smaller."""
_WIDE: Final = ("W", "F")
_REGISTERED: Final = Said("（服务登记，不由此码证明）", " (as the service has it, not proven by this code)")


def code_svg(text: str) -> bytes:
    """Return the QR code of `text` alone as SVG, sized by its viewBox."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="svg", border=_QUIET, omitsize=True, xmldecl=False, light="white")
    return drawn.getvalue()


def code_png(text: str) -> bytes:
    """Return the QR code of `text` alone as PNG, eight pixels a module."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="png", border=_QUIET, scale=8)
    return drawn.getvalue()


def sheet_svg(printed: Printed) -> bytes:
    """Return the whole sheet as SVG."""
    code = _code(printed.text)
    rows = list(_rows(_facts(printed)))
    line = min(_LINE_MM, _TABLE_MM / len(rows))
    template = environment().get_template("proof_sheet.svg")
    drawing = template.render(
        modules=code.symbol_size(border=0)[0],
        quiet=_QUIET,
        path="".join(_bars(code)),
        rows=rows,
        line=line,
        em=_EM_MM * line / _LINE_MM,
        program=PROGRAM,
        witnessed=bool(printed.found.checkpoint.cosigned),
        version=code.designator,
        characters=len(printed.text),
    )
    return drawing.encode()


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="l", mode="alphanumeric")


def _bars(code: segno.QRCode) -> Iterator[str]:
    """Return the dark runs of each row as SVG path commands, one module high."""
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                yield f"M{x} {y}h{end - x}v1h-{end - x}z"
            x = end + 1


def _facts(printed: Printed) -> list[Fact]:
    facts = proven_facts(printed.found)
    herb = Said("药材", "Herb")
    if printed.herb is not None and all(fact.label != herb for fact in facts):
        value = Said(f"{printed.herb}{_REGISTERED.zh}", f"{printed.herb}{_REGISTERED.en}")
        facts.insert(1, Fact(herb, value))
    return facts


def _rows(facts: Sequence[Fact]) -> Iterator[tuple[Said | None, str]]:
    """Return the lines of the table: a label, or none where a value goes on."""
    for fact in facts:
        both = fact.value.zh == fact.value.en
        parts = [fact.value.zh] if both else [fact.value.zh, fact.value.en]
        joined = " · ".join(parts)
        lines = (
            [joined] if _width(joined) <= _VALUE_MM else [line for each in parts for line in _folded(each)]
        )
        for number, line in enumerate(lines):
            yield fact.label if number == 0 else None, line


def _folded(text: str) -> Iterator[str]:
    """Cut a text into pieces that fit the width of a value."""
    line = ""
    for letter in text:
        if _width(line + letter) > _VALUE_MM:
            yield line
            line = ""
        line += letter
    yield line


def _width(text: str) -> float:
    """Return about how wide a text is in mm; Chinese characters are square."""
    return sum(_EM_MM if unicodedata.east_asian_width(each) in _WIDE else 0.56 * _EM_MM for each in text)
