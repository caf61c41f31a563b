"""One drawing of a page as a file of its own: SVG with title, unit and where it came from.

A page's drawings have no addresses of their own. Whoever wants one asks for the page with `?drawing=` and
the drawing's name, and gets the wide one as it stands there: the same numbers, by the same code. The looks a
page takes from the style sheet travel inside the file.
"""

import re
from functools import cache
from html import escape, unescape
from importlib.resources import files
from typing import Final

MEDIA_TYPE: Final = "image/svg+xml"
HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "X-Robots-Tag": "noindex",
}
"""A drawing runs nothing and loads nothing; its looks stand inside it."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_HEAD: Final = 58
"""Room above the drawing for title and unit."""
_FOOT: Final = 26
_SIDE: Final = 16


def drawing_file(body: str, name: str, source: str) -> bytes | None:
    """Return the wide drawing `name` of a page as an SVG file; None where the page has none of that name.

    `source` is the line at its foot: whose numbers these are.

    >>> page = (
    ...     '<figure><figcaption>Points</figcaption><svg class="chart wide" viewBox="0 0 10 10" width="10" '
    ...     'height="10" aria-labelledby="a-wide-title a-wide-text"><title>Up</title></svg></figure>'
    ... )
    >>> b"Up</text>" in drawing_file(page, "a", "daodi"), drawing_file(page, "b", "daodi")
    (True, None)
    """
    if not _NAME.fullmatch(name):
        return None
    found = re.search(
        rf'<svg class="chart wide" viewBox="0 0 (\d+) (\d+)"[^>]*aria-labelledby="{name}-wide-title[^>]*>'
        r"(.*?)</svg>",
        body,
        re.DOTALL,
    )
    if found is None:
        return None
    width, height, content = int(found[1]), int(found[2]), found[3]
    title = _first(r"<title[^>]*>(.*?)</title>", content)
    unit = _unit_above(body, found.start())
    whole_width, whole_height = width + 2 * _SIDE, height + _HEAD + _FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole_width} {whole_height}" '
        f'width="{whole_width}" height="{whole_height}" role="img">'
        f"<style>{_looks()}</style>"
        f'<rect class="paper" width="{whole_width}" height="{whole_height}"/>'
        f'<text class="head" x="{_SIDE}" y="26">{escape(title, quote=False)}</text>'
        f'<text class="unit" x="{_SIDE}" y="46">{escape(unit, quote=False)}</text>'
        f'<g transform="translate({_SIDE} {_HEAD})">{content}</g>'
        f'<text class="unit" x="{_SIDE}" y="{whole_height - 10}">{escape(source, quote=False)}</text></svg>'
    ).encode()


def _unit_above(body: str, start: int) -> str:
    """Return the caption that stands first in the figure the drawing is in; empty for a bare drawing."""
    opened = body.rfind("<figure", 0, start)
    if opened < body.rfind("</figure>", 0, start):
        return ""
    return _first(r"<figcaption>(.*?)</figcaption>", body[opened:start])


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


@cache
def _looks() -> str:
    """Return the rules of the style sheet that begin with `svg`, with every custom property put in."""
    sheet = files("api.web").joinpath("static", "daodi.css").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    named = dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", sheet))
    rules = re.findall(r"^(svg[^{}]*)\{([^}]*)\}", sheet, re.MULTILINE)
    plain = "".join(
        f"{chosen.strip()}{{{looks.strip()}}}" for chosen, looks in rules if ".chart" not in chosen
    )
    own = (
        "svg{font:12px var(--sans);color:var(--ink)}text{fill:var(--ink)}.paper{fill:#fff}"
        ".head{font-size:18px;font-weight:600}.unit{font-size:12px;fill:var(--soft)}"
    )
    return re.sub(r"var\((--[a-z-]+)\)", lambda each: named.get(each[1], "inherit"), plain + own)
