"""Entered weight sets at the edge: who enters them, written through the one writer."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from api.station import Station
from ledger.plain_text import PlainText
from priceindex.engine.weight_store import LINES_LIMIT, SOURCE_LIMIT, EnteredSet, Enterer, enter
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.quotes import Name

FEN_LIMIT = 10**15
"""Ten thousand thousand million yuan: no trade of one grade comes near, and sums stay exact."""


class WeightLine(BaseModel):
    """What one grade is worth."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    herb: Name = Field(min_length=1, examples=["白芍"])
    grade: Name = Field(min_length=1, examples=["统"])
    fen: int = Field(ge=0, le=FEN_LIMIT, description="Value traded in fen; only proportions count.")


class WeightSetNew(BaseModel):
    """A weight set as a request states it."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40, examples=["herbs-entered"])
    source: PlainText = Field(
        min_length=1, max_length=SOURCE_LIMIT, description="Who counted it; shown with every release."
    )
    first: date = Field(description="First day of the reference period.")
    last: date
    effective: date = Field(description="First day of the month at whose end the set is linked in.")
    lines: list[WeightLine] = Field(min_length=1, max_length=LINES_LIMIT)

    def weights(self) -> WeightSet:
        """Return the set this request states."""
        return WeightSet(
            rule="entered",
            source=self.source,
            first=self.first,
            last=self.last,
            effective=self.effective,
            lines=tuple(GradeTurnover(line.herb, line.grade, line.fen) for line in self.lines),
        )


def entered_by(station: Station, new: WeightSetNew, name: str) -> EnteredSet:
    """Enter a weight set in somebody's name; raises what `enter` raises."""
    by, at_ms, weights = Enterer(station.settings.origin, station.key, name), station.clock(), new.weights()

    def work(session: Session) -> EnteredSet:
        return enter(session, new.family, weights, by, at_ms)

    return station.writer.submit(work)
