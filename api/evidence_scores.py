"""The score each warning had when something last happened to it, read off the evidence stored then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlmodel import Session

from ledger.canonical import parse
from priceindex.warning.alerts.warning_store import newest_evidence


@dataclass(frozen=True, slots=True)
class Scored:
    """A score as it was stored."""

    score: str
    unit: str
    """As in the text of the rules: `share`, `periods`, `score`, or another that is a plain number."""
    day: date
    """The day it was reached on."""


def scores_of(session: Session, warning_ids: list[str]) -> Mapping[str, Scored]:
    """Return the score of each of these warnings by its id; nothing for one whose evidence has none."""
    told = {
        named: cast("dict[str, Any]", parse(text.encode()))
        for named, text in newest_evidence(session, warning_ids).items()
    }
    return {
        named: Scored(each["score"], each.get("unit", "share"), date.fromisoformat(each["day"]))
        for named, each in told.items()
        if each.get("score") is not None and each.get("day") is not None
    }
