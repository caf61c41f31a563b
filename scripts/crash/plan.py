"""What a process under trial shall do, handed to it as one line of JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run of the service under trial."""

    folder: str
    """The station's folder."""
    diary: str
    """File that takes down what was promised."""
    prefix: str
    """Begins the ids of this run's statements, so that no two runs share one."""
    database_url: str | None = None
    """None for SQLite in the folder."""
    seed: int = 0
    writers: int = 8
    statements: int = 1_000_000
    """How many each writer submits."""
    patience: int = 1000
    """How often a writer tries one statement before it gives up on it."""
    found: bool = False
    """Found the station first."""
    asks: bool = False
    """Wait for a line on standard input between readiness and work."""
    plants: tuple[str, ...] = ()
    """Faults to plant (`plants`)."""
    recording: str | None = None
    """File for the trace of every write and sync; None records nothing."""
    failing_syncs: tuple[int, ...] = ()
    """Which recorded syncs fail, counted from 0."""

    def to_line(self) -> str:
        """Write the plan as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read it back."""
        words = json.loads(line)
        for name in ("plants", "failing_syncs"):
            words[name] = tuple(words[name])
        return cls(**words)

    @property
    def diary_path(self) -> Path:
        """The diary's path."""
        return Path(self.diary)
