"""The charts of a page as a reader without a script gets it: what stands around each drawing.

A chart is an `<svg class="chart wide">` of the answer's own HTML. What belongs to it is looked for in its
`<figure>` and in the innermost `<section>` around it, as a reader would look.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "path", "rect", "circle", "line"})


@dataclass(eq=False, slots=True)
class Node:
    """One element: its attributes, its parts in order, who holds it."""

    tag: str
    attributes: dict[str, str]
    holder: "Node | None"
    parts: list["Node | str"] = field(default_factory=list)

    def text(self) -> str:
        """Return all its words, white space made single."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> list[str]:
        return [part if isinstance(part, str) else "".join(part._words()) for part in self.parts]

    def all(self, tag: str) -> list["Node"]:
        """Return every element of a kind inside, in the order of the page."""
        found = []
        for part in self.parts:
            if isinstance(part, Node):
                found += ([part] if part.tag == tag else []) + part.all(tag)
        return found

    def around(self, tag: str) -> "Node | None":
        """Return the innermost element of a kind that it stands in."""
        holder = self.holder
        while holder is not None and holder.tag != tag:
            holder = holder.holder
        return holder


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.here = self.root = Node("page", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.parts.append(made)
        if tag not in _VOID:
            self.here = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.parts.append(Node(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        open_one: Node | None = self.here
        while open_one is not None and open_one.tag != tag:
            open_one = open_one.holder
        if open_one is not None and open_one.holder is not None:
            self.here = open_one.holder

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What stands around one drawing; empty where there is nothing."""

    name: str
    """The drawing's own: the first part of its ids."""
    title: str
    description: str
    """What is read aloud in place of the drawing."""
    above: str
    """The caption above it: its unit and its base."""
    below: str
    """The caption below it: what it shows, to be seen by all."""
    tables: tuple[int, ...]
    """How many rows of numbers each table of its section has."""
    csv: tuple[str, ...]
    """Addresses its section offers as CSV."""
    file: str
    """Address of the drawing as SVG, of which the page's script makes the PNG."""
    script: bool
    """The page loads that script."""


def charts(page: str) -> list[Chart]:
    """Return every chart of a page of HTML; the narrow twin of a drawing is not told apart."""
    reading = _Reading()
    reading.feed(page)
    root = reading.root
    script = any("/chart." in each.attributes.get("src", "") for each in root.all("script"))
    drawn = [each for each in root.all("svg") if each.attributes.get("class", "") == "chart wide"]
    return [_chart(each, script=script) for each in drawn]


def _chart(drawing: Node, *, script: bool) -> Chart:
    figure, section = drawing.around("figure"), drawing.around("section")
    name = drawing.attributes["aria-labelledby"].split()[0].removesuffix("-wide-title")
    above, below = _captions(figure, drawing)
    links = [] if section is None else section.all("a")
    tables = [] if section is None else section.all("table")
    return Chart(
        name=name,
        title=_first(drawing, "title"),
        description=_first(drawing, "desc"),
        above=above,
        below=below,
        tables=tuple(len(body.all("tr")) for table in tables for body in table.all("tbody")),
        csv=tuple(each.attributes["href"] for each in links if "CSV" in each.text()),
        file=next(
            (each.attributes["href"] for each in links if each.attributes.get("data-drawing") == name), ""
        ),
        script=script,
    )


def _captions(figure: Node | None, drawing: Node) -> tuple[str, str]:
    """Return the captions before and after the drawing."""
    if figure is None:
        return "", ""
    parts = [each for each in figure.parts if isinstance(each, Node)]
    place = next(at for at, each in enumerate(parts) if each is drawing)
    said = [(at, each.text()) for at, each in enumerate(parts) if each.tag == "figcaption"]
    above = [words for at, words in said if at < place]
    below = [words for at, words in said if at > place]
    return " ".join(above), " ".join(below)


def _first(node: Node, tag: str) -> str:
    found = node.all(tag)
    return found[0].text() if found else ""


POINTS = (r"基期 ?(为|\d{4}年\d+月 =) ?1,000", r"base( period is)? (\w{3} \d{4} = )?1,000")
SHARES = ("实际值落在区间内的比例", "Share of actual values inside")
BASES = {
    **dict.fromkeys(("level", "fan", "earlier", "vintages", "values"), POINTS),
    **dict.fromkeys(("parts", "herb-parts"), ("总指数比前一日", "composite's change of .* in a day")),
    "movers": (r"与\d{4}年\d+月\d+日相比", r"against \d+ \w+ \d{4}"),
    "months": ("与上月相比", "against the month before"),
    "markets": (r"与\d{4}年\d+月\d+日相比", r"against \d+ \w+ \d{4}"),
    "compare": (r"\d{4}年\d+月\d+日 = 100", r"\d+ \w+ \d{4} = 100"),
    "comparison": (r"\d{4}年\d+月", r"\w{3} \d{4}"),
    "chances-up_flat_down": ("与起点相比", "Against the origin"),
    "chances-up_if_changed": ("与起点不同", "differs from the origin's"),
    "errors": ("1 表示和“维持不变”一样", '1 is as good as "no change"'),
    "coverage": SHARES,
    "reliability-up_flat_down": ("真正发生的比例", "share that came true"),
    "reliability-up_if_changed": ("真正发生的比例", "share that came true"),
    "scores": ("进入的界限", "bounds to enter"),
    "areas": ("在册单位为 100 %", r"the register is 100 %"),
}
"""What the numbers of each chart are measured against, as its caption must say it in Chinese and English."""


def lacking(chart: Chart, language: str) -> list[str]:
    """Name what a chart has not of its parts; `script` is what makes the PNG of its drawing."""
    base = BASES.get(chart.name, (r"(?!)", r"(?!)"))[0 if language == "zh" else 1]
    has = {
        "title": bool(chart.title),
        "unit": bool(chart.above),
        "base": re.search(base, chart.above) is not None,
        "description": bool(chart.description) and chart.description in chart.below,
        "table": any(chart.tables),
        "csv": any(chart.csv),
        "drawing": bool(chart.file),
        "script": chart.script,
    }
    return [name for name, there in has.items() if not there]
