"""`scripts/campaign`: break the ledger as often as the claims say; ends with one table and an exit code."""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from crash.commits import commits
from crash.deliveries import deliveries
from crash.ground import silence
from crash.injections import injections, no_sync_works
from crash.judge import Breach, Violation
from crash.kills import START_LIMIT_MS, kills
from crash.outcome import Outcome
from crash.planted_trials import PLANTED
from crash.postmaster import postmaster_kills
from crash.power import IMAGES_OF_A_RUN, power
from crash.shards import Bar, Job, spread
from crash.strace import strace_program
from crash.witness_power import witness_power

FULL: Final = {
    "kills": 200,
    "power": 1500,
    "witness": 500,
    "injections": 0,
    "commits": 0,
    "postmaster": 20,
    "deliveries": 10_000,
}
"""How many trials each sort is claimed to survive; 0 stands for all there are."""
_SHOWN: Final = 20
_SHARDS: Final = 20
"""Parts the injections are done in."""
_NO_STRACE: Final = "strace is not installed (as root: apt-get install strace)"


def run_kills(count: int, seed: int, _: int) -> Outcome:
    """Kill the service."""
    bar = Bar("kills", count)
    outcome = kills(count, seed, step=bar.step)
    bar.end()
    return _judged_slow(outcome)


def run_power(count: int, seed: int, workers: int) -> Outcome:
    """Cut the power."""
    bar = Bar("power", count)
    jobs: list[Job] = [
        (power, (min(IMAGES_OF_A_RUN, count - begin), seed + run), min(IMAGES_OF_A_RUN, count - begin))
        for run, begin in enumerate(range(0, count, IMAGES_OF_A_RUN))
    ]
    outcome = spread("power", jobs, workers, bar)
    bar.end()
    return outcome


def run_witness(count: int, seed: int, _: int) -> Outcome:
    """Cut the power of a witness."""
    bar = Bar("witness", count)
    outcome = witness_power(count, seed, step=bar.step)
    bar.end()
    return outcome


def run_injections(count: int, seed: int, workers: int) -> Outcome:
    """Have system calls fail, each of them once."""
    if strace_program() is None:
        return Outcome("injections", left_out=_NO_STRACE)
    bar = Bar("injections", _SHARDS)
    jobs: list[Job] = [(_shard, (seed, count or None, shard, _SHARDS), 1) for shard in range(_SHARDS)]
    outcome = spread("injections", jobs, workers, bar)
    bar.end()
    outcome.add(no_sync_works(seed))
    return outcome


def _shard(seed: int, count: int | None, shard: int, shards: int) -> Outcome:
    return injections(seed, count, shard=(shard, shards))


def run_commits(count: int, seed: int, _: int) -> Outcome:
    """Break the connection to PostgreSQL, or kill the service in the middle of a word to it."""
    if strace_program() is None:
        return Outcome("commits", left_out=_NO_STRACE)
    bar = Bar("commits", count)
    outcome = commits(seed, count or None, step=bar.step, told=bar.total)
    bar.end()
    return outcome


def run_postmaster(count: int, seed: int, _: int) -> Outcome:
    """Kill PostgreSQL."""
    bar = Bar("postmaster", count)
    outcome = postmaster_kills(count, seed, step=bar.step)
    bar.end()
    return _judged_slow(outcome)


def run_deliveries(count: int, seed: int, _: int) -> Outcome:
    """Deliver requests again and again."""
    bar = Bar("deliveries", 3 * count)
    outcome = deliveries(count, seed, step=bar.step)
    bar.end()
    return outcome


SORTS: Final[dict[str, Callable[[int, int, int], Outcome]]] = {
    "kills": run_kills,
    "power": run_power,
    "witness": run_witness,
    "injections": run_injections,
    "commits": run_commits,
    "postmaster": run_postmaster,
    "deliveries": run_deliveries,
}


def _judged_slow(outcome: Outcome) -> Outcome:
    if outcome.slowest_start_ms > START_LIMIT_MS:
        words = f"a restart took {outcome.slowest_start_ms} ms, more than {START_LIMIT_MS}"
        outcome.violations.append(Violation(Breach.SLOW, words))
    return outcome


def run_verdicts(seed: int) -> list[Outcome]:
    """Plant each fault and see the trial go red."""
    outcomes = []
    for planted in PLANTED:
        begun = time.monotonic()
        print(f"planted: {planted.name}", file=sys.stderr)
        if planted.needs_strace and strace_program() is None:
            outcomes.append(Outcome(planted.name, left_out=_NO_STRACE))
            continue
        found = planted.run(seed)
        seen = ", ".join(f"{breach} {count}x" for breach, count in sorted(found.breaches.items()))
        outcome = Outcome(planted.name, found.trials, found.acknowledged, found.refused, found.heads)
        outcome.notes.append(f"red, as it has to be: {seen}")
        if not planted.sees(found):
            outcome.notes = []
            outcome.violations.append(Violation(Breach.BLIND, f"the planted fault was not seen ({seen})"))
        outcome.seconds = time.monotonic() - begun
        outcomes.append(outcome)
    return outcomes


def table(outcomes: Sequence[Outcome]) -> str:
    """Lay the outcomes out, one line each."""
    rows: list[tuple[str, ...]] = [
        ("trial", "trials", "promised", "refused", "heads", "slowest start", "broken", "time", "verdict")
    ]
    for each in outcomes:
        verdict = f"LEFT OUT: {each.left_out}" if each.left_out else "held" if each.ok else "BROKEN"
        start = f"{each.slowest_start_ms} ms" if each.slowest_start_ms else "-"
        start += f" ({each.start_cpu_ms} ms CPU)" if each.start_cpu_ms else ""
        counts = (each.trials, each.acknowledged, each.refused, each.heads)
        seconds = f"{each.seconds:.0f} s"
        words = "; ".join([verdict, *each.notes])
        rows.append((each.sort, *map(str, counts), start, str(len(each.violations)), seconds, words))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(row[at].rjust(widths[at]) for at in range(1, len(widths))), row[-1]]
        )
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Run what was asked for and return the exit code: 0 only when everything was run and held."""
    parser = argparse.ArgumentParser(prog="scripts/campaign", description=__doc__)
    parser.add_argument("sort", choices=[*SORTS, "verdicts", "all"])
    parser.add_argument("--seed", type=int, help="the same seed makes the same choices; by default a new one")
    parser.add_argument("--count", type=int, help="how many trials; by default what the claims say")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes for power images")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    silence()
    print(f"seed {seed}", file=sys.stderr)
    outcomes = run_verdicts(seed) if given.sort in {"verdicts", "all"} else []
    for sort in SORTS if given.sort == "all" else [given.sort] if given.sort in SORTS else []:
        begun = time.monotonic()
        count = FULL[sort] if given.count is None else given.count
        outcome = SORTS[sort](count, seed, given.workers)
        outcome.seconds = time.monotonic() - begun
        outcomes.append(outcome)
    for outcome in outcomes:
        for violation in outcome.violations[:_SHOWN]:
            print(f"{outcome.sort}: {violation}"[:600])
    print(table(outcomes))
    print(f"seed {seed}")
    return 0 if all(outcome.ok for outcome in outcomes) else 1
