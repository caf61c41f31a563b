"""Small fonts for tests: every character is a square, in TrueType or CFF outlines, or in a collection."""

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection

from trace.labels.label_layout import STATIC

LETTERS = set(STATIC) | set(
    "白芍中药饮片规格材产地生企业品批日期装量保质至执行标准：薄安徽省亳州市谯城区厂公司克年版典国统."
)
LETTERS |= set("BSYPabcdefghijklmnopqrstuvwxyz")


def font_file(path: Path, *, cff: bool = False, name: str = "Test Sans", letters: set[str] = LETTERS) -> Path:
    """Write a font of one face."""
    built(cff=cff, name=name, letters=letters).save(path)
    return path


def collection_file(path: Path, names: tuple[str, ...]) -> Path:
    """Write a collection of faces."""
    collection = TTCollection()
    collection.fonts = [built(cff=False, name=name, letters=LETTERS).font for name in names]
    collection.save(path)
    return path


def built(*, cff: bool, name: str, letters: set[str]) -> FontBuilder:
    order = [".notdef", *(f"uni{ord(letter):04X}" for letter in sorted(letters))]
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(letter): f"uni{ord(letter):04X}" for letter in letters})
    if cff:
        outlines = {glyph: _square(T2CharStringPen(600, None)).getCharString() for glyph in order}
        builder.setupCFF(name.replace(" ", ""), {"FullName": name}, outlines, {})
    else:
        builder.setupGlyf({glyph: _square(TTGlyphPen(None)).glyph() for glyph in order})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name.replace(" ", "")})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    return builder


def _square(pen: Any) -> Any:
    pen.moveTo((50, 0))
    pen.lineTo((50, 700))
    pen.lineTo((550, 700))
    pen.lineTo((550, 0))
    pen.closePath()
    return pen
