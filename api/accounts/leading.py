"""Where a person is led who opened a page without being signed in far enough, and back from there.

A way back is a path of this service and nothing else: whoever makes a link to the sign-in page must not be
able to send people on to another site (CWE-601).
"""

from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request

from api.accounts.account_errors import EnrolmentNeeded, FactorNeeded, SessionEnded, SignInNeeded
from api.accounts.cookies import is_safe
from api.errors import TokenMissing
from ledger.errors import DaodiError

_WAYS: Final[dict[type[DaodiError], str]] = {
    TokenMissing: "/sign-in",
    SignInNeeded: "/sign-in",
    SessionEnded: "/sign-in",
    FactorNeeded: "/sign-in/factor",
    EnrolmentNeeded: "/account/factor",
}
HOME: Final = "/sign-in/home"
"""Where a person comes to who was on the way to nowhere: it leads on to the first page of their role."""
_LONGEST: Final = 600
_CARRIED: Final = ("lang", "view")
_KEPT: Final = "/?#[]@!$&'()*+,;=:-._~%"
"""What a path and a query may hold unquoted (RFC 3986, sections 2 and 3)."""


def way_to_sign_in(request: Request, error: DaodiError) -> str | None:
    """Return where the reader of a page is led because of `error`; None where it is told as it is.

    Whoever presents a token is a program: it is told.
    """
    to = _WAYS.get(type(error))
    if to is None or "authorization" in request.headers:
        return None
    asked = request.query_params
    carried = {name: asked[name][:20] for name in _CARRIED if name in asked}
    return f"{to}?{urlencode({'next': _page_of(request), **carried})}"


def own_way(way: str) -> str:
    r"""Return `way` where it is a path of this service, quoted for a header; `HOME` for anything else.

    >>> own_way("/index?family=bozhou"), own_way("//elsewhere.example/x")
    ('/index?family=bozhou', '/sign-in/home')
    >>> own_way("/\\elsewhere.example"), own_way("https:elsewhere.example"), own_way("/%0d%0aX: y")
    ('/sign-in/home', '/sign-in/home', '/%0d%0aX:%20y')
    """
    plain = way.isprintable() and "\\" not in way and len(way) <= _LONGEST
    if not plain or not way.startswith("/") or way.startswith("//"):
        return HOME
    return quote(way, safe=_KEPT)


def _page_of(request: Request) -> str:
    """Return the page to come back to: the one asked for, or the one whose form was sent."""
    if is_safe(request):
        query = request.url.query
        return own_way(request.url.path + (f"?{query}" if query else ""))
    referring = urlsplit(request.headers.get("referer", ""))
    if referring.netloc != request.headers.get("host"):
        return HOME
    return own_way(referring.path + (f"?{referring.query}" if referring.query else ""))
