"""Runs a process under strace, which makes one chosen system call fail or kills the process in it.

`strace(1)`, option `-e inject`: `when=` counts the calls of each thread by itself.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crash.warm import RELEASE

_ATTACH_SECONDS: Final = 20.0
_HUNG_SECONDS: Final = 120.0
_CALL: Final = re.compile(r"^(\d+) +(\w+)\(")


class StraceFailed(Exception):
    """strace is there, but may not trace."""


def strace_program() -> str | None:
    """Return the path of strace; None where it is not installed."""
    return shutil.which("strace")


@dataclass(frozen=True, slots=True)
class Injection:
    """What happens in the `when`-th call of `call` in every thread."""

    call: str
    """One system call, or several joined by commas."""
    action: str
    """`error=EIO`, `error=ENOSPC` or `signal=KILL`."""
    when: str
    """A number from 1, or `1+` for every call."""

    def __str__(self) -> str:
        return f"{self.call} {self.action} #{self.when}"

    @property
    def option(self) -> str:
        """The value of `-e`."""
        return f"inject={self.call}:{self.action}:when={self.when}"


class Traced:
    """strace attached to a process that waits for `RELEASE`."""

    def __init__(self, pid: int, calls: str, output: Path, injection: Injection | None) -> None:
        program = strace_program() or "strace"
        command = [program, "-f", "-qq", "-s", "64", "-o", str(output), "-p", str(pid)]
        command += ["-e", f"trace={calls}", "-e", "signal=none"]
        if injection is not None:
            command += ["-e", injection.option]
        self._pid, self._output = pid, output
        self.hung = False
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self._wait_attached()
        os.kill(pid, RELEASE)

    def _wait_attached(self) -> None:
        limit = time.monotonic() + _ATTACH_SECONDS
        while "TracerPid:\t0\n" in Path(f"/proc/{self._pid}/status").read_text():
            if self._process.poll() is not None or time.monotonic() > limit:
                os.kill(self._pid, signal.SIGKILL)
                words = self._process.communicate()[1]
                raise StraceFailed(words)
            time.sleep(0.001)

    def lines(self) -> list[str]:
        """Wait for the end and return what was traced; a process that hangs is killed, and `hung` set."""
        try:
            self._process.communicate(timeout=_HUNG_SECONDS)
        except subprocess.TimeoutExpired:
            self.hung = True
            os.kill(self._pid, signal.SIGKILL)
            self._process.communicate()
        return self._output.read_text(errors="replace").splitlines()


def most_calls(lines: list[str], call: str) -> int:
    """Return how often the thread that made most calls of `call` made it.

    >>> most_calls(["7 fsync(3) = 0", "8 fsync(3) = 0", "7 fsync(3 <unfinished ...>"], "fsync")
    2
    """
    threads: dict[str, int] = {}
    for line in lines:
        found = _CALL.match(line)
        if found and found[2] == call:
            threads[found[1]] = threads.get(found[1], 0) + 1
    return max(threads.values(), default=0)


def was_injected(lines: list[str]) -> bool:
    """Tell whether a call was made to fail; a call in which the process was killed leaves no such mark."""
    return any("(INJECTED)" in line for line in lines)
