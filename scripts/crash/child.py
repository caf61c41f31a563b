"""A process under trial, seen from outside: started, awaited, let go, killed."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crash.diary import Diary, read_diary
from crash.plan import Plan

_LOOK_SECONDS = 0.002
LONGEST_WAIT_SECONDS = 120.0
"""Beyond this a process counts as hung, however busy the machine."""


class Child:
    """One run of `crash.service`; killed at the end of a `with` block if it still lives."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._before = self.diary()
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crash.service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._say(plan.to_line())

    def diary(self) -> Diary:
        """Return what the diary says by now, earlier runs included."""
        return read_diary(Path(self.plan.diary))

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def age_ms(self) -> int:
        """Milliseconds since it was started."""
        return int((time.monotonic() - self._begun) * 1000)

    @property
    def last_words(self) -> str:
        """The end of what it wrote to standard error; only once it has ended."""
        return "" if self._process.stderr is None else self._process.stderr.read()[-600:]

    def ready_ms(self) -> int | None:
        """Wait until it serves, everything earlier drained; None when it ended or hung before."""
        reached = self._await(lambda diary: diary.ready > self._before.ready)
        return self.age_ms if reached else None

    def go(self) -> None:
        """Let it begin to work."""
        self._say("go")

    def acknowledged(self) -> int:
        """Return how many statements it has acknowledged in this life."""
        return len(self.diary().acknowledged) - len(self._before.acknowledged)

    def acknowledges(self, count: int) -> bool:
        """Wait until it has acknowledged `count` statements in this life; False when it ends or hangs."""
        wanted = len(self._before.acknowledged) + count
        return self._await(lambda diary: len(diary.acknowledged) >= wanted)

    def ends(self) -> bool:
        """Wait until it ends by itself; False when it hung."""
        try:
            self._process.wait(LONGEST_WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """Kill it as `kill -9` does."""
        self._process.kill()
        self._process.wait()

    def _await(self, reached: Callable[[Diary], bool]) -> bool:
        limit = time.monotonic() + LONGEST_WAIT_SECONDS
        size = -1
        path = Path(self.plan.diary)
        while time.monotonic() < limit:
            now = path.stat().st_size if path.exists() else 0
            if now != size and reached(self.diary()):
                return True
            size = now
            if not self.alive:
                return reached(self.diary())
            time.sleep(_LOOK_SECONDS)
        return False

    def _say(self, line: str) -> None:
        if self._process.stdin is not None:
            try:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except BrokenPipeError:
                self._process.poll()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        if self.alive:
            self.kill()
        for pipe in (self._process.stdin, self._process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    self._process.poll()
