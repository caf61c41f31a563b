"""A fault injected into each system call that touches the disk, one at a time; then a clean start.

Three actions: the call fails with EIO, it fails with ENOSPC, the process is killed in it. A run founds the
station as well, so that half-made folders and keys are tried too.
"""

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crash.aftermath import look
from crash.diary import read_diary
from crash.ground import prepare, settings_of
from crash.judge import Breach, Violation
from crash.outcome import Outcome
from crash.plan import Plan
from crash.plants import SWALLOWED_SYNC
from crash.strace import Injection, Traced, most_calls, was_injected
from crash.warm import Warm

CALLS: Final = (
    "fsync",
    "fdatasync",
    "pwrite64",
    "write",
    "ftruncate",
    "rename",
    "link",
    "linkat",
    "unlink",
    "openat",
    "mkdir",
)
NO_SYNC: Final = Injection("fsync,fdatasync", "error=EIO", "1+")
"""No sync ever works: whatever is acknowledged then was acknowledged in spite of it."""
ACTIONS: Final = ("error=EIO", "error=ENOSPC", "signal=KILL")
_WRITERS = 2
_STATEMENTS = 4
_PATIENCE = 3
_KILLED = -9


@dataclass(frozen=True, slots=True)
class _Trial:
    """One run under strace."""

    injected: bool
    lines: list[str]
    outcome: Outcome


def injections(
    seed: int,
    count: int | None = None,
    *,
    calls: Sequence[str] = CALLS,
    shard: tuple[int, int] = (0, 1),
    step: Callable[[], None] = lambda: None,
    told: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Try every call once with every action, or `count` of them chosen by `seed`.

    With `shard` (k, n) only every n-th from k on. `told` hears how many there will be; `step` is called
    after each.
    """
    outcome = Outcome("injections")
    with Warm() as warm:
        clean = _tried(warm, None, (), seed)
        outcome.violations += clean.outcome.violations
        chosen = list(_all(clean.lines, calls))
        if count is not None and count < len(chosen):
            chosen = random.Random(f"injections/{seed}").sample(chosen, count)
        chosen = chosen[shard[0] :: shard[1]]
        told(len(chosen))
        missed = 0
        for injection in chosen:
            trial = _tried(warm, injection, (), seed)
            outcome.add(trial.outcome)
            missed += not trial.injected
            step()
    if missed:
        outcome.notes.append(f"{missed} runs ended before their call came")
    return outcome


def _all(lines: list[str], calls: Sequence[str]) -> Iterator[Injection]:
    for call in calls:
        for when in range(1, most_calls(lines, call) + 1):
            for action in ACTIONS:
                yield Injection(call, action, str(when))


def no_sync_works(seed: int, plants: Sequence[str] = ()) -> Outcome:
    """Have every sync of a founded station fail: nothing may be acknowledged."""
    with Warm() as warm:
        return _tried(warm, NO_SYNC, plants, seed).outcome


def _tried(warm: Warm, injection: Injection | None, plants: Sequence[str], seed: int) -> _Trial:
    with tempfile.TemporaryDirectory(prefix="daodi-injection-") as temporary:
        root = Path(temporary)
        founded = injection == NO_SYNC
        if founded:
            prepare(settings_of(root / "service"))
        plan = Plan(
            folder=str(root / "service"),
            diary=str(root / "diary"),
            prefix="run",
            seed=seed,
            writers=_WRITERS,
            statements=_STATEMENTS,
            patience=_PATIENCE,
            found=not founded,
            plants=tuple(plants),
            recording=str(root / "trace") if SWALLOWED_SYNC in plants else None,
        )
        pid = warm.fork(plan)
        traced = Traced(pid, ",".join(CALLS), root / "strace", injection)
        lines = traced.lines()
        trial = _judged(root, injection, lines, warm.status())
        if traced.hung:
            trial.outcome.violations.append(Violation(Breach.STUCK, f"{injection}: the service hung"))
        return trial


def _judged(root: Path, injection: Injection | None, lines: list[str], status: int) -> _Trial:
    diary = read_diary(root / "diary")
    found: list[Violation] = []
    if injection is None and (status != 0 or not diary.ended):
        found.append(Violation(Breach.STUCK, f"without a fault the run ended with {status}: {diary.died}"))
    if injection == NO_SYNC and diary.acknowledged:
        words = f"{len(diary.acknowledged)} statements were acknowledged, no sync having worked"
        found.append(Violation(Breach.SWALLOWED, words))
    try:
        prepare(settings_of(root / "service"))
    except Exception as error:  # noqa: BLE001  what keeps it from starting is what we look for
        found.append(Violation(Breach.STUCK, f"it cannot be founded again: {type(error).__name__}: {error}"))
    else:
        found += look(root / "service", diary)
    outcome = Outcome("injections", 1, len(diary.acknowledged), len(diary.refused), len(diary.heads))
    outcome.violations = [Violation(each.breach, f"{injection}: {each.words}") for each in found]
    return _Trial(was_injected(lines) or status == _KILLED, lines, outcome)
