"""Questions to a server that share a query: what is asked while one runs goes with the next.

One thread asks, no request waits for a connection of its own, however many there are, and none stops the
others.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final, Generic, TypeVar

_MOST_TOGETHER: Final = 256
_Answer = TypeVar("_Answer")


class AskedTogether(Generic[_Answer]):
    """Answers questions about serials for the requests of one event loop at a time."""

    def __init__(self, thread: Executor, answers: Callable[[Sequence[int]], Mapping[int, _Answer]]) -> None:
        """Ask in `thread` by `answers`, which answers for each of the serials it is given."""
        self._thread = thread
        self._answers = answers
        self._waiting: list[tuple[int, asyncio.Future[_Answer]]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asking = False

    async def ask(self, serial: int) -> _Answer:
        """Return the answer, from a query begun after this call; raises what the query raises."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # an application may be run again, in another loop
            self._loop, self._waiting, self._asking = loop, [], False
        promise: asyncio.Future[_Answer] = loop.create_future()
        self._waiting.append((serial, promise))
        if not self._asking:  # what the same turn of the loop asks goes with it
            self._asking = True
            loop.call_soon(self._next, loop)
        return await promise

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
        self._asking = bool(asked)
        if not asked:
            return
        try:
            done = loop.run_in_executor(self._thread, self._answers, [serial for serial, _ in asked])
        except RuntimeError as error:  # the thread has ended: nobody who waits for it is left waiting
            self._fail(asked, error)
            self._next(loop)
            return
        done.add_done_callback(lambda told: self._tell(loop, asked, told))

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: Sequence[tuple[int, "asyncio.Future[_Answer]"]],
        told: "asyncio.Future[Mapping[int, _Answer]]",
    ) -> None:
        error = told.exception()
        if error is not None:
            self._fail(asked, error)
        else:
            answers = told.result()
            for serial, promise in asked:
                if not promise.done():  # its request was not given up
                    promise.set_result(answers[serial])
        if loop is self._loop:
            self._next(loop)

    def _fail(self, asked: Sequence[tuple[int, "asyncio.Future[_Answer]"]], error: BaseException) -> None:
        for _, promise in asked:
            if not promise.done():
                promise.set_exception(error)
