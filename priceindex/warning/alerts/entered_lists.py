"""What the operator enters for the rules, each with its source: herbs of public health, the price of grain.

Neither list is known to this program: it is empty until somebody who has the paper enters it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.plain_text import PlainText
from priceindex.warning.alerts.warning_tables import GrainPriceRow, HealthHerbRow
from priceindex.warning.warning_errors import HealthHerbListed, HealthHerbUnknown

MOST_FEN_PER_KG = 10**7
"""A grain at 100,000 yuan a kilogram is a slip of the pen."""


class HealthHerbNew(BaseModel):
    """A herb put on the list, or taken off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    herb: PlainText = Field(min_length=1, max_length=40, examples=["连翘"])
    listed: bool = Field(default=True, description="false takes it off.")
    source: Annotated[PlainText, Field(min_length=4, max_length=400)] = Field(
        description="The paper that lists it, with number and date; or why it is taken off."
    )


class GrainPriceNew(BaseModel):
    """The price of grain in one month; entered again it takes the place of what stood there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    month: str = Field(pattern=r"^(19[7-9]\d|20\d\d)-(0[1-9]|1[0-2])$", examples=["2026-05"])
    fen_per_kg: int = Field(gt=0, le=MOST_FEN_PER_KG)
    source: Annotated[PlainText, Field(min_length=4, max_length=400)]

    @property
    def number(self) -> int:
        """Months since January 1970."""
        year, month = self.month.split("-")
        return (int(year) - 1970) * 12 + int(month) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthHerb:
    """A herb on the list."""

    herb: str
    source: str
    by_name: str
    at_ms: int


def health_list(session: Session) -> list[HealthHerb]:
    """The herbs on the list, by name."""
    newest: dict[str, HealthHerbRow] = {}
    for row in session.exec(select(HealthHerbRow).order_by(col(HealthHerbRow.line_id))):
        newest[row.herb] = row
    return [
        HealthHerb(herb=row.herb, source=row.source, by_name=row.by_name, at_ms=row.at_ms)
        for _, row in sorted(newest.items())
        if row.listed
    ]


def enter_health_herb(
    session: Session, new: HealthHerbNew, known: Collection[str], person: str, at_ms: int
) -> list[HealthHerb]:
    """Put a herb on the list or take it off; returns the list. `known` are all herbs there are.

    Raises `HealthHerbUnknown` and `HealthHerbListed`.
    """
    listed = {one.herb for one in health_list(session)}
    at = Location(field="herb", value=new.herb)
    if new.herb not in (known if new.listed else listed):
        raise HealthHerbUnknown(at=at, herb=new.herb)
    if new.listed and new.herb in listed:
        raise HealthHerbListed(at=at, herb=new.herb)
    session.add(
        HealthHerbRow(herb=new.herb, listed=new.listed, source=new.source, by_name=person, at_ms=at_ms)
    )
    session.flush()
    return health_list(session)


def enter_grain_price(session: Session, new: GrainPriceNew, person: str, at_ms: int) -> None:
    """Enter the price of grain in one month."""
    session.add(
        GrainPriceRow(
            month=new.number, fen_per_kg=new.fen_per_kg, source=new.source, by_name=person, at_ms=at_ms
        )
    )
    session.flush()


def grain_prices(session: Session) -> dict[int, int]:
    """Month -> fen per kilogram, by month."""
    rows = session.exec(select(GrainPriceRow).order_by(col(GrainPriceRow.line_id)))
    newest = {row.month: row.fen_per_kg for row in rows}
    return dict(sorted(newest.items()))
