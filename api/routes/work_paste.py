"""Pasting a block of rows from a spreadsheet: checked cell by cell, mended in place, recorded at once.

Every check is a trial of the recording itself. A block is recorded whole or not at all; with "the good
rows" its other rows stay on the page. Sending it again records nothing twice: rows without an id of
their own get one from what they say.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api.callers import Caller, Clerk, TheStation
from api.importing import take_in_steps
from api.languages import language_of
from api.pasted_blocks import MOST_COLUMNS, MOST_ROWS, NAME, Block, read_block
from api.routes.pages import PAGE
from api.station import Station
from api.trying import try_steps
from api.web.pasted_grid import MOST_MENDED, Grid, grid_of, mended_cells
from api.web.step_faults import wrongs
from api.web.taken_in import Took, recorded_page, recorded_path
from api.web.words import words_in
from api.web.work_frame import work_page
from ledger.errors import DaodiError, ManyFaults
from trace.vocabulary import Stage

router = APIRouter(prefix="/workbench/paste", include_in_schema=False)

_AREA: Final = "paste"
_MOST_BOXES: Final = (MOST_MENDED + 1) * MOST_COLUMNS
_STAGES: Final = tuple(Stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What was sent: the text, the cells typed anew, what to do with it."""

    text: str
    stage: Stage | None
    party: str | None
    mark: str
    """The id the browser keeps its draft under."""
    act: str
    cells: dict[tuple[int, int], str]

    def block(self) -> Block:
        """Return the block as it was mended; raises `UnreadableFile`."""
        return read_block(self.text, self.stage, self.party).mended(self.cells)


@router.api_route("", methods=PAGE)
async def paste_page(
    request: Request, caller: Clerk, stage: Annotated[Stage | None, Query()] = None
) -> Response:
    """Ask for a block."""
    sent = _Sent(text="", stage=stage, party=_party(request, caller), mark="", act="", cells={})
    return await run_in_threadpool(_drawn, request, caller, sent)


@router.post("")
async def block_sent(request: Request, caller: Clerk, station: TheStation) -> Response:
    """Check a block, or record it; what is wrong is said in its cell."""
    async with request.form(max_fields=_MOST_BOXES, max_files=0) as form:
        sent = _sent(form, _party(request, caller))
    with station.backlog.room():
        return await run_in_threadpool(_answered, request, caller, station, sent)


@router.api_route("/recorded", methods=PAGE)
async def block_recorded(request: Request, caller: Clerk, took: Annotated[Took, Query()]) -> Response:
    """Say what became of the block."""
    return await run_in_threadpool(recorded_page, request, caller, took, _AREA)


def _answered(request: Request, caller: Caller, station: Station, sent: _Sent) -> Response:
    try:
        block = sent.block()
        sent = replace(sent, text=block.to_text())
        if sent.act == "check":
            return _checked(request, caller, station, sent, block)
        taken = take_in_steps(
            station, block.to_csv(), NAME, proceed=sent.act == "good", allow=caller.must_speak_for
        )
    except ManyFaults as several:
        return _refused(request, caller, sent, several.faults)
    except DaodiError as fault:
        return _refused(request, caller, sent, (fault,))
    if not taken.faults:
        took = Took.of(taken, sent.mark)
        return RedirectResponse(recorded_path(request, caller, "/workbench/paste/recorded", took), 303)
    left = grid_of(block, taken.faults, language_of(request)).wrong_rows
    rest = block.only(left)
    sent = replace(sent, text=rest.to_text())
    words = words_in(language_of(request))
    said = words("paste.good_recorded", n=len(block.rows) - len(left))
    trial = try_steps(station, rest.to_csv(), NAME, caller.must_speak_for)
    return _drawn(request, caller, sent, rest, trial.faults, said)


def _checked(request: Request, caller: Caller, station: Station, sent: _Sent, block: Block) -> Response:
    trial = try_steps(station, block.to_csv(), NAME, caller.must_speak_for)
    said = ""
    if not trial.faults:
        words = words_in(language_of(request))
        said = words("paste.all_right", n=trial.accepted, flagged=trial.flagged, known=trial.duplicates)
    return _drawn(request, caller, sent, block, trial.faults, said)


def _refused(request: Request, caller: Caller, sent: _Sent, faults: tuple[DaodiError, ...]) -> Response:
    """Show a block none of which was written; what cannot be read as a block is shown as it was pasted."""
    try:
        return _drawn(request, caller, sent, sent.block(), faults)
    except DaodiError:
        return _drawn(request, caller, sent, None, faults)


def _drawn(
    request: Request,
    caller: Caller,
    sent: _Sent,
    block: Block | None = None,
    faults: tuple[DaodiError, ...] = (),
    said: str = "",
) -> Response:
    language = language_of(request)
    grid: Grid | None = grid_of(block, faults, language) if block else None
    parts = {
        "sent": sent,
        "grid": grid,
        "general": grid.wrongs if grid else tuple(wrongs(faults, language)),
        "stages": _STAGES,
        "most": MOST_ROWS,
        "most_mended": MOST_MENDED,
    }
    status = 422 if faults else 200
    return work_page(request, caller, "work_paste.html", area=_AREA, status=status, parts=parts, said=said)


def _sent(form: FormData, party: str | None) -> _Sent:
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    stage = next((each for each in Stage if each.value == typed.get("stage")), None)
    return _Sent(
        text=typed.get("block", ""),
        stage=stage,
        party=party,
        mark=typed.get("id", "")[:40],
        act=typed.get("act", "record"),
        cells=mended_cells(typed),
    )


def _party(request: Request, caller: Caller) -> str | None:
    return caller.party or request.query_params.get("party")
