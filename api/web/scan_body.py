"""One scan page for all packs that share it: drawn with marks, filled in with what is a pack's own.

A pack's own are its code, as stored and as printed, and the sentence on its scans; all else is the same for
every pack in one state of one lot. Its tag is made from a digest of the drawn page and of what was filled in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import escape

from api.web.cut_page import CutPage, cut_page
from api.web.formats import Formats
from api.web.scan import LogState, VerdictWords, scan_parts, scans_sentence
from api.web.site import ELDER, Reader, draw
from api.web.words import words_in
from ledger.errors import Language
from trace.coding.trace_code import grouped
from trace.story_parts import Story

CODE: Final = "UUUUUUUULLLLOOOOIIII"
"""Stands for the code: twenty letters that no code has, and no word either."""
_SCANS: Final = "UUUUSCANSUUUU"
_PRINTED: Final = grouped(CODE).encode()
_STORED: Final = CODE.encode()
_SENTENCE: Final = _SCANS.encode()
_DIGEST: Final = 16
_PLAIN: Final[dict[bytes, tuple[Language | None, bool]]] = {
    b"": (None, False),
    b"lang=zh": ("zh", False),
    b"lang=en": ("en", False),
    b"view=elder": (None, True),
    b"lang=zh&view=elder": ("zh", True),
    b"lang=en&view=elder": ("en", True),
}
"""The queries of our own links: language asked for, and whether 长辈版."""


@dataclass(frozen=True, slots=True)
class DrawnFor:
    """Whom a page is drawn for: nothing else of a reader shows on it."""

    query: bytes
    language: Language
    elder: bool

    @property
    def view(self) -> str:
        """The query as text: what a kept page is told apart by, besides its language."""
        return self.query.decode()

    @classmethod
    def of(cls, query: bytes, preferred: Language) -> "DrawnFor | None":
        """Return whom a query means who otherwise prefers a language; None for a query not our own."""
        known = _PLAIN.get(query)
        return None if known is None else cls(query, known[0] or preferred, known[1])

    @property
    def reader(self) -> Reader:
        """The reader whose address is that of the code still to be filled in."""
        asked = "lang" in self.query.decode()
        carried = [("lang", str(self.language))] if asked else []
        carried += [("view", ELDER)] if self.elder else []
        return Reader(self.language, self.elder, f"/s/{CODE}", tuple(carried))


class Filled(NamedTuple):
    """A page as it is sent."""

    tag: str
    pieces: list[bytes]


class SharedPage(NamedTuple):
    """A drawn page as it goes out to all who want it alike: to be filled in for each code."""

    cut: CutPage
    digest: bytes
    language: Language
    gzipped: bool

    def filled(self, code: str, scans: int = 0, first_ms: int | None = None) -> Filled:
        """Fill in a code, and the sentence on its scans: how many, and when the first was.

        In gzip the same page has a tag of its own (RFC 9110, section 8.8.3.3).
        """
        sentence = _said(scans, first_ms, self.language)
        named = hashlib.blake2b(self.digest + code.encode() + sentence, digest_size=_DIGEST).hexdigest()
        return Filled(f'"{named}.gz"' if self.gzipped else f'"{named}"', self._pieces(code, sentence))

    def untagged(self, code: str) -> list[bytes]:
        """Fill in a code that was never scanned, in a page nobody asks for again."""
        return self._pieces(code, b"")

    def _pieces(self, code: str, sentence: bytes) -> list[bytes]:
        filling = {_PRINTED: grouped(code).encode(), _STORED: code.encode(), _SENTENCE: sentence}
        return self.cut.gzipped(filling) if self.gzipped else self.cut.filled(filling)


def shared_page(drawn: bytes, language: Language, *, gzipped: bool) -> SharedPage:
    """Return what `draw_scan` or `draw_no_code` drew, ready to be filled in."""
    return SharedPage(
        cut_page(drawn, _DIGEST, _PRINTED, _STORED, _SENTENCE), drawn[:_DIGEST], language, gzipped
    )


def draw_scan(story: Story, indices: Mapping[str, int], log: LogState, who: DrawnFor, *, demo: bool) -> bytes:
    """Draw the page of a story with marks for what is the pack's own."""
    parts = scan_parts(replace(story, code=CODE), indices, log, words_in(who.language))
    verdict = parts["verdict"]
    if not isinstance(verdict, VerdictWords):
        raise TypeError
    parts["verdict"] = replace(verdict, scans=_SCANS)
    return _digested(draw(who.reader, "scan.html", demo=demo, parts=parts))


def draw_no_code(who: DrawnFor, *, demo: bool) -> bytes:
    """Draw the page of what is no code of ours, with marks for what was asked."""
    return _digested(draw(who.reader, "no_code.html", demo=demo))


def _digested(drawn: bytes) -> bytes:
    """Put a page's digest before it: a tag made from it need not go through the page again."""
    return hashlib.blake2b(drawn, digest_size=_DIGEST).digest() + drawn


@lru_cache(maxsize=4096)
def _said(count: int, first_ms: int | None, language: Language) -> bytes:
    said = scans_sentence(count, first_ms, words_in(language), Formats(language))
    return str(escape(said)).encode()
