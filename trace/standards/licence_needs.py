"""Which stage needs which licence, on which day, by which law (`facts/licence_needs.csv`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from trace.facts import rows
from trace.registers.register_words import LicenceKind
from trace.standards.sureness import Sureness
from trace.vocabulary import Form, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceNeed:
    """A stage that may only be done with one of some licences."""

    stage: Stage
    forms: frozenset[Form]
    """Of lots the step uses or makes; empty: whatever it touches."""
    counterparty: str
    """party: only towards another party; nobody: only towards the end user; empty: both."""
    kinds: tuple[LicenceKind, ...]
    """Any one of them will do."""
    first_day: date | None
    last_day: date | None
    basis: str
    confidence: Sureness

    def words(self, language: str) -> str:
        """Name the licences, any of which will do."""
        if language == "zh":
            return "或".join(kind.zh for kind in self.kinds)
        return " or ".join(kind.en for kind in self.kinds)


def needs(stage: Stage, forms: Iterable[Form], *, towards_party: bool, day: date) -> tuple[LicenceNeed, ...]:
    """Return the licences a step of `stage` over lots of `forms` needs on `day`.

    >>> [need.words("zh") for need in needs(Stage.PAOZHI, [Form.SLICE], towards_party=False,
    ...                                     day=date(2024, 3, 1))]
    ['药品生产许可证']
    """
    held = frozenset(forms)
    other = "nobody" if towards_party else "party"
    return tuple(
        need
        for need in _needs().get(stage, ())
        if (not need.forms or need.forms & held)
        and need.counterparty != other
        and (need.first_day is None or need.first_day <= day)
        and (need.last_day is None or day <= need.last_day)
    )


def all_licence_needs() -> tuple[LicenceNeed, ...]:
    """Return every need, in the order of the fact table."""
    return tuple(need for found in _needs().values() for need in found)


@cache
def _needs() -> Mapping[Stage, tuple[LicenceNeed, ...]]:
    found: dict[Stage, list[LicenceNeed]] = {}
    for row in rows("licence_needs"):
        found.setdefault(Stage(row["stage"]), []).append(_typed(row))
    return {stage: tuple(each) for stage, each in found.items()}


def _typed(row: dict[str, str]) -> LicenceNeed:
    return LicenceNeed(
        stage=Stage(row["stage"]),
        forms=frozenset(Form(each) for each in row["forms"].split("|") if each),
        counterparty=row["counterparty"],
        kinds=tuple(LicenceKind(each) for each in row["kinds"].split("|")),
        first_day=_day(row["first_day"]),
        last_day=_day(row["last_day"]),
        basis=row["basis"],
        confidence=Sureness(row["confidence"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


SAID_ON_STEP: Final[Mapping[Stage, str]] = {Stage.GATHERING: "permit", Stage.MINING: "licence"}
"""The field in which a step itself may say the number of the licence it needs."""
