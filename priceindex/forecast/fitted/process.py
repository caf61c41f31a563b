"""One warm process of the pool, as the pool sees it: started, given a chunk, listened to, ended."""

import multiprocessing
import os
import socket
import struct
import time
from typing import Final

from priceindex.forecast.fitted.worker import DONE, READY, Answer, Chunk, serve
from priceindex.forecast.one_thread import one_thread_each

START_SECONDS: Final = 120.0
"""How long a process may take to load its libraries: half a minute was seen on a crowded machine."""
_PIPE_SECONDS: Final = 20
"""How long a pipe may be stuck before its process counts as dead."""
_END_SECONDS: Final = 5.0


class WorkerGone(Exception):
    """The process ended or does not answer; stays inside `priceindex.forecast.fitted`."""


class WarmProcess:
    """A spawned process that fits one chunk at a time.

    Spawned, so that it shares nothing with this one, and with one thread for linear algebra: the
    matrices are tiny and the cores are shared by the processes.
    """

    def __init__(self, seconds_per_chunk: float) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        self._process = context.Process(target=serve, args=(theirs,), name="daodi-fit", daemon=True)
        with one_thread_each():
            self._process.start()
        theirs.close()
        self.connection: Final = ours
        _limit_waits(ours.fileno())
        self._seconds = seconds_per_chunk
        self._warm = False
        self.chunk: Chunk | None = None
        """What it works on, or will as soon as it is warm."""
        self.deadline = time.monotonic() + START_SECONDS
        """When it must have started, or have done with its chunk."""

    def give(self, chunk: Chunk) -> None:
        """Hand a chunk over, at once or when the process is warm; raises `WorkerGone`."""
        self.chunk = chunk
        if self._warm:
            self._send()

    def next(self) -> Answer | None:
        """The answer that waits in the pipe; None for a word about the process itself.

        Raises `WorkerGone`. After the last answer of a chunk `chunk` is None.
        """
        try:
            said = self.connection.recv()
        except (EOFError, OSError) as fault:
            raise WorkerGone from fault
        if said == READY:
            self._warm = True
            if self.chunk is not None:
                self._send()
            return None
        if said == DONE:
            self.chunk = None
            return None
        answer: Answer = said
        return answer

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()

    def end(self) -> None:
        """End the process and wait until it has: at once if it is at work, else by closing its pipe."""
        self.connection.close()
        if self._warm and self.chunk is None:
            self._process.join(_END_SECONDS)
        self._process.kill()
        self._process.join()
        self._process.close()

    def _send(self) -> None:
        self.deadline = time.monotonic() + self._seconds
        try:
            self.connection.send(self.chunk)
        except OSError as fault:
            raise WorkerGone from fault


def _limit_waits(descriptor: int) -> None:
    """Let reads and writes of the pipe fail after `_PIPE_SECONDS`: a stopped process must not stop us."""
    with socket.socket(fileno=os.dup(descriptor)) as pipe:
        for option in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            pipe.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _PIPE_SECONDS, 0))
