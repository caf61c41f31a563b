"""The papers labels are printed on: sheets of A4 with a grid, and rolls with one label after another."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelForm:
    """One paper; all lengths in millimetres."""

    key: str
    page: tuple[float, float]
    """Width and height of a page; on a roll a page is one label."""
    columns: int
    rows: int
    label: tuple[float, float]
    margin: tuple[float, float]
    """From the left and the upper edge of the page to the first label."""

    @property
    def per_page(self) -> int:
        """How many labels a page holds."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Return the left upper corner of the label at `place` of its page, counted from 0 along the rows.

        >>> form_named("a4-3x8").corner(4)
        (70.0, 37.5)
        """
        row, column = divmod(place, self.columns)
        return self.margin[0] + column * self.label[0], self.margin[1] + row * self.label[1]


A4: Final = (210.0, 297.0)

FORMS: Final = (
    LabelForm(key="a4-3x8", page=A4, columns=3, rows=8, label=(70.0, 37.0), margin=(0.0, 0.5)),
    LabelForm(key="a4-2x4", page=A4, columns=2, rows=4, label=(105.0, 74.0), margin=(0.0, 0.5)),
    LabelForm(key="roll-60x40", page=(60.0, 40.0), columns=1, rows=1, label=(60.0, 40.0), margin=(0.0, 0.0)),
    LabelForm(
        key="roll-100x70", page=(100.0, 70.0), columns=1, rows=1, label=(100.0, 70.0), margin=(0.0, 0.0)
    ),
)
"""Common label papers: 24 and 8 on a sheet of A4 without gaps, and two widths of rolls."""

FORM_KEYS: Final = tuple(form.key for form in FORMS)


def form_named(key: str) -> LabelForm:
    """Return a form by its key; raises `KeyError`."""
    return {form.key: form for form in FORMS}[key]
