"""How a page is made: one Jinja environment, the frame around every page, and its HTTP headers.

Templates escape everything and refuse undefined names. A page depends on nothing but its address and
the reader's languages, so it can be answered again with 304 by its content's hash.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.languages import HTML_LANG, language_of
from api.web.assets import asset_path
from api.web.conditional import conditional
from api.web.csv_body import MEDIA_TYPE as CSV
from api.web.drawing_file import HEADERS, MEDIA_TYPE, drawing_file
from api.web.formats import Formats, direction
from api.web.words import Words, words_in
from ledger.errors import DaodiError, Language
from trace.quantities import format_mass

ELDER: Final = "elder"
"""Value of `?view=` that raises every size to 18 px and more (长辈版)."""

_CHOSEN: Final = (
    "family", "level", "node", "frequency", "cut", "forecast", "target", "actuals",
    "series", "base", "period", "way", "part", "history", "as_of", "asked",
)  # fmt: skip
"""Query parameters that say what of an index a page shows."""
_KEPT: Final = (*_CHOSEN, "lang", "view")
"""Query parameters that a page keeps when its reader changes language or view."""


_LONGEST_PATH: Final = 400


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a page is drawn for: language and view, and how links keep them."""

    language: Language
    elder: bool
    path: str
    carried: tuple[tuple[str, str], ...]
    """Language and view where they were asked for: they follow the reader from page to page."""
    chosen: tuple[tuple[str, str], ...] = ()
    """What of an index was asked for."""

    @classmethod
    def of(cls, request: Request) -> "Reader":
        """Read language and view off a request."""
        language = language_of(request)
        elder = request.query_params.get("view") == ELDER
        carried: list[tuple[str, str]] = [("lang", language)] if "lang" in request.query_params else []
        carried += [("view", ELDER)] if elder else []
        asked = request.query_params
        chosen = tuple((name, asked[name][:_LONGEST_PATH]) for name in _CHOSEN if name in asked)
        return cls(language, elder, own_path(request.scope["path"]), tuple(carried), chosen)

    def link(self, path: str, **parameters: str) -> str:
        """Return `path` with the reader's language and view, and any other parameters."""
        query = urlencode([*self.carried, *parameters.items()])
        return f"{path}?{query}" if query else path

    def switched(self, **changes: str) -> str:
        """Return this same page with language or view changed; an empty value drops the parameter."""
        kept = {**dict(self.chosen), **dict(self.carried), **changes}
        query = urlencode([(name, value) for name in _KEPT if (value := kept.get(name))])
        return f"{self.path}?{query}" if query else self.path

    def drawing(self, name: str) -> str:
        """Return where the drawing `name` of this same page is to be had as a file."""
        return f"{self.path}?{urlencode([*self.chosen, *self.carried, ('drawing', name)])}"

    def table(self, name: str) -> str:
        """Return where the numbers of the drawing `name` of this same page are to be had as CSV."""
        return f"{self.path}?{urlencode([*self.chosen, *self.carried, ('table', name)])}"


def own_path(path: str) -> str:
    """Return the path of a page for a link to itself; home when it is longer than any page of ours.

    Two leading slashes, or one and a backslash, would lead to another host: they become one.

    >>> own_path("//elsewhere.example/x"), own_path("/s/白芍")
    ('/elsewhere.example/x', '/s/%E7%99%BD%E8%8A%8D')
    """
    quoted = "/" + quote(path.lstrip("/\\"), safe="/")
    return quoted if len(quoted) <= _LONGEST_PATH else "/"


@cache
def environment() -> Environment:
    """Return the environment of every template."""
    made = Environment(
        loader=PackageLoader("api.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset_path, direction=direction)
    return made


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    wide: bool = False,
    parts: Mapping[str, object] | None = None,
    files: Mapping[str, Callable[[], bytes]] | None = None,
) -> Response:
    """Draw `template` with its `parts` for whoever asked, and the frame around it.

    `wide` is for pages with big charts. `files` makes the CSV of each of its drawings, by the drawing's name:
    with ``?table=`` that file is the answer.
    """
    reader = Reader.of(request)
    table = request.query_params.get("table")
    if table is not None and files is not None and status == HTTPStatus.OK:
        return _table(request, files, table)
    body = draw(reader, template, demo=_is_demo(request), wide=wide, parts=parts)
    wanted = request.query_params.get("drawing")
    if wanted is not None and status == HTTPStatus.OK:
        return _drawing(request, reader, body, wanted)
    headers = {"Content-Language": HTML_LANG[reader.language], "Vary": "Accept-Language"}
    return conditional(request, body, "text/html; charset=utf-8", status=status, headers=headers)


def _drawing(request: Request, reader: Reader, body: bytes, name: str) -> Response:
    """Answer with one drawing of a page as a file; 404 where the page has none of that name."""
    base = str(request.app.state.station.settings.base_url).rstrip("/")
    source = f"{words_in(reader.language)('frame.brand')} · {base}{reader.path}"
    made = drawing_file(body.decode(), name, source)
    if made is None:
        return not_found_page(request)
    headers = {"Content-Disposition": f'attachment; filename="daodi-{name}.svg"', "Vary": "Accept-Language"}
    return conditional(request, made, MEDIA_TYPE, headers={**HEADERS, **headers})


def _table(request: Request, files: Mapping[str, Callable[[], bytes]], name: str) -> Response:
    """Answer with the numbers of one drawing of a page; 404 where the page has none of that name."""
    if name not in files:
        return not_found_page(request)
    headers = {"Content-Disposition": f'attachment; filename="daodi-{name}.csv"', "Vary": "Accept-Language"}
    return conditional(request, files[name](), CSV, headers=headers)


def draw(
    reader: Reader,
    template: str,
    *,
    demo: bool,
    wide: bool = False,
    parts: Mapping[str, object] | None = None,
) -> bytes:
    """Draw `template` with its `parts` and the frame around it for `reader`."""
    words = words_in(reader.language)
    drawn = environment().get_template(template)
    return drawn.render(frame_parts(reader, words), demo=demo, wide=wide, **(parts or {})).encode()


def frame_parts(reader: Reader, words: Words) -> dict[str, object]:
    """Return what every template may use: words, formats, links."""
    formats = Formats(reader.language)
    other: Language = "en" if reader.language == "zh" else "zh"
    return {
        "t": words,
        "f": formats,
        "reader": reader,
        "html_lang": HTML_LANG[reader.language],
        "other_language": other,
        "other_lang": HTML_LANG[other],
        "mass": lambda grams: format_mass(grams, reader.language),
        "zh": _chinese if reader.language == "en" else _plain,
    }


def not_found_page(request: Request) -> Response:
    """Say that nothing is served at this address, and where to go."""
    return page(request, "not_found.html", status=404)


def _chinese(text: str) -> Markup:
    """Mark a Chinese name on an English page, so that a screen reader says it in Chinese."""
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def _plain(text: str) -> str:
    return text


def _is_demo(request: Request) -> bool:
    return bool(request.app.state.station.settings.demo)


def problem_page(request: Request, error: DaodiError, status: int) -> Response:
    """Say what is wrong and what to do about it, for people who opened an address in a browser."""
    language = language_of(request)
    parts = {"message": error.message(language), "remedy": error.remedy(language)}
    return page(request, "problem.html", status=status, parts=parts)
