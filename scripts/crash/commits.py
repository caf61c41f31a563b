"""PostgreSQL's COMMIT, and every other word to and from the server: cut off or killed in, one at a time.

A connection that breaks after COMMIT was sent leaves its outcome unknown; whoever submitted sends again and
must neither lose the statement nor have it twice.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, make_url, text

from crash.aftermath import look
from crash.diary import read_diary
from crash.ground import prepare, settings_of
from crash.judge import Breach, Violation
from crash.outcome import Outcome
from crash.plan import Plan
from crash.postgres import killable_postgres
from crash.strace import Injection, Traced, most_calls
from crash.warm import Warm

CALLS: Final = ("sendto", "recvfrom")
ACTIONS: Final = {"sendto": ("signal=KILL",), "recvfrom": ("error=ECONNRESET", "signal=KILL")}
"""A connection breaks in receiving: none is that can receive and only not send."""
_GROUND: Final = "ground"
_WRITERS: Final = 2
_STATEMENTS: Final = 4


def commits(
    seed: int,
    count: int | None = None,
    *,
    step: Callable[[], None] = lambda: None,
    told: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Break every call of `CALLS` once in each way, or `count` chosen by `seed`."""
    outcome = Outcome("commits")
    with (
        killable_postgres() as server,
        Warm() as warm,
        tempfile.TemporaryDirectory(prefix="daodi-commits-") as root,
    ):
        trials = _Trials(server.url, Path(root), warm, seed)
        lines = trials.run(None, outcome)
        chosen = list(_all(lines))
        if count is not None and count < len(chosen):
            chosen = random.Random(f"commits/{seed}").sample(chosen, count)
        told(len(chosen))
        for injection in chosen:
            trials.run(injection, outcome)
            step()
    return outcome


def _all(lines: list[str]) -> Iterator[Injection]:
    for call in CALLS:
        for when in range(1, most_calls(lines, call) + 1):
            for action in ACTIONS[call]:
                yield Injection(call, action, str(when))


class _Trials:
    """Runs on copies of one founded log."""

    def __init__(self, server_url: str, root: Path, warm: Warm, seed: int) -> None:
        self._server_url, self._root, self._warm, self._seed = server_url, root, warm, seed
        self._tell(f"CREATE DATABASE {_GROUND}")
        prepare(settings_of(root / _GROUND, self._url(_GROUND)))

    def run(self, injection: Injection | None, outcome: Outcome) -> list[str]:
        """Run with one injection, add what it came to, and return what was traced."""
        with self._copy() as folder:
            diary = folder.parent / "diary"
            plan = Plan(
                folder=str(folder),
                diary=str(diary),
                prefix="run",
                database_url=self._url("trial"),
                seed=self._seed,
                writers=_WRITERS,
                statements=_STATEMENTS,
                patience=3,
            )
            pid = self._warm.fork(plan)
            traced = Traced(pid, ",".join(CALLS), folder.parent / "strace", injection)
            lines = traced.lines()
            status = self._warm.status()
            promised = read_diary(diary)
            found = look(folder, promised, database_url=self._url("trial"))
        if injection is None and status:
            found.append(Violation(Breach.STUCK, f"without a fault it ended with {status}: {promised.died}"))
        if traced.hung:
            found.append(Violation(Breach.STUCK, "the service hung"))
        one = Outcome("commits", 1, len(promised.acknowledged), len(promised.refused), len(promised.heads))
        one.violations = [Violation(each.breach, f"{injection}: {each.words}") for each in found]
        outcome.add(one)
        return lines

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        """Have a copy of the founded log, database and folder; gone after the block."""
        self._tell(f"CREATE DATABASE trial TEMPLATE {_GROUND}")
        with tempfile.TemporaryDirectory(dir=self._root) as temporary:
            folder = Path(temporary) / "service"
            shutil.copytree(self._root / _GROUND, folder)
            yield folder
        self._tell("DROP DATABASE trial WITH (FORCE)")

    def _url(self, name: str) -> str:
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    def _tell(self, command: str) -> None:
        engine = create_engine(self._server_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(command))
        engine.dispose()
