"""Words people see: nothing in them may be invisible.

A zero-width or direction-changing character makes two names look alike, or one read backwards.
"""

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: controls, format characters, surrogates, line and paragraph separators."""


def all_visible(text: str) -> bool:
    """Whether every character of `text` can be seen, or is a space.

    >>> all_visible("亳州　饮片厂"), all_visible("亳州" + chr(0x200B) + "饮片厂")
    (True, False)
    """
    return not any(unicodedata.category(each) in _UNSEEN for each in text)


def _checked(text: str) -> str:
    if not all_visible(text):
        raise PydanticCustomError("unseen_characters", "it has characters that cannot be seen")
    return text


PlainText = Annotated[str, AfterValidator(_checked)]
"""Text of a request that people will read."""
