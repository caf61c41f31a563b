"""The lots of a herb's way drawn as a small family tree: oldest on top, what was split or merged below.

Pure like `charts.py`; the page puts a table with the same facts beside every drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

BOX_WIDTH: Final = 144
BOX_HEIGHT: Final = 44
GAP_ACROSS: Final = 12
GAP_DOWN: Final = 40
MARGIN: Final = 4
_LONGEST_NAME: Final = 18
"""Characters of a lot number that fit into a box."""


@dataclass(frozen=True, slots=True)
class LotBox:
    """One lot: its number and a second line such as its form and mass."""

    lot: str
    caption: str
    own: bool = False
    """True for the lot the scanned pack was filled from."""


@dataclass(frozen=True, slots=True)
class LotLine:
    """Grams of lot `source` that went into lot `target`."""

    source: str
    target: str


def depths(lots: Sequence[str], lines: Sequence[LotLine]) -> dict[str, int]:
    """Return the row of every lot: one below the lowest of the lots it came from.

    >>> depths(["a", "b", "c"], [LotLine("a", "b"), LotLine("b", "c"), LotLine("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    row = dict.fromkeys(lots, 0)
    known = [line for line in lines if line.source in row and line.target in row]
    # Lots form no circle, so the longest way has fewer lines than there are lots (Bellman and Ford).
    for _ in lots:
        for line in known:
            row[line.target] = max(row[line.target], row[line.source] + 1)
    return row


def short_name(lot: str) -> str:
    """Return a lot number that fits into its box: the middle of a long one is left out.

    >>> short_name("ANHUI-BOZHOU-2024-BAISHAO-0001")
    'ANHUI-BO…SHAO-0001'
    """
    return lot if len(lot) <= _LONGEST_NAME else f"{lot[:8]}…{lot[-9:]}"


def draw_lineage(
    boxes: Sequence[LotBox], lines: Sequence[LotLine], *, title: str, description: str, name: str = "lineage"
) -> str:
    """Return the tree as one `<svg>` element; `name` tells its parts from those of another on the page."""
    row_of = depths([box.lot for box in boxes], lines)
    rows: list[list[LotBox]] = [[] for _ in range(max(row_of.values(), default=0) + 1)]
    for box in boxes:
        rows[row_of[box.lot]].append(box)
    width = max(len(row) for row in rows) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS + 2 * MARGIN
    height = len(rows) * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN + 2 * MARGIN
    place = {box.lot: spot for row in _places(rows, width) for box, spot in row}
    drawn = [_line(line, place) for line in lines if line.source in place and line.target in place]
    drawn += [_box(box, place[box.lot]) for box in boxes]
    return (
        f'<svg class="lineage" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-text"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(description)}</desc>{"".join(drawn)}</svg>'
    )


def _places(rows: Sequence[Sequence[LotBox]], width: int) -> list[list[tuple[LotBox, tuple[int, int]]]]:
    """Centre each row; gives the upper left corner of every box."""
    placed = []
    for depth, row in enumerate(rows):
        used = len(row) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS
        left = (width - used) // 2
        top = MARGIN + depth * (BOX_HEIGHT + GAP_DOWN)
        placed.append([(box, (left + at * (BOX_WIDTH + GAP_ACROSS), top)) for at, box in enumerate(row)])
    return placed


def _box(box: LotBox, place: tuple[int, int]) -> str:
    x, y = place
    middle = x + BOX_WIDTH // 2
    kind = "lot own" if box.own else "lot"
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text class="lot-name" x="{middle}" y="{y + 18}">{escape(short_name(box.lot))}</text>'
        f'<text class="lot-caption" x="{middle}" y="{y + 35}">{escape(box.caption)}</text>'
    )


def _line(line: LotLine, place: Mapping[str, tuple[int, int]]) -> str:
    x1, y1 = place[line.source][0] + BOX_WIDTH // 2, place[line.source][1] + BOX_HEIGHT
    x2, y2 = place[line.target][0] + BOX_WIDTH // 2, place[line.target][1]
    bend = (y1 + y2) // 2
    return f'<path class="flow" d="M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2 - 5}m-4 -5l4 5l4 -5"/>'
