"""Asks the loaded city about its visitors: each signs in as a browser does, and the notes of access stand.

Every sign-in is one transaction that is taken back: no session, no counted failure and no used code stays.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
import pyotp
from fastapi import FastAPI
from sqlmodel import Session
from structlog.testing import capture_logs

from api.access.access_digests import verify_digests
from api.access.access_errors import AccessAltered
from api.accounts import accounts
from api.accounts.second_factor import STEP_SECONDS
from api.app import create_app
from api.one_transaction import answering_in
from api.station import Station
from daodi_city.outcome import Outcome, outcome
from daodi_city.town import CityClock
from daodi_city.visitors import Visitor, visitors_of

_STEP_MS: Final = STEP_SECONDS * 1000
_OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of our own."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """What the service answered."""

    wrong: int
    """Status of a wrong password."""
    without: int
    """Status of the first page after it."""
    reached: int
    """Status of the first page after the right one, and the code where one is asked for."""


class _TakenBack(Exception):
    """Undoes a sign-in, so that a check leaves nothing behind."""

    def __init__(self, tried: _Tried) -> None:
        super().__init__()
        self.tried = tried


def look_at_visitors(station: Station) -> Iterator[Outcome]:
    """Sign every visitor in, and hold the notes of access against the log."""
    app = create_app(station)
    for visitor in visitors_of(station.settings.folder):
        tried = _tried(station, app, visitor)
        refused = tried.wrong != HTTPStatus.SEE_OTHER and tried.without != HTTPStatus.OK
        yield outcome(
            "check.visitor", "figures.visitor", passed=refused and tried.reached == HTTPStatus.OK,
            account=visitor.name, page=visitor.page, reached=tried.reached, wrong=tried.wrong,
        )  # fmt: skip
    with station.database.read() as session:
        yield _noted(session)


def _noted(session: Session) -> Outcome:
    """The notes of access are what their digests in the log say."""
    try:
        verified = list(verify_digests(session))
    except AccessAltered:
        return outcome("check.noted", "figures.altered_notes", passed=False)
    return outcome(
        "check.noted", "figures.noted", passed=bool(verified),
        digests=len(verified), notes=sum(each.notes for each in verified),
    )  # fmt: skip


def _tried(station: Station, app: FastAPI, visitor: Visitor) -> _Tried:
    """Sign one visitor in when the next code of the authenticator is due; nothing of it stays."""

    def work(session: Session) -> None:
        with answering_in(session), capture_logs():
            tried = asyncio.run(_as_a_browser(app, visitor, station.clock()))
            station.accesses.flush()  # what was read is noted within the transaction, and undone with it
        raise _TakenBack(tried)

    with station.database.read() as session:
        used = accounts.named(session, visitor.name).factor_step
    before = station.clock
    station.clock = CityClock(max(before(), (used + 1) * _STEP_MS))
    try:
        station.writer.submit(work)
    except _TakenBack as taken:
        return taken.tried
    finally:
        station.clock = before
    raise AssertionError  # `work` always raises


async def _as_a_browser(app: FastAPI, visitor: Visitor, now_ms: int) -> _Tried:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        wrong = await _sent(client, "/sign-in", name=visitor.name, password=f"{visitor.password}?")
        without = await client.get(visitor.page)
        right = await _sent(client, "/sign-in", name=visitor.name, password=visitor.password)
        if visitor.secret is not None and right.status_code == HTTPStatus.SEE_OTHER:
            code = str(pyotp.TOTP(visitor.secret).at(now_ms // 1000))
            await _sent(client, "/sign-in/factor", code=code)
        reached = await client.get(visitor.page)
    return _Tried(wrong.status_code, without.status_code, reached.status_code)


async def _sent(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data=form, headers=_OWN_PAGE)
