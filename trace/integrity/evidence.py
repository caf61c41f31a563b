"""What a score is made from: shares of goods and counts of faults, as logged with every score.

A share is so many grams (or particulars) of so many; a deduction is a number of points or times. Nothing
here reads a database: anyone who has these numbers from the log computes the same score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ledger.canonical import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So much is as it should be, of so much in all; grams, or particulars of the firm."""

    good: int = 0
    whole: int = 0

    def __add__(self, other: "Share") -> "Share":
        """Join the shares of two parties that are one unit."""
        return Share(good=self.good + other.good, whole=self.whole + other.whole)


Weeks: TypeAlias = Mapping[int, int]
"""Grams sent out by week of recording (number of the week since 1970-01-01)."""


def effective_weeks(weeks: Weeks) -> int:
    """Return over how many even weeks the goods spread: the square of the sum over the sum of squares.

    A gram a day beside a tonne adds nothing: what counts is how much went out when, not how often
    something was recorded.

    >>> effective_weeks({1: 500, 2: 500}), effective_weeks({1: 1_000_000, 2: 1, 3: 1, 4: 1})
    (2, 1)
    """
    squares = sum(grams * grams for grams in weeks.values())
    return sum(weeks.values()) ** 2 // squares if squares else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything the formula looks at, of one party (or one unit of several) in one period."""

    weeks: Weeks = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    deductions: Mapping[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """How many weeks of evidence there are (`effective_weeks`)."""
        return effective_weeks(self.weeks)


def joined(parts: Iterable[Evidence]) -> Evidence:
    """Return the evidence of a unit that is registered under several codes, as if it were one.

    >>> one = Evidence(weeks={1: 5}, shares={"tests": Share(good=5, whole=5)})
    >>> joined([one, one]).shares["tests"], joined([one, one]).weeks
    (Share(good=10, whole=10), {1: 10})
    """
    weeks: dict[int, int] = {}
    shares: dict[str, Share] = {}
    deductions: dict[str, int] = {}
    for part in parts:
        for week, grams in part.weeks.items():
            weeks[week] = weeks.get(week, 0) + grams
        for name, share in part.shares.items():
            shares[name] = shares.get(name, Share()) + share
        for name, points in part.deductions.items():
            deductions[name] = deductions.get(name, 0) + points
    return Evidence(weeks=weeks, shares=shares, deductions=deductions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """The evidence as a statement carries it: the weeks summed up to their number."""

    weight: int
    shares: Mapping[str, Share]
    deductions: Mapping[str, int]


def summed(evidence: Evidence) -> Logged:
    """Return what of the evidence is logged, and all that the formula reads."""
    return Logged(weight=evidence.weight, shares=evidence.shares, deductions=evidence.deductions)


def members(logged: Logged) -> dict[str, JsonValue]:
    """Return evidence as members of a statement; empty shares and zero deductions are left out."""
    shares: dict[str, JsonValue] = {
        name: [share.good, share.whole] for name, share in sorted(logged.shares.items()) if share.whole
    }
    deductions: dict[str, JsonValue] = {
        name: points for name, points in sorted(logged.deductions.items()) if points
    }
    return {"weeks": logged.weight, "shares": shares, "deductions": deductions}


def logged_of(found: Mapping[str, JsonValue]) -> Logged:
    """Read evidence back from a statement; raises `TypeError` or `ValueError` for what is none of ours."""
    weeks, shares, deductions = found["weeks"], found["shares"], found["deductions"]
    if not isinstance(weeks, int) or not isinstance(shares, dict) or not isinstance(deductions, dict):
        raise TypeError(found)
    return Logged(
        weight=weeks,
        shares={name: _share(pair) for name, pair in shares.items()},
        deductions={name: _whole_number(points) for name, points in deductions.items()},
    )


def _share(pair: JsonValue) -> Share:
    if not isinstance(pair, list):
        raise TypeError(pair)
    good, whole = map(_whole_number, pair)
    return Share(good=good, whole=whole)


def _whole_number(value: JsonValue) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
