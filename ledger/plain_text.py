"""Words people see: nothing in them may be invisible.

A zero-width or direction-changing character makes two names look alike, or one read backwards.
"""

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, format characters, surrogates, line and paragraph separators."""
_BLANK: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))
"""Letters, marks and signs that show nothing: fillers, variation selectors, the blank of Braille
(Unicode 15.1 DerivedCoreProperties, Default_Ignorable_Code_Point, and U+2800)."""


def all_visible(text: str) -> bool:
    """Whether every character of `text` can be seen, or is a space.

    >>> all_visible("亳州　饮片厂"), all_visible("亳州" + chr(0x200B) + "饮片厂")
    (True, False)
    """
    return not any(unicodedata.category(each) in _UNSEEN or each in _BLANK for each in text)


def _checked(text: str) -> str:
    if not all_visible(text):
        raise PydanticCustomError("unseen_characters", "it has characters that cannot be seen")
    return text


PlainText = Annotated[str, AfterValidator(_checked)]
"""Text of a request that people will read."""

Capitals = Annotated[str, AfterValidator(str.upper)]
"""A code whose small letters stand for its capitals, so that one firm has one credit code."""
