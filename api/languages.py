"""Which of the two languages a request is answered in.

`?lang=` wins, because a link that was sent on must show what its sender saw; then what the browser
says it prefers (RFC 9110, section 12.5.4); then Chinese. Anything unknown is passed over, never refused.
"""

from typing import Final, get_args

from starlette.requests import Request

from ledger.errors import Language

DEFAULT: Final[Language] = "zh"
"""The source language of every message."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

HTML_LANG: Final[dict[Language, str]] = {"zh": "zh-CN", "en": "en"}
"""What `<html lang>` and `Content-Language` carry (BCP 47)."""

_LONGEST_HEADER = 400
"""Browsers send under 100 characters; what is longer is no preference but an attack on the parser."""


def language_of(request: Request) -> Language:
    """Return the language to answer `request` in."""
    asked = _known(request.query_params.get("lang", ""))
    return asked or preferred(request.headers.get("accept-language", ""))


def preferred(accept_language: str) -> Language:
    """Return the better liked of our two languages by an `Accept-Language` header.

    >>> preferred("fr, en-GB;q=0.8, zh-CN;q=0.5")
    'en'
    >>> preferred("de")
    'zh'
    """
    best: tuple[float, Language] = (0.0, DEFAULT)
    for part in accept_language[:_LONGEST_HEADER].split(","):
        tag, _, parameters = part.partition(";")
        language = _known(tag)
        liking = _quality(parameters)
        if language and liking > best[0]:
            best = (liking, language)
    return best[1]


def _known(tag: str) -> Language | None:
    primary = tag.strip().lower().replace("_", "-").partition("-")[0]
    return next((language for language in LANGUAGES if language == primary), None)


def _quality(parameters: str) -> float:
    """Read `q=0.8`; 1 where none is given, 0 where it cannot be read (RFC 9110, section 12.4.2)."""
    name, _, weight = parameters.strip().partition("=")
    if not name:
        return 1.0
    digits = weight.strip()
    if name.strip().lower() != "q" or not digits.replace(".", "", 1).isdecimal() or not digits.isascii():
        return 0.0
    return min(float(digits), 1.0)
