"""Power failures of a witness: what it cosigned and told, it still knows; else it could be led to a fork."""

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from crash.ground import ORIGIN
from crash.judge import Breach, Violation
from crash.outcome import Outcome
from crash.plain_tree import roots_at
from crash.power import RUN_SECONDS, ChildFailed, cuts_of, unsound
from crash.power_images import Image, Mood, image_at
from crash.power_trace import Promise, Trace
from crash.witness_run import ANSWER_BEFORE_KEEP, ANSWERED, MEMORY, leaf_of
from ledger.errors import DaodiError
from ledger.witnessing.witness_store import WitnessStore

IMAGES_OF_A_RUN = 250


def witness_power(
    count: int, seed: int, *, hasty: bool = False, step: Callable[[], None] = lambda: None
) -> Outcome:
    """Record witnesses and judge `count` images of them; `hasty` plants an answer before it is kept."""
    outcome = Outcome("witness")
    for run, begin in enumerate(range(0, count, IMAGES_OF_A_RUN)):
        trace = _recorded(seed + run, hasty=hasty)
        chance = random.Random(f"witness/{seed}/{run}")
        for number, cut in enumerate(cuts_of(trace, min(IMAGES_OF_A_RUN, count - begin), chance)):
            image = image_at(trace, cut, list(Mood)[number % len(Mood)], chance)
            outcome.add(_judged(trace, image))
            step()
    return outcome


def _recorded(seed: int, *, hasty: bool) -> Trace:
    with tempfile.TemporaryDirectory(prefix="daodi-witness-") as temporary:
        kept = Path(temporary) / "trace"
        command = [sys.executable, "-m", "crash.witness_run", temporary, str(kept), str(seed)]
        command += [ANSWER_BEFORE_KEEP] if hasty else []
        done = subprocess.run(command, timeout=RUN_SECONDS, check=False, capture_output=True, text=True)
        if done.returncode:
            raise ChildFailed(done.stderr)
        return Trace.load(kept)


def _judged(trace: Trace, image: Image) -> Outcome:
    told = [
        int(happened.rest)
        for happened in trace.events[: image.cut]
        if isinstance(happened, Promise) and happened.word == ANSWERED
    ]
    outcome = Outcome("witness", 1, len(told))
    with tempfile.TemporaryDirectory(prefix="daodi-image-") as temporary:
        folder = Path(temporary)
        image.write(folder)
        found = [*_remembered(folder, max(told, default=0)), *unsound(folder / MEMORY)]
    where = f"power lost before event {image.cut}, {image.mood}"
    outcome.violations = [Violation(each.breach, f"{where}: {each.words}") for each in found]
    return outcome


def _remembered(folder: Path, told: int) -> list[Violation]:
    try:
        with closing(WitnessStore(folder / MEMORY)) as store:
            seen = store.seen(ORIGIN)
    except DaodiError as error:
        return [Violation(Breach.STUCK, f"the witness does not start: {error}")]
    if seen.size < told:
        return [Violation(Breach.REGRESSED, f"it told a cosignature of {told} and knows {seen.size}")]
    root = roots_at((leaf_of(index) for index in range(seen.size)), [seen.size])[seen.size]
    return [] if seen.root == root else [Violation(Breach.FORK, f"its root at {seen.size} is another")]
