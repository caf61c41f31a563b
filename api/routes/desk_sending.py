"""How forms of the desk are taken: read, done in a thread, the reader led on to the page that shows it."""

from collections.abc import Callable
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.callers import Caller
from api.station import Station
from api.web.desk_typed import Typed
from api.web.work_frame import reader_of

_MOST_FIELDS: Final = 240


async def sent(request: Request, station: Station, answer: Callable[[Typed], Response]) -> Response:
    """Read the form and give it to `answer`, which may write and draws the page; raises `ServiceBusy`."""
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        typed = Typed.of(form)
    with station.backlog.room():
        return await run_in_threadpool(answer, typed)


def led_on(request: Request, caller: Caller, path: str, done: str, **parameters: str) -> Response:
    """Lead to the page that shows what was done (RFC 9110, section 15.4.4): reloading does nothing again."""
    address = reader_of(request, caller).link(path, **parameters, done=done)
    return RedirectResponse(address, status_code=303)
