"""Outlines of places: the exact ring for the regulator only, the area for everybody.

The ring is a private value of the statement, so it is in no row and no public answer; its area, computed
here, is. A declared area that is further from it than `MOST_DIFFERENCE` is said so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.private.private_vault import Vault
from trace.declaring import Declarer
from trace.errors import UnknownPlace
from trace.private_values import private_values
from trace.profiles import Visibility
from trace.registers.naming import statement_id, text, whole, whole_or_none
from trace.registers.register_errors import BadOutline, NotItsParty
from trace.registers.register_tables import OutlineRow
from trace.registers.ring import Position, ring_of
from trace.registers.ring_area import area_m2, mu_100
from trace.said import Said
from trace.tables import PlaceRow, insert_rows, table_of

MOST_DIFFERENCE: Final = 10
"""Per cent of the computed area; our own bound: a boundary walked with a telephone is about that sure."""
_SMALLEST_M2: Final = 1
_LARGEST_M2: Final = 1_000_000_000
"""100,000 ha: more than any growing base; our own bound against slips of the hand."""
_OUTLINE: Final = "outline"

Coordinate = Annotated[Decimal, Field(ge=-180, le=180, max_digits=11, decimal_places=8)]


class OutlineNew(BaseModel):
    """The outline of a place as a GeoJSON Polygon (RFC 7946) with one ring, in WGS 84."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    type: Literal["Polygon"] = "Polygon"
    """Always Polygon."""
    coordinates: list[list[list[Coordinate]]] = Field(min_length=1, max_length=1)
    """One closed ring of [longitude, latitude], counterclockwise."""
    declared_mu: Decimal | None = Field(default=None, gt=0, max_digits=9, decimal_places=2)
    """Area in 亩 as its contract or certificate says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What everybody may know of an outline."""

    statement_id: str
    place_id: str
    area_m2: int
    declared_mu_100: int | None
    """Hundredths of a 亩."""
    differs: bool
    valid_from_ms: int
    valid_until_ms: int | None

    @property
    def mu_100(self) -> int:
        """The computed area in hundredths of a 亩."""
        return mu_100(self.area_m2)


def outline_place(
    session: Session, declarer: Declarer, place_id: str, new: OutlineNew, *, at_ms: int, by: str | None
) -> Outline:
    """State where a place lies; a later outline takes the place of an earlier one.

    `by` is the party that runs it, or None for the operator. Raises `UnknownPlace`, `NotItsParty`,
    `BadOutline`.
    """
    known = session.get(PlaceRow, place_id, populate_existing=True)
    if known is None:
        raise UnknownPlace(place=place_id, at=Location(field="place", value=place_id))
    if by is not None and known.party != by:
        raise NotItsParty(place=place_id, uscc=by, at=Location(field="place", value=place_id))
    ring = ring_of(new.coordinates[0])
    area = _sized(area_m2(ring))
    declared = None if new.declared_mu is None else int(new.declared_mu * 100)
    said = declarer.declare(
        session,
        apply_outline,
        kind="place.outlined",
        statement_id=statement_id("place.outlined", place_id, at_ms),
        subject=f"place/{place_id}",
        public={
            "place": place_id,
            "area_m2": area,
            "declared_mu_100": declared,
            "from_ms": at_ms,
        },
        at_ms=at_ms,
        by=by,
        private={_OUTLINE: json.dumps(ring, separators=(",", ":"))},
        visibility={_OUTLINE: Visibility.REGULATOR},
    )
    return outline_of(session.get_one(OutlineRow, said.statement_id))


def apply_outline(session: Session, said: Said) -> None:
    """End the outline a place had and write the new one (`place.outlined`)."""
    place_id, from_ms = text(said, "place"), whole(said, "from_ms")
    area, declared = whole(said, "area_m2"), whole_or_none(said, "declared_mu_100")
    session.connection().execute(
        update(table_of(OutlineRow))
        .where(col(OutlineRow.place_id) == place_id, col(OutlineRow.valid_until_ms).is_(None))
        .values(valid_until_ms=from_ms)
    )
    row = {
        "statement_id": said.statement_id,
        "place_id": place_id,
        "area_m2": area,
        "declared_mu_100": declared,
        "differs": declared is not None and differs(mu_100(area), declared),
        "valid_from_ms": from_ms,
        "valid_until_ms": None,
    }
    insert_rows(session, OutlineRow, [row])


def differs(computed: int, declared: int) -> bool:
    """Say whether two areas in the same unit are further apart than `MOST_DIFFERENCE` per cent of the first.

    >>> differs(1000, 1100), differs(1000, 1101)
    (False, True)
    """
    return abs(declared - computed) * 100 > computed * MOST_DIFFERENCE


def outline(session: Session, place_id: str) -> Outline | None:
    """Return what everybody may know of the outline a place has now; None without one."""
    row = session.exec(
        select(OutlineRow)
        .where(OutlineRow.place_id == place_id, col(OutlineRow.valid_until_ms).is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else outline_of(row)


def exact_outline(session: Session, vault: Vault, statement_id: str) -> tuple[Position, ...] | None:
    """Return the ring a statement hid; None once it was erased. Only for regulators and the geofence."""
    for value in private_values(session, vault, statement_id):
        if value.name == _OUTLINE and value.disclosure is not None:
            return ring_from(str(value.disclosure.value))
    return None


def ring_from(kept: str) -> tuple[Position, ...]:
    """Read a ring as it is kept.

    >>> ring_from("[[1,2],[3,4]]")
    ((1, 2), (3, 4))
    """
    positions: Sequence[Sequence[int]] = json.loads(kept)
    return tuple((each[0], each[1]) for each in positions)


def outline_of(row: OutlineRow) -> Outline:
    """Return the outline a row holds."""
    return Outline(
        statement_id=row.statement_id,
        place_id=row.place_id,
        area_m2=row.area_m2,
        declared_mu_100=row.declared_mu_100,
        differs=row.differs,
        valid_from_ms=row.valid_from_ms,
        valid_until_ms=row.valid_until_ms,
    )


def _sized(area: int) -> int:
    if _SMALLEST_M2 <= area <= _LARGEST_M2:
        return area
    raise BadOutline(
        fault_zh=f"面积 {area} 平方米，应在 {_SMALLEST_M2} 与 {_LARGEST_M2} 平方米之间",
        fault_en=f"its area is {area} m² and must lie between {_SMALLEST_M2} and {_LARGEST_M2} m²",
        at=Location(field="outline"),
    )
