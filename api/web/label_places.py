"""Where the words of a drawing stand, so that none lies on another.

Widths are those of the style sheet's 12 px, rounded up: a Chinese character is a square, others are narrower.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from api.web.chart_frame import Size

LINE: Final = 15
"""Height of a line of words."""
_SQUARE: Final = 12.5
_NARROW: Final = 7.5
_FIRST_WIDE: Final = "\u2e80"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: how far from the left they begin and end, and from the top their foot is."""

    left: float
    right: float
    foot: float

    def meets(self, other: "Place") -> bool:
        """Whether words at both places would lie on one another.

        >>> Place(0, 50, 20).meets(Place(40, 90, 30)), Place(0, 50, 20).meets(Place(40, 90, 35))
        (True, False)
        """
        beside = self.right <= other.left or other.right <= self.left
        return not beside and abs(self.foot - other.foot) < LINE


def width_of(label: str) -> float:
    """Return how wide words are at most.

    >>> width_of("预警 5 %")
    55.0
    """
    return sum(_SQUARE if each >= _FIRST_WIDE else _NARROW for each in label)


def free_place(left: float, right: float, feet: Iterable[float], taken: Iterable[Place], size: Size) -> Place:
    """Return the first place, of those wanted and then of those nearest to the best, that meets no other.

    `feet` are the wanted distances from the top, the best first. Where all is full it is the best of them.
    """
    met = list(taken)
    wanted = list(feet)
    lowest = size.height - size.bottom - 4
    lines = range(size.top + 4, lowest + 1)
    nearest = sorted(lines, key=lambda foot: abs(foot - wanted[0]))
    for foot in (*(foot for foot in wanted if size.top + 4 <= foot <= lowest), *nearest):
        place = Place(left, right, foot)
        if not any(place.meets(other) for other in met):
            return place
    return Place(left, right, wanted[0])
