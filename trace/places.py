"""Where it happens: plots, drying yards, workshops, warehouses, stalls and counters."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from ledger.plain_text import PlainText
from trace.errors import UnknownPlace
from trace.tables import PlaceRow


class PlaceNew(BaseModel):
    """A place as its party registers it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    place_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["BZ-PLOT-07"])
    """Id of the place 地点编号: letters, digits, dot, dash and underscore."""
    name: PlainText = Field(min_length=1, max_length=120)
    """Name of the plot, workshop, stall or counter."""
    party: str = Field(min_length=18, max_length=18)
    """Unified social credit code of who runs it."""
    division: str = Field(pattern=r"^\d{6}$")
    """GB/T 2260 code of where it lies."""
    market: str | None = Field(default=None, max_length=40)
    """Name or slug of the herb market it lies in."""
    gln: str | None = Field(default=None, pattern=r"^\d{13}$")
    """Global location number 全球位置码 (GS1 AI 414), if it has one."""
    address: PlainText | None = Field(default=None, max_length=200)
    """Detailed address, never shown to the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A registered place, as anyone may see it: without its address."""

    place_id: str
    name: str
    party: str
    division: str
    market: str | None
    gln: str | None


def place_of(row: PlaceRow) -> Place:
    """Return the place a row holds, leaving its address behind."""
    return Place(
        place_id=row.place_id,
        name=row.name,
        party=row.party,
        division=row.division,
        market=row.market,
        gln=row.gln,
    )


def place(session: Session, place_id: str) -> Place:
    """Return a registered place; raises `UnknownPlace`."""
    row = session.get(PlaceRow, place_id)
    if row is None:
        raise UnknownPlace(place=place_id)
    return place_of(row)
