"""Grades 规格等级: the words that traded grades are made of, and whether a text claims true origin."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from trace.facts import rows

_CLAIMS: Final = ("道地", "地道", "daodi")
_DENIED: Final = ("非道地", "非地道")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeWord:
    """One word of the trade."""

    word: str
    zh: str
    en: str
    kind: str
    """grading, shape, size, count, quality, use, growth or origin."""
    source: str


@cache
def all_grade_words() -> tuple[GradeWord, ...]:
    """Return every grade word, in the order of the fact table."""
    return tuple(GradeWord(**row) for row in rows("grades"))


def words_in(grade: str) -> tuple[GradeWord, ...]:
    """Return the known words a grade is made of, longest first and without those inside others.

    >>> [each.word for each in words_in("家种统片")]
    ['统片', '家种']
    """
    left, found = grade, []
    for known in sorted(all_grade_words(), key=lambda each: -len(each.word)):
        if known.word in left:
            found.append(known)
            left = left.replace(known.word, " ")
    return tuple(found)


def claims_true_origin(text: str) -> bool:
    """Say whether `text` claims 道地 (or 地道) origin.

    >>> claims_true_origin("道地统货"), claims_true_origin("非道地"), claims_true_origin("产地初加工")
    (True, False, False)

    Spaces and signs between the letters change nothing, nor does a denial beside a claim.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(each for each in plain if each.isalnum())
    for denied in _DENIED:
        words = words.replace(denied, "")
    return any(claim in words for claim in _CLAIMS)
