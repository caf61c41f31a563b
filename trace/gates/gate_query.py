"""One query for all gates: a UNION of only those parts a step needs, each by an index."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CompoundSelect,
    Integer,
    Row,
    Select,
    String,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import bindparam as bound
from sqlmodel import Session, col

from trace.lots import LotState
from trace.profiles import profile
from trace.registers.days import day_of
from trace.registers.licences import Licence
from trace.registers.outlines import Outline
from trace.registers.register_tables import GateSettingRow, LicenceRow, OutlineRow, StandingRow
from trace.registers.register_words import LicenceKind, Registered, StandingKind
from trace.registers.standing import Standing
from trace.standards.licence_needs import LicenceNeed, needs
from trace.standards.wild import protection
from trace.steps import Step
from trace.tables import EdgeRow, LotRow, PlaceRow, StepRow
from trace.vocabulary import Form, Stage

POSITION: Final = "position"
"""The private field in which a step says where it happened."""
_TOXIC_STAGES: Final = frozenset({Stage.SALE, Stage.DISPENSE, Stage.PURCHASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a step needs to have read."""

    needs: tuple[LicenceNeed, ...]
    kinds: tuple[str, ...]
    """Kinds of licence that could meet a need, or open a gate."""
    outline: bool
    position: bool
    crops: tuple[str, ...]
    """Standing crops that are harvested."""


@dataclass(slots=True, kw_only=True)
class Cut:
    """A lot that an earlier harvest made."""

    grams: int
    crops: set[str] = field(default_factory=set)
    """The standing crops it was cut from."""


@dataclass(slots=True, kw_only=True)
class Read:
    """What was read."""

    standings: tuple[Standing, ...] = ()
    licences: tuple[Licence, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    outline: Outline | None = None
    planted: dict[str, str] = field(default_factory=dict)
    """The planting that made each standing crop: that of the harvested ones, and of those cut with them."""
    areas: dict[str, Decimal] = field(default_factory=dict)
    """What each planting said it covered."""
    sown: dict[str, Decimal] = field(default_factory=dict)
    """What the plantings whose crop still stands at the place said they covered."""
    harvested: dict[str, Cut] = field(default_factory=dict)
    """What was cut before from the same plantings, by the lot it became."""


def asked_of(step: Step, lots: Mapping[str, LotState]) -> Asked:
    """Return what `step` needs to have read; `lots` are all it is about, by name or by the code of a pack."""
    forms = {state.form for state in lots.values()}
    forms |= {amount.form for amount in step.outputs if amount.form is not None}
    needed = needs(
        step.stage,
        forms | _made(step.stage),
        towards_party=step.counterparty is not None,
        day=day_of(step.event_ms),
    )
    kinds = {kind.value for need in needed for kind in need.kinds} | _opening(step)
    position = POSITION in step.private
    return Asked(
        needs=needed,
        kinds=tuple(sorted(kinds)),
        outline=position or step.stage is Stage.PLANTING,
        position=position,
        crops=tuple(amount.lot for amount in step.inputs) if step.stage is Stage.HARVEST else (),
    )


def read(session: Session, step: Step, asked: Asked, recorded_ms: int) -> Read:
    """Read all of it in one query."""
    sown = step.stage is Stage.PLANTING
    statement = _query(licences=bool(asked.kinds), outline=asked.outline, crops=bool(asked.crops), sown=sown)
    given: dict[str, object] = {
        "targets": [each for each in (step.party, step.place, step.counterparty) if each is not None],
        "at_place": step.place,
        "event_ms": step.event_ms,
    }
    if asked.kinds:
        given |= {"party": step.party, "kinds": list(asked.kinds)}
    if asked.outline:
        given |= {"place": step.place}
    if asked.crops:
        given |= {"crops": list(asked.crops)}
    return _sorted(session.connection().execute(statement, given).all(), recorded_ms)


def _made(stage: Stage) -> set[Form]:
    makes = profile(stage).flow.makes
    return set() if makes is None else {makes}


def _opening(step: Step) -> set[str]:
    """Kinds of licence that a rule looks for without a stage needing them always."""
    if step.stage is Stage.GATHERING and any(protection(amount.herb or "") for amount in step.outputs):
        return {LicenceKind.GATHERING.value}
    return {LicenceKind.TOXIC.value} if step.stage in _TOXIC_STAGES else set()


@cache
def _query(*, licences: bool, outline: bool, crops: bool, sown: bool) -> "CompoundSelect[Any]":
    parts = [_standings(), _settings()]
    if licences:
        parts.append(_licences())
    if outline:
        parts.append(_outline())
    if crops:
        parts += [_planted(), _harvested()]
    if sown:
        parts.append(_sown())
    return union_all(*parts)


def _part(what: str, *columns: Any) -> "Select[Any]":  # noqa: ANN401  columns of any table
    """Return a select of the common columns: what, four texts, three numbers; short ones are filled up."""
    texts = [each for each in columns if not isinstance(each.type, Integer)]
    numbers = [each for each in columns if isinstance(each.type, Integer)]
    texts += [cast(null(), String)] * (4 - len(texts))
    numbers += [cast(null(), BigInteger)] * (3 - len(numbers))
    names = ("what", "one", "two", "three", "four", "first", "second", "third")
    all_columns = [cast(literal_column(f"'{what}'"), String), *texts, *numbers]
    return select(*(each.label(name) for name, each in zip(names, all_columns, strict=True)))


def _standings() -> "Select[Any]":
    row = StandingRow
    texts = (col(row.kind), col(row.target), col(row.reason), col(row.sort))
    of_place = col(PlaceRow.place_id) == bound("at_place")
    return _part("standing", *texts, col(row.valid_from_ms), col(row.valid_until_ms)).where(
        or_(
            col(row.target).in_(bound("targets", expanding=True)),
            col(row.target) == select(col(PlaceRow.party)).where(of_place).scalar_subquery(),
        ),
        col(row.valid_until_ms).is_(None) | (col(row.valid_until_ms) > bound("event_ms")),
    )


def _settings() -> "Select[Any]":
    return _part("setting", col(GateSettingRow.rule), col(GateSettingRow.strictness)).where(
        col(GateSettingRow.valid_until_ms).is_(None)
    )


def _licences() -> "Select[Any]":
    row = LicenceRow
    texts = (col(row.kind), col(row.number), col(row.issuer), col(row.statement_id))
    times = (col(row.valid_from_ms), col(row.valid_until_ms), col(row.withdrawn_ms))
    mine = (col(row.party) == bound("party"), col(row.kind).in_(bound("kinds", expanding=True)))
    return _part("licence", *texts, *times).where(*mine)


def _outline() -> "Select[Any]":
    row = OutlineRow
    columns = (col(row.statement_id), col(row.place_id), col(row.valid_from_ms), col(row.area_m2))
    mine = (col(row.place_id) == bound("place"), col(row.valid_until_ms).is_(None))
    return _part("outline", *columns).where(*mine)


def _planted() -> "Select[Any]":
    """The plantings of the crops and of all that was ever cut together with crops of the same plantings."""
    together = select(col(EdgeRow.source)).where(col(EdgeRow.target).in_(_cut_before()))
    return (
        _part("planted", col(LotRow.lot_id), cast(col(StepRow.public), String), col(StepRow.step_id))
        .join(StepRow, col(StepRow.step_id) == col(LotRow.made_step))
        .where(
            or_(col(LotRow.lot_id).in_(_crops()), col(LotRow.lot_id).in_(together)),
            col(StepRow.stage) == Stage.PLANTING.value,
        )
    )


def _sown() -> "Select[Any]":
    """The plantings at the place of which nothing was harvested yet."""
    return (
        _part("sown", col(StepRow.step_id), cast(col(StepRow.public), String))
        .join(LotRow, col(LotRow.made_step) == col(StepRow.step_id))
        .where(
            col(StepRow.place) == bound("at_place"),
            col(StepRow.stage) == Stage.PLANTING.value,
            col(StepRow.voided_by).is_(None),
            col(LotRow.harvested_ms).is_(None),
        )
    )


def _harvested() -> "Select[Any]":
    return _part("harvested", col(EdgeRow.source), col(EdgeRow.target), col(EdgeRow.grams_out)).where(
        col(EdgeRow.target).in_(_cut_before())
    )


def _cut_before() -> "Select[Any]":
    """The lots that harvests made of any crop of the same plantings: one planting is one field."""
    plantings = select(col(LotRow.made_step)).where(col(LotRow.lot_id).in_(_crops()))
    crops = select(col(LotRow.lot_id)).where(col(LotRow.made_step).in_(plantings))
    return (
        select(col(EdgeRow.target))
        .join(StepRow, col(StepRow.step_id) == col(EdgeRow.step_id))
        .where(
            col(EdgeRow.source).in_(crops),
            col(StepRow.stage) == Stage.HARVEST.value,
            col(StepRow.voided_by).is_(None),
        )
    )


def _crops() -> "BindParameter[Any]":
    return bound("crops", expanding=True)


def _sorted(rows: Sequence[Row[Any]], recorded_ms: int) -> Read:
    found = Read()
    standings, licences = [], []
    for row in rows:
        if row.what == "standing" and row.first <= recorded_ms:
            standings.append(_standing(row))
        elif row.what == "setting":
            found.settings[row.one] = row.two
        elif row.what == "licence":
            licences.append(_licence(row))
        elif row.what == "outline":
            found.outline = _outlined(row)
        elif row.what == "planted" and (area := _area(row.two)) is not None:
            found.planted[row.one] = row.three
            found.areas[row.three] = area
        elif row.what == "sown":
            found.sown[row.one] = _area(row.two) or Decimal(0)
        elif row.what == "harvested":
            found.harvested.setdefault(row.two, Cut(grams=row.first or 0)).crops.add(row.one)
    found.standings, found.licences = tuple(standings), tuple(licences)
    return found


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        statement_id="",
        sort=Registered(row.four),
        target=row.two,
        kind=StandingKind(row.one),
        said_by=None,
        reason=row.three,
        valid_from_ms=row.first,
        valid_until_ms=row.second,
    )


def _licence(row: Row[Any]) -> Licence:
    return Licence(
        statement_id=row.four,
        party="",
        kind=LicenceKind(row.one),
        number=row.two,
        issuer=row.three,
        valid_from_ms=row.first,
        valid_until_ms=row.second,
        withdrawn_ms=row.third,
        document=None,
    )


def _outlined(row: Row[Any]) -> Outline:
    return Outline(
        statement_id=row.one,
        place_id=row.two,
        area_m2=row.second,
        declared_mu_100=None,
        differs=False,
        valid_from_ms=row.first,
        valid_until_ms=None,
    )


def _area(public: str) -> Decimal | None:
    """Read the area a planting said from its event."""
    said = json.loads(public).get("event", {}).get("tcm:fields", {}).get("area_mu")
    return None if said is None else Decimal(str(said))
