"""The frame of every page behind a sign-in: which areas its reader may open, and who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from api.callers import Caller
from api.tokens import Scope
from api.web.site import page


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the navigation behind a sign-in."""

    key: str
    """Its words are the message ``work.area.<key>``."""
    path: str
    scopes: frozenset[Scope]
    """Who holds one of these, or the operator's, sees it."""


_CLERK: Final = frozenset({Scope.STEPS_WRITE})
_REGULATOR: Final = frozenset({Scope.SUPERVISE})

AREAS: Final[tuple[Area, ...]] = (
    Area("waiting", "/work", _CLERK),
    Area("lots", "/work/lots", _CLERK),
)
"""In the order they are shown."""


def work_page(
    request: Request,
    caller: Caller,
    template: str,
    *,
    area: str,
    status: int = 200,
    parts: Mapping[str, object] | None = None,
) -> Response:
    """Draw a page of `area` for `caller`; the template extends ``work_base.html``."""
    seen = tuple(each for each in AREAS if caller.operates or each.scopes & caller.scopes)
    framed = {"areas": seen, "area": area, "caller": caller, **(parts or {})}
    return page(request, template, status=status, wide=True, parts=framed)
