"""Areas by the first digits of their GB/T 2260 codes: their names, and the way down to them."""

from typing import Final

from ledger.errors import Language
from trace.divisions import PROVINCES, division

_FINER: Final = {0: 2, 2: 4, 4: 6, 6: 6}
"""How many digits the parts of an area have; a county has none."""


def is_area(digits: str) -> bool:
    """Whether these are the first digits of a code: none, or 2, 4 or 6 that begin with a province.

    >>> is_area(""), is_area("3416"), is_area("99"), is_area("341")
    (True, True, False, False)
    """
    if not digits:
        return True
    return digits.isdecimal() and digits.isascii() and len(digits) in _FINER and digits[:2] in PROVINCES


def finer(area: str) -> int:
    """Return how many digits tell the parts of an area apart.

    >>> finer(""), finer("34"), finer("341602")
    (2, 4, 6)
    """
    return _FINER[len(area)]


def area_name(area: str, language: Language) -> str:
    """Name an area alone, without what lies around it; digits that are no area stay as they are.

    >>> area_name("3416", "zh"), area_name("34", "en"), area_name("99", "zh")
    ('亳州市', 'Anhui', '99')
    """
    if area[:2] not in PROVINCES:
        return area
    found = division(area.ljust(6, "0"))
    if not found.exact:
        return found.words(language)
    return found.name_zh if language == "zh" else found.name_en


def seat_name(code: str, language: Language) -> str:
    """Name a place from its province down; a code of no province stays as it is.

    >>> seat_name("341602", "zh"), seat_name("990000", "zh")
    ('安徽省亳州市谯城区', '990000')
    """
    return division(code).words(language) if code[:2] in PROVINCES else code


def way_down(area: str, language: Language) -> list[tuple[str, str]]:
    """Return each area on the way from the province to `area`, with its name.

    >>> way_down("3416", "zh")
    [('34', '安徽省'), ('3416', '亳州市')]
    """
    return [
        (area[:digits], area_name(area[:digits], language)) for digits in (2, 4, 6) if digits <= len(area)
    ]
