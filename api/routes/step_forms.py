"""Recording a step by a form in the browser: made from the stage's profile, whole without a script.

What is typed is read as a row of the sheet of steps is, so that a form, a spreadsheet and the API agree on
every unit, word and fault. Whoever sends it pastes a token; nothing of it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Anyone, TheStation, address_of, caller_of, require_scope
from api.errors import TokenMissing
from api.languages import language_of
from api.recording import record
from api.routes.pages import PAGE
from api.station import Station
from api.tokens import Scope
from api.web.site import page
from api.web.step_form import boxes, wrongs
from ledger.errors import DaodiError, ManyFaults
from trace.columns import STEPS
from trace.profiles import profile
from trace.rows import read_step_row
from trace.service import RecordedStep
from trace.sheets import Row
from trace.stage_columns import columns_of
from trace.vocabulary import Stage

router = APIRouter(include_in_schema=False)

_MOST_FIELDS: Final = 100


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a browser sent: the token, and what was typed by column or field."""

    token: str
    typed: Mapping[str, str]


@router.api_route("/stages/{name}/form", methods=PAGE)
def step_form(name: str, request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Ask for everything a step of this stage says."""
    stage = _named(name)
    if stage is None:
        return page(request, "not_found.html", status=404)
    return _asked(request, stage, {}, ())


@router.post("/stages/{name}/form")
async def step_sent(name: str, request: Request, caller: Anyone, station: TheStation) -> Response:  # noqa: ARG001  the token is in the form
    """Record the step, or show what is wrong beside everything that was typed, the token excepted."""
    stage = _named(name)
    if stage is None:
        return page(request, "not_found.html", status=404)
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        sent = _sent(stage, form)
    try:
        with station.backlog.room():
            recorded = await run_in_threadpool(_recorded, stage, sent, request, station)
    except ManyFaults as several:
        return _asked(request, stage, sent.typed, several.faults)
    except DaodiError as fault:
        return _asked(request, stage, sent.typed, (fault,))
    return page(request, "step_recorded.html", parts={"stage": stage, "recorded": recorded})


def _recorded(stage: Stage, sent: _Sent, request: Request, station: Station) -> RecordedStep:
    if not sent.token:
        raise TokenMissing
    with station.database.read() as session:
        caller = caller_of(session, sent.token, station.clock(), address_of(request))
    require_scope(caller, {Scope.STEPS_WRITE})
    new = read_step_row(Row(sheet=STEPS.zh, number=1, cells={"stage": stage.zh, **sent.typed}))
    caller.must_speak_for(new.party)
    recorded, _ = record(station, new)
    return recorded


def _sent(stage: Stage, form: FormData) -> _Sent:
    known = [
        *(each.column.key for each in columns_of(stage)),
        *(each.name for each in profile(stage).fields),
    ]
    values = {name: form.get(name) for name in (*known, "token")}
    typed = {name: text.strip() for name, text in values.items() if isinstance(text, str) and text.strip()}
    return _Sent(typed.pop("token", ""), typed)


def _asked(
    request: Request, stage: Stage, typed: Mapping[str, str], faults: Sequence[DaodiError]
) -> Response:
    language = language_of(request)
    told = profile(stage).flow
    parts = {
        "stage": stage,
        "lots": told.wanted_zh if language == "zh" else told.wanted_en,
        "boxes": boxes(stage, typed, language),
        "wrongs": wrongs(faults, language),
    }
    return page(request, "step_form.html", status=422 if faults else 200, parts=parts)


def _named(name: str) -> Stage | None:
    return next((each for each in Stage if each.value == name), None)
