"""Accounts that wait for a second operator: listed, and let in by another than asked; no script needed."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.accounts import administering
from api.accounts.account_errors import AccountEnded, UnknownAccount
from api.accounts.administering import Invited
from api.accounts.second_operator import asked_by_oneself
from api.callers import Caller, Operator, TheStation
from api.key_request_errors import SamePersonAgain
from api.problems import status_of
from api.routes.pages import PAGE
from api.station import Station
from api.web.account_page import account_page
from ledger.errors import DaodiError

router = APIRouter(include_in_schema=False)

AccountId = Annotated[str, Path(pattern=r"^acct-[0-9a-f]{10}$")]


@router.api_route("/operator/accounts", methods=PAGE)
def waiting_accounts(request: Request, caller: Operator, station: TheStation) -> Response:
    """Show which accounts wait, who asked for each, and who may let them in."""
    return _shown(request, caller, station)


@router.post("/operator/accounts/{account}/unlock")
def account_let_in(request: Request, account: AccountId, caller: Operator, station: TheStation) -> Response:
    """Unlock what another operator asked for and show its link, this once."""
    try:
        done = administering.unlock(station, account, by=caller.person)
    except (SamePersonAgain, UnknownAccount, AccountEnded) as fault:
        return _shown(request, caller, station, fault=fault)
    return _shown(request, caller, station, done=done)


def _shown(
    request: Request,
    caller: Caller,
    station: Station,
    *,
    done: Invited | None = None,
    fault: DaodiError | None = None,
) -> Response:
    held = administering.waiting(station)
    parts: dict[str, object] = {
        "rows": [(row, asked_by_oneself(row, caller.person), asker) for row, asker in held],
        "done": done,
    }
    return account_page(
        request,
        caller,
        "operator_accounts.html",
        area="accounts",
        fault=fault,
        status=200 if fault is None else status_of(fault).value,
        parts=parts,
    )
