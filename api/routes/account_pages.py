"""A person's own account: sessions, password, second factor; no script needed."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.accounts import account_work, second_factor
from api.accounts.account_errors import AccountError
from api.accounts.api_keys import keys_of
from api.accounts.cookies import set_cookie
from api.accounts.leading import own_way
from api.accounts.passwords import LEAST
from api.accounts.sessions import SignedIn, Stage
from api.callers import Arriving, Caller, Person, TheStation, address_of
from api.languages import language_of
from api.problems import status_of
from api.routes.pages import PAGE
from api.routes.sign_in import browser_of, led
from api.station import Station
from api.web.account_page import account_page, qr_drawing, sign_in_page, text
from api.web.agent_words import agent_words
from api.web.words import words_in
from ledger.errors import DaodiError
from priceindex.calendar import day_of

router = APIRouter(include_in_schema=False)

SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
_SAID: Final = ("password", "password_keys", "ended", "ended_all", "key_ended")
"""What the page may be asked to say: names of messages ``account.said.…``."""


@router.api_route("/account", methods=PAGE)
def account(request: Request, caller: Person, station: TheStation) -> Response:
    """Show who is signed in, where, and with which keys."""
    return shown(request, caller, station)


@router.post("/account/password")
async def password_sent(request: Request, caller: Person, station: TheStation) -> Response:
    """Change the password; all other sessions end."""
    async with request.form(max_fields=10, max_files=0) as form:
        present, wanted, again = (text(form, name) for name in ("present", "password", "again"))
        keys = text(form, "keys") == "end"
    if wanted != again:
        return await run_in_threadpool(shown, request, caller, station, wrong="differs", status=422)
    change = partial(account_work.change_password, keys=keys)
    try:
        await run_in_threadpool(change, station, of(caller), present, wanted, address_of(request))
    except AccountError as fault:
        return await run_in_threadpool(
            shown, request, caller, station, wrong="password", fault=fault, status=status_of(fault).value
        )
    return led(request, "/account", said="password_keys" if keys else "password")


@router.post("/account/sessions/{session_id}/end")
def session_ended(request: Request, session_id: SessionId, caller: Person, station: TheStation) -> Response:
    """End one session from wherever it was begun."""
    account_work.end_session(station, of(caller), session_id)
    return led(request, "/account", said="ended")


@router.post("/account/sessions/end")
def sessions_ended(request: Request, caller: Person, station: TheStation) -> Response:
    """End every session but this one."""
    account_work.end_other_sessions(station, of(caller))
    return led(request, "/account", said="ended_all")


@router.api_route("/account/factor", methods=PAGE)
def factor(request: Request, caller: Arriving, station: TheStation) -> Response:
    """Show the QR code of a secret that waits to be enrolled."""
    found = of(caller)
    if found.stage is Stage.CODE:
        return led(request, "/sign-in/factor", next="/account/factor")
    return _enrolment(request, found, station)


@router.post("/account/factor/secret")
def factor_drawn(request: Request, caller: Person, station: TheStation) -> Response:
    """Draw a secret for a person whose role asks for none and who wants a second factor all the same."""
    account_work.draw_factor(station, of(caller))
    return led(request, "/account/factor")


@router.post("/account/factor")
async def factor_sent(request: Request, caller: Arriving, station: TheStation) -> Response:
    """Enrol by the first code and show the recovery codes, this once."""
    found = of(caller)
    async with request.form(max_fields=10, max_files=0) as form:
        code, way = text(form, "code"), own_way(text(form, "next"))
    if found.stage is Stage.CODE:
        return led(request, "/sign-in/factor")
    try:
        done = await run_in_threadpool(account_work.enrol, station, found, code, browser_of(request))
    except AccountError as fault:
        return await run_in_threadpool(_enrolment, request, found, station, fault, way)
    answer = sign_in_page(request, "account_recovery.html", codes=done.recovery, next=way)
    set_cookie(answer, station.settings, done.cookie)
    return answer


@router.post("/account/factor/removal")
async def factor_dropped(request: Request, caller: Person, station: TheStation) -> Response:
    """Take the second factor off by a code of it, and enrol another."""
    async with request.form(max_fields=10, max_files=0) as form:
        code = text(form, "code")
    try:
        cookie = await run_in_threadpool(
            account_work.drop_factor, station, of(caller), code, browser_of(request)
        )
    except AccountError as fault:
        return await run_in_threadpool(
            shown, request, caller, station, wrong="factor", fault=fault, status=status_of(fault).value
        )
    answer = led(request, "/account/factor")
    set_cookie(answer, station.settings, cookie)
    return answer


def shown(
    request: Request,
    caller: Caller,
    station: Station,
    *,
    wrong: str = "",
    fault: DaodiError | None = None,
    status: int = HTTPStatus.OK.value,
    made: str = "",
) -> Response:
    """Draw the account page; `wrong` names the form that `fault` is about, `made` is a key shown once."""
    found = of(caller)
    said = request.query_params.get("said", "")
    t = words_in(language_of(request))
    now_ms = station.clock()
    parts: dict[str, object] = {
        "found": found,
        "sessions": account_work.open_sessions(station, found),
        "keys": keys_of(station, caller),
        "wrong": wrong,
        "least": LEAST,
        "made": made,
        "now_ms": now_ms,
        "day_of": day_of,
        "agent_words": agent_words,
    }
    told = t(f"account.said.{said}") if said in _SAID and not wrong else ""
    return account_page(request, caller, "account.html", fault=fault, status=status, parts=parts, said=told)


def of(caller: Caller) -> SignedIn:
    """Return the session of a person at a browser."""
    assert caller.signed_in is not None  # noqa: S101  `Arriving` and `Person` are always at a browser
    return caller.signed_in


def _enrolment(
    request: Request,
    found: SignedIn,
    station: Station,
    fault: AccountError | None = None,
    way: str | None = None,
) -> Response:
    secret = account_work.drawn_secret(station, found)
    if secret is None:
        return led(request, "/account")
    plain, words = second_factor.secret_text(secret), words_in(language_of(request))
    return sign_in_page(
        request,
        "account_factor.html",
        fault=fault,
        status=HTTPStatus.OK.value if fault is None else status_of(fault).value,
        next=way or own_way(request.query_params.get("next", "")),
        drawing=qr_drawing(
            second_factor.enrolment_address(secret, found.name), words("account.enrolment.qr")
        ),
        secret=" ".join(plain[begin : begin + 4] for begin in range(0, len(plain), 4)),
        needed=found.stage is Stage.ENROLMENT,
    )
