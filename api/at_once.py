"""Requests answered in the call that brought them; what one turn of the loop brought is written together.

An answer written by itself wakes its reader for that answer alone: where reader and service share a machine,
or a proxy stands before it, that costs more than the answer does.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.ready_answers import Ready, may_write, send_ready, write_ready
from api.request_ids import fresh_id

AT_ONCE: Final = "at_once"
"""The name under which an application's lifespan gives its `AtOnce` to its connections."""


class AtOnce:
    """Takes requests from connections of one event loop."""

    def __init__(self, answer: Callable[[Scope], Ready | None]) -> None:
        """Answer by `answer`, which does nothing where it returns None and never raises."""
        self._answer = answer
        self._answered: deque[tuple[RequestResponseCycle, Ready]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    def took(self, cycle: RequestResponseCycle) -> bool:
        """Answer a request before this turn of the loop ends; False where it takes the common way."""
        scope: Any = cycle.scope  # uvicorn spells its types more closely
        answer = self._answer(scope) if may_write(cycle) else None
        if answer is None:
            return False
        if not self._answered:
            asyncio.get_running_loop().call_soon(self._write)
        self._answered.append((cycle, answer))
        return True

    def _write(self) -> None:
        try:
            for _ in range(len(self._answered)):
                cycle, answer = self._answered.popleft()
                self._write_one(cycle, answer)
        finally:
            if self._answered:
                asyncio.get_running_loop().call_soon(self._write)

    def _write_one(self, cycle: RequestResponseCycle, answer: Ready) -> None:
        if may_write(cycle):
            write_ready(cycle, answer, fresh_id())
        elif not cycle.disconnected:  # its reader is slow: wait for it
            send: Any = cycle.send
            task = asyncio.get_running_loop().create_task(send_ready(answer, fresh_id(), send))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
