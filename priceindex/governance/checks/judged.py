"""What a check is told, and what it gives back."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from priceindex.calendar import china_day
from priceindex.engine.run import IndexRun
from priceindex.families import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The family that is looked at, for a release that is about to go out or as it stands."""

    family: Family
    at_ms: int
    run: IndexRun | None = None
    """The computation that is to be published; None when only the family is looked at."""

    @property
    def today(self) -> datetime.date:
        """The day of the check, in China."""
        return china_day(self.at_ms)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found, in words."""

    passed: bool
    zh: str
    en: str


def kept(zh: str, en: str) -> Found:
    """What the requirement asks for is there."""
    return Found(passed=True, zh=zh, en=en)


def broken(zh: str, en: str) -> Found:
    """What the requirement asks for is missing."""
    return Found(passed=False, zh=zh, en=en)


Check = Callable[[Session, Judged], Found]
"""One check of the compliance table."""
