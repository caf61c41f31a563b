"""A process that has imported everything and forks runs of `crash.service`, each held until it is traced.

Starting Python anew for every failing call would take a second a time, and would inject faults into
Python's own imports. Reads one plan per line on standard input; answers the child's process id, then, once
that child has ended, its wait status.
"""

import os
import signal
import subprocess
import sys
from typing import IO, NoReturn, Self

from crash.plan import Plan
from crash.service import run

RELEASE = signal.SIGUSR1
_FAILED = 70
"""Exit code of a run that an exception ended (sysexits.h, EX_SOFTWARE)."""


class Warm:
    """The forking process, seen from outside; ended at the end of a `with` block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crash.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def fork(self, plan: Plan) -> int:
        """Fork a run of `plan`; return its process id. It waits for `RELEASE`."""
        stdin = _piped(self._process.stdin)
        stdin.write(plan.to_line() + "\n")
        stdin.flush()
        return int(_piped(self._process.stdout).readline())

    def status(self) -> int:
        """Wait until that run ends; return its exit code, or the negative number of its signal."""
        return os.waitstatus_to_exitcode(int(_piped(self._process.stdout).readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            _piped(pipe).close()
        self._process.wait()


def _piped(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise ValueError("a pipe was asked for")
    return pipe


def main() -> None:
    """Fork a run for every plan, one at a time."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [RELEASE])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(Plan.from_line(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(status, flush=True)


def _live(plan: Plan) -> NoReturn:
    signal.sigwait([RELEASE])
    try:
        run(plan)
    except Exception:  # noqa: BLE001  a failing run is a result; the diary has its words
        os._exit(_FAILED)
    os._exit(0)


if __name__ == "__main__":
    main()
