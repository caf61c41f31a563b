"""`kill -9` of PostgreSQL's postmaster and all its processes under eight writers that go on regardless.

The service lives through it: it has to heal by itself. After each restart a second station drains and
judges beside it, so that two sequencers meet as well. Now and then the service is killed too.
"""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from crash.aftermath import look
from crash.child import Child
from crash.ground import prepare, settings_of
from crash.judge import Auditor, Breach, Violation, product_audit
from crash.outcome import Outcome
from crash.plan import Plan
from crash.postgres import KillablePostgres, killable_postgres

_LONGEST_LIFE = 200
_SERVICE_KILLED = 0.2


def postmaster_kills(
    count: int,
    seed: int,
    *,
    plants: Sequence[str] = (),
    auditor: Auditor = product_audit,
    longest_life: int = _LONGEST_LIFE,
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Kill PostgreSQL `count` times under one log."""
    with killable_postgres() as server, tempfile.TemporaryDirectory(prefix="daodi-postmaster-") as root:
        trial = _Trial(server, Path(root), random.Random(f"postmaster/{seed}"), tuple(plants), auditor)
        return trial.run(count, longest_life, step)


class _Trial:
    """One database, one log, and the lives of its service."""

    def __init__(
        self,
        server: KillablePostgres,
        root: Path,
        chance: random.Random,
        plants: tuple[str, ...],
        auditor: Auditor,
    ) -> None:
        self._server, self._folder, self._diary = server, root / "service", root / "diary"
        self._chance, self._plants, self._auditor = chance, plants, auditor
        self._outcome = Outcome("postmaster")
        self._lives = 0
        prepare(settings_of(self._folder, server.url))

    def run(self, count: int, longest_life: int, step: Callable[[], None]) -> Outcome:
        """Have the service work, and PostgreSQL be killed under it, `count` times."""
        with ExitStack() as stack:
            service = self._serve(stack)
            for _ in range(count):
                if service is None or not service.alive:
                    service = self._serve(stack)
                if service is not None:
                    self._kill_under(service, longest_life)
                self._outcome.trials += 1
                step()
            if service is not None:
                service.kill()
                self._end(service)
        return self._outcome

    def _serve(self, stack: ExitStack) -> Child | None:
        """Start the service and let it work."""
        self._lives += 1
        plan = Plan(
            folder=str(self._folder),
            diary=str(self._diary),
            prefix=f"life{self._lives}",
            database_url=self._server.url,
            seed=self._chance.randrange(2**32),
            asks=True,
            plants=self._plants,
        )
        service = stack.enter_context(Child(plan))
        if service.ready_ms() is None:
            service.kill()
            self._found(Breach.STUCK, f"{plan.prefix} did not start: {service.last_words}")
            return None
        service.go()
        return service

    def _kill_under(self, service: Child, longest_life: int) -> None:
        wanted = self._more(service, int(longest_life * self._chance.random()))
        service.acknowledges(wanted)
        time.sleep(self._chance.uniform(0, 0.02))
        self._server.kill()
        if self._chance.random() < _SERVICE_KILLED:
            service.kill()
        promised = service.diary()
        self._outcome.slowest_start_ms = max(self._outcome.slowest_start_ms, self._server.start())
        self._outcome.violations += look(self._folder, promised, None, self._auditor, self._server.url)
        if service.alive and not service.acknowledges(self._more(service, 1)):
            self._found(Breach.STUCK, "the service did not go on after PostgreSQL was there again")

    @staticmethod
    def _more(service: Child, count: int) -> int:
        """Say how many acknowledgements in this life make `count` more than now."""
        return service.acknowledged() + count

    def _end(self, service: Child) -> None:
        diary = service.diary()
        found = look(self._folder, diary, self._chance, self._auditor, self._server.url)
        self._outcome.violations += found
        self._outcome.acknowledged = len(diary.acknowledged)
        self._outcome.refused, self._outcome.heads = len(diary.refused), len(diary.heads)

    def _found(self, breach: Breach, words: str) -> None:
        self._outcome.violations.append(Violation(breach, words))
