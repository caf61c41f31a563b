"""Finding a node of a release by what a reader types: its name, the pinyin of it, or its first letters."""

from functools import cache
from typing import Final

from api.publication.overview import NodeState, Overview
from api.web.node_names import node_name
from priceindex.classification import Level
from trace.herbs import all_herbs

_ORDER: Final = (
    Level.HERB, Level.CLASS, Level.MARKET, Level.ORIGIN, Level.THEME, Level.GRADE,
)  # fmt: skip
_DOUBLE: Final = ("zh", "ch", "sh")
"""Consonants of two letters."""
_FIRST_LETTERS: Final = 2
"""Letters that at least must be typed before they are taken for initials."""


def search(overview: Overview, asked: str) -> list[NodeState]:
    """Return the nodes that match, whole names first, then beginnings, then parts; herbs come first."""
    typed = _plain(asked)
    if not typed:
        return []
    ranked = [
        (rank, _ORDER.index(state.level), state.node, state)
        for state in overview.nodes
        if state.level in _ORDER and (rank := _rank(state, typed)) is not None
    ]
    return [state for *_, state in sorted(ranked, key=lambda each: each[:3])]


def _rank(state: NodeState, typed: str) -> int | None:
    """Say how well a node matches: 0 the name itself, 1 its beginning, 2 a part of it, 3 its initials."""
    names = [_plain(state.node), _plain(node_name(state.level, state.node, "zh"))]
    names.append(_plain(node_name(state.level, state.node, "en")))
    if state.level in (Level.HERB, Level.GRADE):
        names.append(_pinyin().get(state.node.partition("|")[0], ""))
    if typed in names:
        return 0
    if any(name.startswith(typed) for name in names):
        return 1
    if any(typed in name for name in names):
        return 2
    letters = _initials().get(state.node.partition("|")[0], ())
    is_herb = state.level in (Level.HERB, Level.GRADE)
    return 3 if is_herb and len(typed) >= _FIRST_LETTERS and typed in letters else None


def _plain(text: str) -> str:
    return "".join(text.replace("|", " ").lower().split())


@cache
def _pinyin() -> dict[str, str]:
    return {herb.name_zh: _plain(herb.pinyin) for herb in all_herbs()}


@cache
def _initials() -> dict[str, frozenset[str]]:
    return {herb.name_zh: _initials_of(_plain(herb.pinyin), len(herb.name_zh)) for herb in all_herbs()}


def _initials_of(pinyin: str, syllables: int) -> frozenset[str]:
    """Return the initials of every way to part pinyin written together into so many syllables."""
    if syllables == 1:
        return frozenset({pinyin[:1]}) if _is_syllable(pinyin) else frozenset()
    found: set[str] = set()
    for length in range(1, min(_LONGEST, len(pinyin) - 1) + 1):
        if _is_syllable(pinyin[:length]):
            found |= {pinyin[0] + rest for rest in _initials_of(pinyin[length:], syllables - 1)}
    return frozenset(found)


_LONGEST: Final = 6
"""Letters of the longest syllable, such as zhuang."""


def _is_syllable(letters: str) -> bool:
    """Tell whether letters may be one syllable: consonants, vowels, and n, ng or r at the end.

    >>> _is_syllable("shao"), _is_syllable("aish"), _is_syllable("sh")
    (True, False, False)
    """
    rest = letters.lstrip("bpmfdtnlgkhjqxzcsryw") if letters[:2] not in _DOUBLE else letters[2:]
    onset = letters[: len(letters) - len(rest)]
    vowels = rest.rstrip("ngr")
    coda = rest[len(vowels) :]
    return (
        (len(onset) <= 1 or onset in _DOUBLE)
        and bool(vowels)
        and set(vowels) <= set("aeiouüv")
        and coda in ("", "n", "ng", "r")
    )
