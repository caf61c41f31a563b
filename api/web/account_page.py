"""Pages of signing in and of a person's own account: how they are drawn, and the QR code of an enrolment."""

from collections.abc import Iterable, Mapping
from typing import Final

import segno
from fastapi import Request, Response
from markupsafe import Markup
from starlette.datastructures import FormData

from api.callers import Caller
from api.languages import language_of
from api.web.site import page
from api.web.work_frame import work_page
from ledger.errors import DaodiError, ManyFaults

_LONGEST: Final = 1000
_QUIET: Final = 4
"""Modules of white around a QR code (ISO/IEC 18004, 6.3.8)."""


def sign_in_page(
    request: Request, template: str, *, fault: DaodiError | None = None, status: int = 200, **parts: object
) -> Response:
    """Draw a page for somebody who is not signed in yet; `fault` stands above its form. No cache keeps it."""
    named = {"faults": told(request, fault), "next": "", **parts}
    return _kept_by_nobody(page(request, template, status=status, parts=named))


def account_page(
    request: Request,
    caller: Caller,
    template: str,
    *,
    area: str = "account",
    fault: DaodiError | None = None,
    status: int = 200,
    parts: Mapping[str, object] | None = None,
    said: str = "",
) -> Response:
    """Draw a page of a person's own account, as every page behind a sign-in. No cache keeps it."""
    named = {"faults": told(request, fault), **(parts or {})}
    drawn = work_page(request, caller, template, area=area, status=status, parts=named, said=said)
    return _kept_by_nobody(drawn)


def told(request: Request, fault: DaodiError | None) -> list[tuple[str, str]]:
    """Return what is wrong and what to do about it, in the reader's language; nothing for None."""
    language = language_of(request)
    faults: Iterable[DaodiError] = () if fault is None else (fault,)
    if isinstance(fault, ManyFaults):
        faults = fault.faults
    return [(each.message(language), each.remedy(language)) for each in faults]


def text(form: FormData, name: str) -> str:
    """Return one field of a form, cut where no field of ours is longer; empty where it is missing."""
    value = form.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""


def qr_drawing(address: str, title: str) -> Markup:
    """Return a QR code as SVG elements, to be put into a page: squares alone, no style and no script."""
    code = segno.make_qr(address, error="m")
    side = code.symbol_size(border=_QUIET)[0]
    squares = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, line in enumerate(code.matrix)
        for x, dark in enumerate(line)
        if dark
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        '<title>{title}</title><path d="M0 0h{side}v{side}h-{side}z" fill="#fff"/>'
        '<path d="{squares}" fill="#000"/></svg>'
    ).format(side=side, squares=squares, title=title)


def _kept_by_nobody(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
