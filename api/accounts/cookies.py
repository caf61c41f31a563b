"""The session's cookie, and whether a request that carries it comes from a page of our own.

A browser sends cookies along with what other sites' pages make it ask. `SameSite=Lax` keeps them from
forms of other sites; `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin` (RFC 6454) tell it a second time.
"""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from api.accounts.account_errors import ForeignForm
from api.settings import Settings

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""
_LONGEST: Final = 720
"""Characters of a cookie that are looked at: sixty of a name, quoted."""
_NAME_COOKIE: Final = "daodi-sign-in-name"
_NAME_PATH: Final = "/sign-in"
_NAME_SECONDS: Final = 600


def cookie_name(settings: Settings) -> str:
    """Return the name of the session's cookie, with `__Host-` where it travels by https alone.

    That prefix (RFC 6265bis, section 4.1.3) keeps other hosts of the domain from setting it.
    """
    return "__Host-daodi-session" if _secure(settings) else "daodi-session"


def presented_cookie(request: Request, settings: Settings) -> str | None:
    """Return the session a request presents, unchecked; None for none."""
    return request.cookies.get(cookie_name(settings), "")[:_LONGEST] or None


def set_cookie(answer: Response, settings: Settings, secret: str) -> None:
    """Hand a session's cookie to the browser: until it is closed, and for no script."""
    answer.set_cookie(
        cookie_name(settings), secret, path="/", secure=_secure(settings), httponly=True, samesite="lax"
    )


def drop_cookie(answer: Response, settings: Settings) -> None:
    """Take the session's cookie from the browser."""
    answer.delete_cookie(
        cookie_name(settings), path="/", secure=_secure(settings), httponly=True, samesite="lax"
    )


def set_name(answer: Response, settings: Settings, name: str) -> None:
    """Have the browser keep a sign-in name for the sign-in that follows: in no address, and for no script."""
    answer.set_cookie(
        _NAME_COOKIE,
        quote(name),
        max_age=_NAME_SECONDS,
        path=_NAME_PATH,
        secure=_secure(settings),
        httponly=True,
        samesite="lax",
    )


def kept_name(request: Request) -> str:
    """Return the sign-in name `set_name` left; empty for none."""
    return unquote(request.cookies.get(_NAME_COOKIE, "")[:_LONGEST])


def drop_name(answer: Response) -> None:
    """Take the name from the browser."""
    answer.delete_cookie(_NAME_COOKIE, path=_NAME_PATH)


def is_safe(request: Request) -> bool:
    """Tell whether a request's method changes nothing."""
    return request.method in _SAFE


def comes_from_here(request: Request, settings: Settings) -> bool:
    """Tell whether a page of our own made this request.

    The browser says so in `Sec-Fetch-Site`; one too old for that, or one that a person's own click led here
    (`none`), must name our origin. Who names no origin is no page of ours.
    """
    site = request.headers.get("sec-fetch-site")
    if site == "same-origin":
        return True
    return site in {None, "none"} and request.headers.get("origin") in _own_origins(request, settings)


def require_own_page(request: Request, settings: Settings) -> None:
    """Raise `ForeignForm` where a request that changes something comes from elsewhere."""
    if not is_safe(request) and not comes_from_here(request, settings):
        raise ForeignForm


def _own_origins(request: Request, settings: Settings) -> frozenset[str]:
    stated = urlsplit(settings.base_url)
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return frozenset({f"{stated.scheme}://{stated.netloc}".lower(), here.lower()})


def _secure(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")
