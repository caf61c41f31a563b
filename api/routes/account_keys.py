"""The keys on a person's account page: made, shown once, and ended; no script needed."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.accounts.api_keys import KeyNew, end_key, make_key
from api.callers import Person, TheStation
from api.errors import FieldWrong
from api.problems import status_of
from api.routes.account_pages import shown
from api.routes.sign_in import led
from api.tokens import Scope
from api.web.account_page import text
from ledger.errors import Location

router = APIRouter(include_in_schema=False)

Prefix = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]
_DAYS = {"30": 30, "90": 90, "365": 365}


@router.post("/account/keys")
async def key_asked(request: Request, caller: Person, station: TheStation) -> Response:
    """Make a key and show it, this once."""
    async with request.form(max_fields=30, max_files=0) as form:
        name, days = text(form, "name"), _DAYS.get(text(form, "days"))
        wanted = {value for value in form.getlist("scope") if isinstance(value, str)}
    scopes = frozenset(scope for scope in Scope if scope.value in wanted)
    try:
        if not scopes:
            raise FieldWrong(
                at=Location(field="scope"),
                reason_zh="请至少勾选一项权限",
                reason_en="tick one scope at least",
            )
        key, _ = await run_in_threadpool(make_key, station, caller, KeyNew(name, scopes, days))
    except FieldWrong as fault:
        return await run_in_threadpool(
            shown, request, caller, station, wrong="key", fault=fault, status=status_of(fault).value
        )
    return await run_in_threadpool(shown, request, caller, station, made=key)


@router.post("/account/keys/{prefix}/end")
def key_ended(request: Request, prefix: Prefix, caller: Person, station: TheStation) -> Response:
    """End one key at once."""
    end_key(station, caller, prefix)
    return led(request, "/account", said="key_ended")
