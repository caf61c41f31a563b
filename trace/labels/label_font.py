"""The font of printed labels: found on the machine, its Chinese face chosen, its characters checked.

No font is shipped with the product: one with all simplified characters is larger than the whole wheel.
SVG labels are set by whoever shows them and need none.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont

from trace.labels.label_errors import FontMissing, GlyphsMissing

USUAL_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
)
"""Where common systems keep a font with simplified Chinese characters."""

_SIMPLIFIED: Final = re.compile(r"\b(SC|GB)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFont:
    """A face in a font file."""

    path: Path
    face: int
    """Its number in a collection; 0 in a file of one font."""


def find_font(chosen: Path | None) -> LabelFont:
    """Return the font to set labels in: the chosen file, or the first usual one; raises `FontMissing`.

    Of a collection the face for simplified Chinese is taken, or else its first.
    """
    wanted = [chosen] if chosen is not None else [Path(path) for path in USUAL_FONTS]
    for path in wanted:
        if path.is_file():
            return LabelFont(path=path, face=_face(path))
    raise FontMissing


def require_glyphs(font: LabelFont, characters: Set[str]) -> None:
    """Raise `GlyphsMissing` unless the font has all of `characters`."""
    number = font.face if _is_collection(font.path) else -1
    with TTFont(font.path, fontNumber=number, lazy=True) as opened:
        covered = opened.getBestCmap()
    missing = sorted(letter for letter in characters if ord(letter) not in covered)
    if missing:
        raise GlyphsMissing(font=font.path.name, missing="".join(missing[:40]))


def _face(path: Path) -> int:
    if not _is_collection(path):
        return 0
    with TTCollection(path, lazy=True) as collection:
        names = [str(each["name"].getDebugName(1)) for each in collection.fonts]
    return next((place for place, name in enumerate(names) if _SIMPLIFIED.search(name)), 0)


def _is_collection(path: Path) -> bool:
    return path.suffix.lower() in (".ttc", ".otc")
