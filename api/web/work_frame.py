"""The frame of every page behind a sign-in: which areas its reader may open, and who is signed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from api.accounts.roles import AccountRole
from api.callers import Caller
from api.station import Station
from api.tokens import Scope
from api.web.site import page
from api.web.work_reader import PARTY, WorkReader
from trace.errors import UnknownParty
from trace.parties import Party, party


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
    Area("waiting", "/workbench", _CLERK),
    Area("steps", "/workbench/steps", _CLERK),
    Area("lots", "/workbench/lots", _CLERK),
    Area("receive", "/workbench/receive", _CLERK),
    Area("ship", "/workbench/ship", _CLERK),
    Area("labels", "/workbench/labels", _CLERK),
    Area("scan", "/workbench/scan", _CLERK),
    Area("paste", "/workbench/paste", _CLERK),
    Area("upload", "/workbench/upload", _CLERK),
    Area("drafts", "/workbench/drafts", _CLERK),
    Area("desk", "/desk", _REGULATOR),
    Area("coverage", "/desk/coverage", _REGULATOR),
    Area("oversell", "/desk/oversell", _REGULATOR),
    Area("late", "/desk/late", _REGULATOR),
    Area("codes", "/desk/codes", _REGULATOR),
    Area("scans", "/desk/scans", _REGULATOR),
    Area("inspections", "/desk/inspections", _REGULATOR),
    Area("draws", "/desk/draws", _REGULATOR),
    Area("recalls", "/desk/recalls", _REGULATOR),
    Area("integrity", "/desk/integrity", _REGULATOR),
    Area("complaints", "/desk/complaints", _REGULATOR),
    Area("warnings", "/desk/warnings", frozenset({Scope.WARNINGS_READ, Scope.WARNINGS_DECIDE})),
    Area("quarantine", "/desk/quarantine", frozenset({Scope.QUOTES_DECIDE})),
    Area("accounts", "/operator/accounts", frozenset()),
)
"""In the order they are shown."""

_ROLES: Final = (
    (Scope.OPERATOR, AccountRole.OPERATOR),
    (Scope.SUPERVISE, AccountRole.REGULATOR),
    (Scope.INDEX_PUBLISH, AccountRole.PUBLISHER),
    (Scope.STEPS_WRITE, AccountRole.CLERK),
    (Scope.QUOTES_DECIDE, AccountRole.VERIFIER),
    (Scope.QUOTES_WRITE, AccountRole.COLLECTOR),
    (Scope.WARNINGS_READ, AccountRole.VIEWER),
)
"""The role a page names its reader by: the first whose scope they hold."""


def work_page(
    request: Request,
    caller: Caller,
    template: str,
    *,
    area: str,
    status: int = 200,
    parts: Mapping[str, object] | None = None,
    said: str = "",
    files: Mapping[str, Callable[[], bytes]] | None = None,
) -> Response:
    """Draw a page of `area` for `caller`; the template extends ``work_base.html``.

    `said` stands above it: what was just done, in the reader's language. `files` makes the CSV of its
    drawings, as for `api.web.site.page`. It reads the database (the name of the caller's party): call it in
    a thread.
    """
    whose = _whose(request, caller)
    framed = {
        "reader": reader_of(request, caller),
        "areas": areas_of(caller),
        "area": area,
        "caller": caller,
        "whose": whose,
        "role": _role(caller),
        "said": said,
        **(parts or {}),
    }
    return page(request, template, status=status, wide=True, parts=framed, files=files)


def areas_of(caller: Caller) -> tuple[Area, ...]:
    """Return the areas a caller may open, in the order they are shown."""
    return tuple(each for each in AREAS if caller.operates or each.scopes & caller.scopes)


def first_page(caller: Caller) -> str:
    """Return where a person's work begins; their own account where their role has no area."""
    if caller.operates and caller.party is None:
        return "/desk"  # the workbench would first ask for a party
    areas = areas_of(caller)
    return areas[0].path if areas else "/account"


def reader_of(request: Request, caller: Caller) -> WorkReader:
    """Return whom a page is drawn for; the links of an operator's page keep the party it looks at."""
    return WorkReader.signed_in(request, None if caller.party else request.query_params.get(PARTY))


def _whose(request: Request, caller: Caller) -> Party | None:
    """Return the party a page is about: the caller's own, or the one an operator asked for."""
    named = caller.party or request.query_params.get(PARTY)
    if not named:
        return None
    station: Station = request.app.state.station
    with station.database.read() as session:
        try:
            return party(session, named)
        except UnknownParty:
            return None


def _role(caller: Caller) -> str:
    return next((role.value for scope, role in _ROLES if scope in caller.scopes), "other")
