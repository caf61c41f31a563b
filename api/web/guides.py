"""The guides as pages: one for each kind of reader, written as Markdown in docs/guides.

HTML in a guide is shown as text. An address of ours between backticks becomes a link, and so does the file
of another guide; any other document is named by its file, since the service shows the guides alone. Pictures
of pages are left out: here the pages themselves are one step away.
"""

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from ledger.errors import Language

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Link = Callable[[str], str]
"""Makes an address of ours one that keeps the reader's language and view."""
Tokens = Sequence[Token]
Beside = MutableMapping[str, Any]

WHO: Final = ("grower", "firm", "consumer", "regulator", "operator", "developer")
"""Whom there is a guide for, in the order they are listed."""
_CARRIED: Final = "guide_texts"
"""Where the guides lie in an installed package; a checkout has them in docs/guides."""
_PAGE: Final = re.compile(r"/(?!v1/)[a-z][a-z/-]*|/")
"""An address that anybody can open as it stands: nothing to fill in, not of the interface."""
_GUIDE: Final = re.compile(rf"({'|'.join(WHO)})\.md")
_ABOVE: Final = "../../"
"""What leads from a guide's folder to the other documents."""
_WRITTEN_IN: Final = "docs/guides/zh/"


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language."""

    who: str
    title: str
    lead: str
    """Its first paragraph, as text."""
    body: Markup
    """All of it below the title."""


def guide(who: str, language: Language, link: Link) -> Guide:
    """Return the guide for `who`, one of `WHO`.

    >>> guide("grower", "zh", str).title
    '种植户指南'
    """
    return drawn(who, guides_folder().joinpath(language, f"{who}.md").read_text("utf-8"), link)


def drawn(who: str, text: str, link: Link) -> Guide:
    r"""Draw a guide from its Markdown, which begins with its title and a paragraph.

    >>> text = "# T\n\nA <b>lead</b>: `/workbench`, [firm](firm.md), [words](../../glossary.md#x).\n"
    >>> made = drawn("grower", text, lambda path: path + "?lang=en")
    >>> made.title, made.lead
    ('T', 'A <b>lead</b>: /workbench, firm, words.')
    >>> str(made.body).splitlines() == [
    ...     '<p>A &lt;b&gt;lead&lt;/b&gt;: <a href="/workbench?lang=en"><code>/workbench</code></a>, '
    ...     '<a href="/guides/firm?lang=en">firm</a>, words (<code>docs/glossary.md</code>).</p>'
    ... ]
    True
    """
    reader = _reader()
    tokens = reader.parse(text)
    title, lead = [_said(token) for token in tokens if token.type == "inline"][:2]
    below = _without_pictures(tokens[3:])  # a title is three tokens: opened, its words, closed
    body = reader.renderer.render(below, reader.options, {"link": link})
    return Guide(who, title, lead, Markup(body))  # noqa: S704  HTML is off: all of it was escaped


@cache
def guides_folder() -> "Traversable":
    """Return the folder with a folder of guides for each language."""
    carried = files("api.web").joinpath(_CARRIED)
    return carried if carried.is_dir() else Path(__file__).parents[2] / "docs" / "guides"


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name, rule in _RULES.items():
        made.add_render_rule(name, rule)
    return made


def _without_pictures(tokens: Tokens) -> list[Token]:
    """Leave out every paragraph that is nothing but pictures."""
    kept: list[Token] = []
    for token in tokens:
        parts = {child.type for child in token.children or ()}
        if "image" in parts and parts <= {"image", "softbreak"}:
            kept.pop()  # what opened the paragraph
        elif not (token.type == "paragraph_close" and kept[-1].type != "inline"):
            kept.append(token)
    return kept


def _said(inline: Token) -> str:
    """Return the words of a line without what marks them up."""
    return "".join(
        child.content or ("\n" if child.type == "softbreak" else "") for child in inline.children or ()
    )


def _code(_: RendererProtocol, tokens: Tokens, at: int, __: OptionsDict, beside: Beside) -> str:
    said = tokens[at].content
    shown = f"<code>{escapeHtml(said)}</code>"
    return f'<a href="{escapeHtml(beside["link"](said))}">{shown}</a>' if _PAGE.fullmatch(said) else shown


def _fence(_: RendererProtocol, tokens: Tokens, at: int, __: OptionsDict, ___: Beside) -> str:
    # Wide lines are scrolled, with the keyboard too (WCAG 2.1.1).
    return f'<pre tabindex="0"><code>{escapeHtml(tokens[at].content)}</code></pre>\n'


def _link_open(_: RendererProtocol, tokens: Tokens, at: int, __: OptionsDict, beside: Beside) -> str:
    target = _target(tokens[at])
    found = _GUIDE.fullmatch(target)
    if found:
        return f'<a href="{escapeHtml(beside["link"](f"/guides/{found[1]}"))}">'
    return "" if target.startswith(_ABOVE) else f'<a href="{escapeHtml(target)}">'


def _link_close(_: RendererProtocol, tokens: Tokens, at: int, __: OptionsDict, ___: Beside) -> str:
    target = next(_target(token) for token in reversed(tokens[:at]) if token.type == "link_open")
    if not target.startswith(_ABOVE):
        return "</a>"
    return f" (<code>{escapeHtml(normpath(_WRITTEN_IN + target.partition('#')[0]))}</code>)"


def _table_open(*_: object) -> str:
    return '<div class="scroll" tabindex="0">\n<table>\n'


def _table_close(*_: object) -> str:
    return "</table>\n</div>\n"


def _target(opened: Token) -> str:
    return str(opened.attrs["href"])


_RULES: Final[dict[str, Callable[..., str]]] = {
    "code_inline": _code,
    "fence": _fence,
    "link_open": _link_open,
    "link_close": _link_close,
    "table_open": _table_open,
    "table_close": _table_close,
}
