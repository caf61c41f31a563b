"""A book that steps are recorded in, and which rules each broke."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from ledger.errors import DaodiError, ManyFaults
from trace.declaring import Declarer
from trace.errors import RuleRefused
from trace.findings import Finding
from trace.service import RecordedStep, Recorder
from trace.steps import StepNew

from .season import at, founded, lot, recorder, step


@dataclass
class Book:
    """Records steps an hour after noon of their day."""

    session: Session
    by: Recorder

    @property
    def declarer(self) -> Declarer:
        return self.by.declarer

    def record(self, new: StepNew, day: int) -> RecordedStep:
        return self.by.record_step(self.session, new, at(day))

    def findings(self, new: StepNew, day: int) -> list[Finding]:
        return list(self.record(new, day).findings)

    def flags(self, new: StepNew, day: int) -> list[str]:
        return [finding.rule.code for finding in self.findings(new, day)]

    def refusals(self, new: StepNew, day: int) -> list[str]:
        with pytest.raises((RuleRefused, ManyFaults)) as caught, self.session.begin_nested():
            self.record(new, day)
        error: DaodiError = caught.value
        faults = error.faults if isinstance(error, ManyFaults) else (error,)
        assert all(fault.message("zh") and fault.remedy("en") for fault in faults)
        return [str(fault.parts["rule"]) for fault in faults]


@contextmanager
def opened(url: str = "sqlite://") -> Iterator[Book]:
    """A book on a fresh database with the parties and places of the season."""
    with founded(url) as session:
        yield Book(session, recorder("book"))


def gathered(book: Book, name: str, grams: int, herb: str = "白芍", day: int = 1) -> None:
    """A lot of fresh goods, gathered on the grower's plot."""
    outputs = [lot(name, grams, herb)]
    book.record(step("gathering", day, outputs=outputs, fields={"area_name": "山里"}), day)


def dried(book: Book, name: str, grams: int, herb: str = "白芍", day: int = 1) -> None:
    """A lot of herb, dried at a third of the fresh mass."""
    gathered(book, f"{name}-FRESH", grams * 3, herb, day)
    new = step(
        "primary_processing",
        day,
        inputs=[lot(f"{name}-FRESH")],
        outputs=[lot(name, grams)],
        fields={"method": "晒"},
        minute=10,
    )
    book.record(new, day)
