"""What the parties hold on paper: licences, people in roles, the outline of one field, the trade's register.

Everything here is invented as the parties are: numbers begin with 示例, people are roles with a letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from daodi_city.parties import Citizens, Household
from trace.registers.licences import LicenceNew
from trace.registers.outlines import OutlineNew
from trace.registers.register_words import LicenceKind, StaffRole
from trace.registers.staff import StaffNew
from trace.supervision.trade_register import TradeUnitNew, UnitKind
from trace.vocabulary import NodeType

LAPSED_ON: Final = date(2025, 6, 30)
"""Last day of the licence that ran out: the planted fault."""
LAPSES_ON: Final = date(2026, 6, 15)
"""Last day of a cooperative's certificate, to be renewed soon."""
INSIDE: Final = "33.84014,115.78017"
"""A position on the outlined field, latitude and longitude."""
OUTSIDE: Final = "33.85014,115.78017"
"""One a kilometre north of it: the planted fault."""
FIELD_MU: Final = "1.5"
"""What the outlined field measures, in 亩."""
_FIELD: Final = (
    ("115.78", "33.84"),
    ("115.780346", "33.84"),
    ("115.780346", "33.840288"),
    ("115.78", "33.840288"),
    ("115.78", "33.84"),
)
"""An invented square of 32 m by 32 m, counterclockwise."""
_FROM, _UNTIL = date(2019, 1, 1), date(2030, 12, 31)
_SINCE: Final = date(2024, 1, 1)
_OF_KIND: Final = {
    NodeType.SLICE_MAKER: LicenceKind.PRODUCTION,
    NodeType.SLICE_TRADER: LicenceKind.DISTRIBUTION,
}
_MAKERS_STAFF: Final = (
    (StaffRole.QUALITY_HEAD, "质量负责人甲"),
    (StaffRole.TECHNICIAN, "工艺员乙"),
    (StaffRole.PAOZHI_MASTER, "炮制大师丙"),
)
_SILENT: Final = (
    ("341602", "十九里种植基地", UnitKind.BASE, NodeType.GROWER),
    ("341602", "谯城区饮片二厂", UnitKind.FIRM, NodeType.SLICE_MAKER),
    ("341602", "谯城区药材行", UnitKind.FIRM, NodeType.TRADER),
    ("621126", "岷县第二合作社", UnitKind.BASE, NodeType.GROWER),
    ("510100", "成都市第二医院", UnitKind.FIRM, NodeType.USER),
)
"""Units of the trade that record nothing: coverage is below one hundred per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What is registered when the city is founded."""

    licences: tuple[tuple[str, LicenceNew], ...]
    """By USCC."""
    staff: tuple[tuple[str, StaffNew], ...]
    outline: OutlineNew
    outlined: Household
    """Whose first place the outline is of."""
    trade: tuple[TradeUnitNew, ...]


def papers_of(citizens: Citizens) -> Papers:
    """Return the papers of every party; nothing here is drawn at random."""
    return Papers(
        licences=tuple(_licences(citizens)),
        staff=tuple(_staff(citizens)),
        outline=OutlineNew(
            coordinates=[[[Decimal(longitude), Decimal(latitude)] for longitude, latitude in _FIELD]],
            declared_mu=Decimal(FIELD_MU),
        ),
        outlined=citizens.family_farms[0],
        trade=tuple(_trade(citizens)),
    )


def _licences(citizens: Citizens) -> Iterator[tuple[str, LicenceNew]]:
    for household in citizens.all():
        for kind in _kinds(household, citizens):
            until = _until(household, citizens)
            yield (
                household.uscc,
                LicenceNew(
                    kind=kind,
                    number=f"示例-{kind.value[:2].upper()}-{household.uscc[11:16]}",
                    issuer="示例·省级主管部门",
                    valid_from=_FROM,
                    valid_until=until,
                ),
            )


def _until(household: Household, citizens: Citizens) -> date:
    if household is citizens.lapsed:
        return LAPSED_ON
    return LAPSES_ON if household is citizens.cooperatives[0] else _UNTIL


def _kinds(household: Household, citizens: Citizens) -> Iterator[LicenceKind]:
    """Return the licences a party needs for what it does in the city."""
    [node] = household.party.node_types
    if node in _OF_KIND:
        yield _OF_KIND[node]
    if node is NodeType.USER:
        yield LicenceKind.MEDICAL if household.party.name.endswith("医院") else LicenceKind.DISTRIBUTION
    if household in citizens.others[:2]:
        yield LicenceKind.LABORATORY
    if household is citizens.cooperatives[0]:
        yield LicenceKind.GAP
    if "矿业" in household.party.name:
        yield LicenceKind.MINING


def _staff(citizens: Citizens) -> Iterator[tuple[str, StaffNew]]:
    for maker in (*citizens.slice_makers, citizens.drug_maker):
        for number, (role, name) in enumerate(_MAKERS_STAFF, start=1):
            yield (
                maker.uscc,
                StaffNew(staff=f"DEM-{number:02d}", role=role, name=name, valid_from=_FROM),
            )


def _trade(citizens: Citizens) -> Iterator[TradeUnitNew]:
    """List who is in the trade: most of those who record, and some who do not."""
    recording = (
        *citizens.family_farms,
        *(each for growers in citizens.growers.values() for each in growers),
        *(each for traders in citizens.traders.values() for each in traders),
        *citizens.slice_makers,
        citizens.drug_maker,
        *citizens.users,
        citizens.lapsed,
    )
    for each in recording:
        [node] = each.party.node_types
        kind = UnitKind.BASE if node is NodeType.GROWER else UnitKind.FIRM
        yield _unit(each.uscc, kind, each.party.name, each.party.division, node, each.uscc)
    for number, (division, name, kind, node) in enumerate(_SILENT, start=1):
        yield _unit(f"DEM-SILENT-{number}", kind, f"示例·{name}", division, node, None)


def _unit(
    unit: str, kind: UnitKind, name: str, division: str, node: NodeType, uscc: str | None
) -> TradeUnitNew:
    return TradeUnitNew(
        unit=unit,
        kind=kind,
        name=name,
        division=division,
        node_type=node,
        since=_SINCE,
        uscc=uscc,
        source="示例·行业名录（虚构）",
    )
