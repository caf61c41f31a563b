"""How a table stands in a page: rows of cells, and the markers between which a made table is kept."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

_PLACE: Final = re.compile(r"(<!-- table: (?P<name>[a-z-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""A table in Markdown; a bar within a cell is told apart from the bars between cells.

    >>> table(["a", "b"], [["1", "x|y"]])
    '| a | b |\n|---|---|\n| 1 | x\\|y |\n'
    """
    lines = [heading, ["---"] * len(heading), *rows]
    told = [_line(line) for line in lines]
    told[1] = "|" + "---|" * len(heading)
    return "\n".join(told) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text: str) -> str:
    """A word of the program as such; nothing for nothing.

    >>> code("jevons"), code("")
    ('`jevons`', '')
    """
    return f"`{text}`" if text else ""


def names_in(page: str) -> list[str]:
    """The names of the tables a page has places for, in order."""
    return [found["name"] for found in _PLACE.finditer(page)]


def filled(page: str, tables: Mapping[str, Callable[[], str]]) -> str:
    r"""The page with every marked table made anew; raises KeyError for a table nobody makes.

    >>> page = "<!-- table: one -->\nold\n<!-- end of table -->"
    >>> filled(page, {"one": lambda: "new\n"})
    '<!-- table: one -->\nnew\n<!-- end of table -->'
    """
    return _PLACE.sub(lambda found: found[1] + tables[found["name"]]() + found[3], page)
