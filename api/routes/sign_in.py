"""Signing in 登录, its second step, signing out, and the page an invitation leads to; no script needed."""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from api.accounts import account_work, invitations, sessions, signing_in
from api.accounts.account_errors import AccountError, InvitationInvalid
from api.accounts.cookies import (
    drop_cookie,
    drop_name,
    kept_name,
    require_own_page,
    set_cookie,
    set_name,
)
from api.accounts.leading import HOME, own_way
from api.accounts.passwords import LEAST
from api.accounts.sessions import SignedIn, Stage
from api.accounts.signing_in import Browser
from api.callers import Anyone, Arriving, Caller, Person, TheStation, address_of
from api.problems import status_of
from api.routes.pages import PAGE
from api.station import Station
from api.web.account_page import sign_in_page, text
from api.web.work_frame import first_page
from ledger.errors import DaodiError

router = APIRouter(include_in_schema=False)

Secret = Annotated[str, Path(max_length=200)]
_CARRIED: Final = ("lang", "view")
_STEPS: Final = {Stage.CODE: "/sign-in/factor", Stage.ENROLMENT: "/account/factor"}


@router.api_route("/sign-in", methods=PAGE)
def sign_in_form(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Ask for name and password; `next` says which of our pages comes after."""
    said = request.query_params.get("said", "")
    name = kept_name(request)[:60]
    return sign_in_page(
        request, "sign_in.html", next=_next(request), name=name, said=said if said in _SAID else ""
    )


@router.api_route(HOME, methods=PAGE)
def home(request: Request, caller: Person) -> Response:
    """Lead who is signed in to where their work begins."""
    return led(request, first_page(caller))


@router.post("/sign-in")
async def sign_in(request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Begin a session; where the account has a second factor, its code is asked for next."""
    require_own_page(request, station.settings)
    async with request.form(max_fields=10, max_files=0) as form:
        name, password, way = text(form, "name"), text(form, "password"), own_way(text(form, "next"))
    try:
        with station.backlog.room():
            cookie, stage = await run_in_threadpool(_signed_in, station, name, password, browser_of(request))
    except AccountError as fault:
        return sign_in_page(
            request, "sign_in.html", fault=fault, status=_status(fault), next=way, name=name[:60], said=""
        )
    return arrived(request, station, cookie, stage, way)


@router.api_route("/sign-in/factor", methods=PAGE)
def factor_form(request: Request, caller: Arriving) -> Response:
    """Ask for the code of the second factor."""
    found = _session(caller)
    if found.stage is not Stage.CODE:
        return led(request, _STEPS.get(found.stage, _next(request)))
    return sign_in_page(request, "sign_in_factor.html", next=_next(request))


@router.post("/sign-in/factor")
async def factor_sent(request: Request, caller: Arriving, station: TheStation) -> Response:
    """Take the code; a session that has proven it takes the place of the one that had not."""
    found = _session(caller)
    async with request.form(max_fields=10, max_files=0) as form:
        code, way = text(form, "code"), own_way(text(form, "next"))
    if found.stage is not Stage.CODE:
        return led(request, _STEPS.get(found.stage, way))
    try:
        cookie = await run_in_threadpool(signing_in.with_code, station, found, code, browser_of(request))
    except AccountError as fault:
        return sign_in_page(request, "sign_in_factor.html", fault=fault, status=_status(fault), next=way)
    return arrived(request, station, cookie, Stage.FULL, way)


@router.post("/sign-out")
async def sign_out(request: Request, caller: Arriving, station: TheStation) -> Response:
    """End the session and take its cookie back."""
    await run_in_threadpool(signing_in.sign_out, station, _session(caller))
    answer = led(request, "/sign-in", said="signed_out")
    drop_cookie(answer, station.settings)
    # What pages left in the browser goes with the session (W3C Clear Site Data); drafts of steps stay.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.api_route(f"{invitations.PATH}/{{secret}}", methods=PAGE)
def invitation_form(request: Request, secret: Secret, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Ask the person who was invited for a password."""
    try:
        with station.database.read() as session:
            account = invitations.invited(session, secret, station.clock())
    except InvitationInvalid as fault:
        return _invitation(request, fault, account=None)
    return _invitation(request, None, account=account.name)


@router.post(f"{invitations.PATH}/{{secret}}")
async def invitation_sent(request: Request, secret: Secret, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  declares who may call
    """Set the password; then the person signs in with it."""
    require_own_page(request, station.settings)
    async with request.form(max_fields=10, max_files=0) as form:
        password, again = text(form, "password"), text(form, "again")
    name = None
    try:
        name = await run_in_threadpool(_name_of, station, secret)
        if password != again:
            return _invitation(request, None, account=name, differs=True)
        await run_in_threadpool(account_work.accept_invitation, station, secret, password)
    except AccountError as fault:
        return _invitation(request, fault, account=None if isinstance(fault, InvitationInvalid) else name)
    answer = led(request, "/sign-in", said="password_set")
    set_name(answer, station.settings, name)
    return answer


def arrived(request: Request, station: Station, cookie: str, stage: Stage, way: str) -> Response:
    """Hand over a session's cookie and lead on: to the step that is missing, else to `way`."""
    answer = led(request, _STEPS[stage], next=way) if stage in _STEPS else led(request, way)
    set_cookie(answer, station.settings, cookie)
    if kept_name(request):
        drop_name(answer)
    return answer


def led(request: Request, path: str, **parameters: str) -> Response:
    """Lead the reader to another of our pages, in the same language and view."""
    said, asked = dict(parse_qsl(urlsplit(path).query)), request.query_params
    kept = {name: asked[name][:20] for name in _CARRIED if name in asked and name not in said}
    query = urlencode({**parameters, **kept})
    to = path + (("&" if "?" in path else "?") + query if query else "")
    return RedirectResponse(to, HTTPStatus.SEE_OTHER.value, {"Cache-Control": "no-store"})


def browser_of(request: Request) -> Browser:
    """Return who knocks."""
    return Browser(address_of(request), request.headers.get("user-agent", ""))


_SAID: Final = ("signed_out", "password_set")
"""What the page may be asked to say: names of messages ``sign_in.said.…``."""


def _signed_in(station: Station, name: str, password: str, browser: Browser) -> tuple[str, Stage]:
    cookie = signing_in.with_password(station, name, password, browser)
    with station.database.read() as session:
        found = sessions.find(session, cookie, station.clock(), station.people.lifetimes)
    return cookie, Stage.FULL if found is None else found.stage


def _name_of(station: Station, secret: str) -> str:
    with station.database.read() as session:
        return invitations.invited(session, secret, station.clock()).name


def _invitation(
    request: Request, fault: DaodiError | None, *, account: str | None, differs: bool = False
) -> Response:
    status = 422 if differs else 200 if fault is None else _status(fault)
    return sign_in_page(
        request,
        "sign_in_invitation.html",
        fault=fault,
        status=status,
        account=account,
        differs=differs,
        least=LEAST,
    )


def _session(caller: Caller) -> SignedIn:
    assert caller.signed_in is not None  # noqa: S101  `Arriving` and `Person` are always at a browser
    return caller.signed_in


def _next(request: Request) -> str:
    return own_way(request.query_params.get("next", HOME))


def _status(fault: DaodiError) -> int:
    return status_of(fault).value
