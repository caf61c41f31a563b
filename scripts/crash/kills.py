"""`kill -9` under eight concurrent writers, again and again on the same log.

After each kill the service is started as an operator would start it; what it promised in all its lives is
then looked for, before it is let go on to the next kill.
"""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from crash.aftermath import look, look_beside
from crash.child import Child
from crash.ground import prepare, settings_of, vkey_of_station
from crash.judge import Auditor, Breach, Violation, product_audit
from crash.outcome import Outcome
from crash.plan import Plan

KILLS_OF_A_LOG = 10
START_LIMIT_MS = 3000
_LONGEST_LIFE = 240
"""Most statements acknowledged between two kills."""


def kills(
    count: int,
    seed: int,
    *,
    plants: Sequence[str] = (),
    auditor: Auditor = product_audit,
    longest_life: int = _LONGEST_LIFE,
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Kill `count` times, a fresh log after every `KILLS_OF_A_LOG`."""
    outcome = Outcome("kills")
    for begin in range(0, count, KILLS_OF_A_LOG):
        chance = random.Random(f"kills/{seed}/{begin}")
        with tempfile.TemporaryDirectory(prefix="daodi-kills-") as temporary:
            trial = _Trial(Path(temporary), chance, tuple(plants), auditor, longest_life)
            outcome.add(trial.run(min(KILLS_OF_A_LOG, count - begin), step))
    return outcome


class _Trial:
    """One log and the lives of its service."""

    def __init__(
        self, root: Path, chance: random.Random, plants: tuple[str, ...], auditor: Auditor, longest_life: int
    ) -> None:
        self._folder, self._diary = root / "service", root / "diary"
        self._chance, self._plants, self._auditor = chance, plants, auditor
        self._longest_life = longest_life
        settings = settings_of(self._folder)
        prepare(settings)
        self._vkey = vkey_of_station(settings)
        self._outcome = Outcome("kills")

    def run(self, count: int, step: Callable[[], None]) -> Outcome:
        """Live and be killed `count` times, then be looked at a last time."""
        for life in range(count):
            self._live(self._plan(life))
            self._outcome.trials += 1
            step()
        with Child(self._plan(count)) as child:
            diary = child.diary()
            self._check_start(child)
        self._outcome.violations += look(self._folder, diary, self._chance, self._auditor)
        self._outcome.acknowledged = len(diary.acknowledged)
        self._outcome.start_cpu_ms = diary.start_cpu_ms
        self._outcome.refused, self._outcome.heads = len(diary.refused), len(diary.heads)
        return self._outcome

    def _plan(self, life: int) -> Plan:
        return Plan(
            folder=str(self._folder),
            diary=str(self._diary),
            prefix=f"life{life}",
            seed=self._chance.randrange(2**32),
            asks=True,
            plants=self._plants,
        )

    def _live(self, plan: Plan) -> None:
        with Child(plan) as child:
            if self._chance.random() < 0.1:  # so early that it may not even have opened its database
                time.sleep(self._chance.uniform(0.3, 1.6))
            elif self._check_start(child):
                child.go()
                self._chance.random()
                child.acknowledges(int(self._longest_life * self._chance.random() ** 2))
                time.sleep(self._chance.uniform(0, 0.02))
            child.kill()

    def _check_start(self, child: Child) -> bool:
        """Wait until it serves and hold it against the promises of all lives before."""
        diary = child.diary()
        ready_ms = child.ready_ms()
        if ready_ms is None:
            child.kill()
            words = f"{child.plan.prefix} did not start: {child.last_words}"
            self._outcome.violations.append(Violation(Breach.STUCK, words))
            return False
        self._outcome.slowest_start_ms = max(self._outcome.slowest_start_ms, ready_ms)
        self._outcome.violations += look_beside(self._folder, self._vkey, diary, self._auditor)
        return True
