"""Acts of those who run the indices: releases by one or two persons, standings, declarations, complaints."""

from dataclasses import dataclass
from datetime import date

from api import governing, releasing
from daodi_city.town import Town
from priceindex.governance.declarations import DeclarationNew
from priceindex.governance.index_complaints import IndexComplaintNew
from priceindex.releases.drafts import Draft
from priceindex.releases.due import publish_due
from priceindex.releases.persons import Person
from priceindex.releases.standing import Standing

MAKER = Person("编制员甲", "demo-a")
CHECKER = Person("复核员乙", "demo-b")
"""The two persons an official release takes."""


@dataclass(frozen=True, slots=True)
class Release:
    """A family is computed through a day and published, or made a draft for the second person."""

    at_ms: int
    family: str
    until: date
    reason: str | None = None
    """Why published values change, where they may not change silently."""

    def do(self, town: Town) -> None:
        """Compute and publish; a draft is noted for who approves it."""
        made = releasing.release_or_make(town.station, self.family, self.until, MAKER, self.reason)
        if isinstance(made, Draft):
            town.noted[f"draft/{self.family}"] = f"{made.release_id} {made.values_sha256}"


@dataclass(frozen=True, slots=True)
class Approve:
    """The second person approves what the first one made: sealed before its moment, published after it."""

    at_ms: int
    family: str

    def do(self, town: Town) -> None:
        """Approve the values by their digest."""
        release_id, values_sha256 = town.noted[f"draft/{self.family}"].split()
        releasing.approve(town.station, release_id, values_sha256, CHECKER)


@dataclass(frozen=True, slots=True)
class ComeDue:
    """The moment of publication comes for what was sealed."""

    at_ms: int

    def do(self, town: Town) -> None:
        """Publish it."""
        operator = releasing.operator_of(town.station)
        town.write(lambda session: publish_due(session, operator, self.at_ms))


@dataclass(frozen=True, slots=True)
class DeclareStanding:
    """A family's standing is declared."""

    at_ms: int
    family: str
    standing: Standing
    reason: str

    def do(self, town: Town) -> None:
        """Declare it."""
        releasing.declare(town.station, self.family, self.standing, self.reason, MAKER)


@dataclass(frozen=True, slots=True)
class Declare:
    """The operator declares something, and ends it where a reason is given."""

    at_ms: int
    new: DeclarationNew
    end_reason: str | None = None

    def do(self, town: Town) -> None:
        """Declare it, and end it at once where it is of the past."""
        made = governing.declared(town.station, self.new)
        if self.end_reason is not None:
            governing.ended(town.station, made.declaration_id, self.end_reason)


@dataclass(frozen=True, slots=True)
class ComplainOfIndex:
    """Somebody complains about an index, and gets an answer three days later."""

    at_ms: int
    answered_ms: int
    new: IndexComplaintNew
    answer: str

    def do(self, town: Town) -> None:
        """File it and answer it."""
        filed = governing.complained(town.station, self.new, None)
        town.clock.now_ms = self.answered_ms
        governing.answered(town.station, filed.complaint_id, self.answer, upheld=True)


@dataclass(frozen=True, slots=True)
class AssessYear:
    """The operator assesses itself for a year."""

    at_ms: int
    year: int

    def do(self, town: Town) -> None:
        """Make the report."""
        governing.assessed(town.station, self.year)
