"""Power failures: real runs recorded to the last write, then images of every way a disk may have been left.

Each image is opened by the real station, which recovers, drains and is judged by what was promised before
the failure.
"""

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from crash.aftermath import look
from crash.diary import Diary
from crash.ground import prepare, settings_of
from crash.judge import Auditor, Breach, Violation, product_audit
from crash.outcome import Outcome
from crash.plan import Plan
from crash.power_images import DATABASE, Image, Mood, image_at
from crash.power_trace import Promise, Sync, Trace

RUN_SECONDS = 120
STATEMENTS = 30
"""Statements of each of the eight writers of a recorded run."""
IMAGES_OF_A_RUN = 50
"""Images made of one recorded run."""
_FAILING_RUNS = 4
"""Of so many runs, one has syncs that fail."""
_EVERY = 25
"""Of so many images, one is altered to see that the audit notices."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded run: its trace and the keys its station needs."""

    trace: Trace
    folder: Path


@contextmanager
def recording(
    seed: int,
    *,
    writers: int = 8,
    statements: int = STATEMENTS,
    plants: Sequence[str] = (),
    failing_syncs: Sequence[int] = (),
) -> Iterator[Recording]:
    """Run the service once, recorded; its folder is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="daodi-power-") as temporary:
        folder = Path(temporary) / "service"
        prepare(settings_of(folder))
        plan = Plan(
            folder=str(folder),
            diary=str(Path(temporary) / "diary"),
            prefix="power",
            seed=seed,
            writers=writers,
            statements=statements,
            plants=tuple(plants),
            recording=str(Path(temporary) / "trace"),
            failing_syncs=tuple(failing_syncs),
        )
        command = [sys.executable, "-m", "crash.service"]
        done = subprocess.run(
            command,
            input=plan.to_line() + "\n",
            text=True,
            timeout=RUN_SECONDS,
            check=False,
            capture_output=True,
        )
        if not Path(plan.recording or "").exists():
            raise ChildFailed(done.stderr)
        yield Recording(Trace.load(Path(plan.recording or "")), folder)


class ChildFailed(Exception):
    """The process under trial could not be started at all."""


def power(
    count: int,
    seed: int,
    *,
    plants: Sequence[str] = (),
    statements: int = STATEMENTS,
    failing_syncs: Sequence[int] | None = None,
    auditor: Auditor = product_audit,
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Record as many runs as `count` images need and judge them all.

    Some runs have a few syncs that fail, chosen by `seed` unless `failing_syncs` names them.
    """
    outcome = Outcome("power")
    for run, begin in enumerate(range(0, count, IMAGES_OF_A_RUN)):
        chance = random.Random(f"syncs/{seed}/{run}")
        first = chance.randrange(5, 40)
        failing = failing_syncs if failing_syncs is not None else range(first, first + 3)
        if failing_syncs is None and (seed + run) % _FAILING_RUNS:
            failing = ()
        with recording(seed + run, statements=statements, plants=plants, failing_syncs=failing) as recorded:
            outcome.add(images(recorded, min(IMAGES_OF_A_RUN, count - begin), seed + run, auditor, step))
    return outcome


def images(
    recorded: Recording,
    count: int,
    seed: int,
    auditor: Auditor = product_audit,
    step: Callable[[], None] = lambda: None,
) -> Outcome:
    """Make `count` images of a recorded run and judge each."""
    chance = random.Random(f"power/{seed}")
    outcome = Outcome("power")
    for number, cut in enumerate(cuts_of(recorded.trace, count, chance)):
        own = random.Random(f"power/{seed}/{number}")
        image = image_at(recorded.trace, cut, list(Mood)[number % len(Mood)], own)
        noticing = own if number % _EVERY == 0 else None
        outcome.add(_judged(recorded, image, noticing, auditor))
        step()
    return outcome


def cuts_of(trace: Trace, count: int, chance: random.Random) -> list[int]:
    """Choose when the power fails: often just before or after a sync or a promise, else anywhere."""
    edges = [
        number + after
        for number, happened in enumerate(trace.events)
        if isinstance(happened, Sync | Promise)
        for after in (0, 1)
    ]
    last = len(trace.events)
    return [chance.choice(edges) if chance.random() < 0.6 else chance.randint(0, last) for _ in range(count)]


def _promised(trace: Trace, cut: int) -> Diary:
    diary = Diary()
    for happened in trace.events[:cut]:
        if isinstance(happened, Promise):
            diary.take(happened.word, happened.rest)
    return diary


def _judged(recorded: Recording, image: Image, noticing: random.Random | None, auditor: Auditor) -> Outcome:
    """Start the station on an image; with `noticing` see that its audit notices an altered byte too."""
    diary = _promised(recorded.trace, image.cut)
    outcome = Outcome("power", 1, len(diary.acknowledged), len(diary.refused), len(diary.heads))
    with tempfile.TemporaryDirectory(prefix="daodi-image-") as temporary:
        folder = Path(temporary) / "service"
        image.write(folder)
        found = [*look(folder, diary, noticing, auditor), *unsound(folder / DATABASE)]
    where = f"power lost before event {image.cut}, {image.mood}"
    outcome.violations = [Violation(each.breach, f"{where}: {each.words}") for each in found]
    return outcome


def unsound(database: Path) -> Iterator[Violation]:
    """Have another, newer SQLite check what ours recovered."""
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        for (word,) in connection.execute("PRAGMA integrity_check"):
            if word != "ok":
                yield Violation(Breach.AUDIT, f"SQLite finds its own file damaged: {word}")
    finally:
        connection.close()
