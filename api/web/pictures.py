"""A drawing in both sizes and the words that go with it, ready for a template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from markupsafe import Markup

from api.web.chart_frame import NARROW, WIDE, Size


class Named(Protocol):
    """A chart: its name is that of its drawing on the page."""

    @property
    def name(self) -> str:
        """Unique on the page."""


Drawn = TypeVar("Drawn", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """One drawing for a phone and one for a desk; the template shows what fits."""

    name: str
    """Unique on its page: the drawing is to be had as a file by it."""
    title: str
    unit: str
    """What the axes measure, with the base: said above the drawing."""
    description: str
    """What a reader who cannot see it should know: said below the drawing."""
    narrow: Markup
    wide: Markup


def in_both_sizes(
    chart: Drawn,
    draw: Callable[[Drawn, Size], str],
    said: tuple[str, str, str],
    sizes: tuple[Size, Size] = (NARROW, WIDE),
) -> Pictures:
    """Draw a chart for a phone and for a desk; `said` are its title, unit and description."""
    title, unit, description = said
    narrow, wide = (draw(chart, size) for size in sizes)
    return Pictures(
        name=chart.name,
        title=title,
        unit=unit,
        description=description,
        narrow=Markup(narrow),  # noqa: S704  every text in it was escaped when drawn
        wide=Markup(wide),  # noqa: S704  as above
    )
