"""What a trial came to."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from crash.judge import Violation


@dataclass
class Outcome:
    """Trials of one sort, added up."""

    sort: str
    trials: int = 0
    acknowledged: int = 0
    """Statements that were promised and looked for."""
    refused: int = 0
    heads: int = 0
    """Published checkpoints that were held against the log."""
    slowest_start_ms: int = 0
    start_cpu_ms: int = 0
    """Most processor time of a start, in milliseconds."""
    seconds: float = 0.0
    left_out: str = ""
    """Why it could not be run; empty when it was."""
    notes: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def add(self, other: Self) -> None:
        """Take another outcome in."""
        self.trials += other.trials
        self.acknowledged += other.acknowledged
        self.refused += other.refused
        self.heads += other.heads
        self.slowest_start_ms = max(self.slowest_start_ms, other.slowest_start_ms)
        self.start_cpu_ms = max(self.start_cpu_ms, other.start_cpu_ms)
        self.seconds += other.seconds
        self.left_out = self.left_out or other.left_out
        self.notes += other.notes
        self.violations += other.violations

    @property
    def ok(self) -> bool:
        """Whether it was run and nothing was broken."""
        return bool(self.trials) and not self.violations and not self.left_out

    @property
    def breaches(self) -> Counter[str]:
        """How often each sort of breach was found."""
        return Counter(str(violation.breach) for violation in self.violations)
