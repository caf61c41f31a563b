"""What a message comes to: rows with the headings of our sheets, so that both ways are read alike.

Bare numbers of the national system have fixed units; they are written out here, and read by the readers of
cells as if a clerk had typed them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trace.columns import Layout
from trace.mofcom.told import Told
from trace.other_code import OtherCodeNew, is_cpc
from trace.sheets import Row

_BARE: Final = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One row a message comes to."""

    layout: Layout
    row: Row
    others: tuple[OtherCodeNew, ...] = ()
    """Foreign codes of the lots it makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every row of a message shares."""

    message: str
    line: int
    guid: str
    party: str
    place: str

    def row(self, layout: Layout, cells: Mapping[str, str], number: int = 0, line: int | None = None) -> Row:
        """Return a row with its shared cells; `number` tells the rows of one message apart."""
        known = {
            "id": f"{self.guid}.{number}" if self.guid and number else "",
            "party": self.party,
            "place": self.place,
        }
        shared = {layout.label(key): text for key, text in known.items() if number}
        filled = {heading: text for heading, text in (shared | dict(cells)).items() if text}
        return Row(sheet=self.message, number=line or self.line, cells=filled)


def with_unit(text: str, unit: str) -> str:
    """Write the unit behind a bare number; what already names one stays.

    >>> with_unit("12.5", "公斤"), with_unit("12.5 kg", "公斤"), with_unit("", "公斤")
    ('12.5公斤', '12.5 kg', '')
    """
    return f"{text}{unit}" if _BARE.fullmatch(text.strip()) else text


def kilograms(text: str) -> str:
    """Write a mass of the national system, which counts kilograms."""
    return with_unit(text, "公斤")


def total(texts: list[str]) -> str:
    """Add up masses in kilograms; what is no bare number stands alone, to be told as a fault.

    >>> total(["1.5", "2"]), total(["1.5", "viel"])
    ('3.5公斤', 'viel')
    """
    odd = [text for text in texts if not _BARE.fullmatch(text.strip())]
    if odd:
        return odd[0]
    return kilograms(str(sum((Decimal(text.strip()) for text in texts), Decimal()))) if texts else ""


def amount(lot: str, mass: str = "") -> str:
    """Write a lot with its mass as a cell holds it.

    >>> amount("A", "3公斤"), amount("A")
    ('A=3公斤', 'A')
    """
    return f"{lot}={mass}" if lot and mass else lot


def foreign(told: Told, lot: str) -> tuple[OtherCodeNew, ...]:
    """Return the codes a message brings for `lot`: its own where it is one, 商品编码 and every 溯源码."""
    codes = [*([lot] if is_cpc(lot) else []), *told.texts("溯源码")]
    if goods := told.text("商品编码"):
        codes.append(goods)
    return tuple(OtherCodeNew(scheme="cpc", code=code, lot=lot) for code in dict.fromkeys(codes))
