"""Weight sets kept with source and reference period, stated in the log, read back as of a moment.

A set is entered by a person, or frozen: what was traded weighs every later computation as it did the first
published one, whatever is recorded, corrected or erased afterwards.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlmodel import Session, col, select

from ledger.canonical import JsonValue, canonical, parse
from ledger.entry import Statement, sign_statement
from ledger.keys import SigningKey
from ledger.plain_text import all_visible
from ledger.writing.outbox import submit
from priceindex.calendar import day_number, day_of
from priceindex.engine.engine_errors import WeightSetKnown
from priceindex.engine.weight_tables import WeightSetRow
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.errors import WeightsWrong
from priceindex.families import family
from priceindex.quotes import is_name

STATEMENT_KIND: Final = "weights.entered"
SOURCE_LIMIT: Final = 200
"""Characters of the words that say where weights come from."""
LINES_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredSet:
    """A weight set as it was entered."""

    sha256: str
    family: str
    weights: WeightSet
    entered_ms: int
    entered_by: str


@dataclass(frozen=True, slots=True)
class Enterer:
    """Who enters weights: the log they are stated in, the key that signs, and the person."""

    origin: str
    key: SigningKey
    name: str


def enter(session: Session, family_id: str, weights: WeightSet, by: Enterer, at_ms: int) -> EnteredSet:
    """Keep a weight set and state it in the log.

    Raises `UnknownFamily`, `WeightsWrong` for a set that cannot weigh anything, `WeightSetKnown` where the
    family has one for that month, and what the outbox refuses.
    """
    _check(family_id, weights)
    taken = select(WeightSetRow).where(
        WeightSetRow.family == family_id, WeightSetRow.effective == day_number(weights.effective)
    )
    if session.exec(taken).first() is not None:
        raise WeightSetKnown(family=family_id, effective=weights.effective)
    return _keep(session, family_id, weights, by, at_ms)


def freeze(session: Session, family_id: str, sets: Sequence[WeightSet], by: Enterer, at_ms: int) -> int:
    """Keep the sets of recorded trades that a publication uses for the first time; how many there were.

    Raises what the outbox refuses.
    """
    known = {one.weights.effective for one in entered(session, family_id)}
    fresh = [one for one in sets if one.rule == "turnover" and one.effective not in known]
    for weights in fresh:
        _keep(session, family_id, weights, by, at_ms)
    return len(fresh)


def _keep(session: Session, family_id: str, weights: WeightSet, by: Enterer, at_ms: int) -> EnteredSet:
    """Write a set, and state it."""
    lines = canonical(_lines(weights)).decode()
    told = _public(family_id, weights, lines)
    sha256 = str(told["sha256"])
    row = WeightSetRow(
        sha256=sha256,
        family=family_id,
        source=weights.source,
        first=day_number(weights.first),
        last=day_number(weights.last),
        effective=day_number(weights.effective),
        lines=lines,
        entered_ms=at_ms,
        entered_by=by.name,
    )
    session.add(row)
    session.flush()
    said = Statement(
        id=f"{STATEMENT_KIND}:{family_id}-{weights.effective.isoformat()}",
        kind=STATEMENT_KIND,
        subject=f"weights/{family_id}",
        at_ms=at_ms,
        public=told,
    )
    submit(session, sign_statement(said, by.origin, by.key))
    return _entered(row)


def entered(session: Session, family_id: str | None = None) -> list[EnteredSet]:
    """Every set kept, by family and effective month."""
    asked = select(WeightSetRow).order_by(col(WeightSetRow.family), col(WeightSetRow.effective))
    if family_id is not None:
        asked = asked.where(WeightSetRow.family == family_id)
    return [_entered(row) for row in session.exec(asked)]


def entered_sets(session: Session, family_id: str, as_of_ms: int) -> tuple[WeightSet, ...]:
    """The sets of a family known at a moment, by effective month."""
    return tuple(one.weights for one in entered(session, family_id) if one.entered_ms <= as_of_ms)


def _check(family_id: str, weights: WeightSet) -> None:
    if family(family_id).weights.rule != "entered":
        raise WeightsWrong(
            why_zh=f"指数系列 {family_id} 不采用录入权数", why_en=f"{family_id} does not use entered weights"
        )
    if weights.first > weights.last or weights.effective.day != 1:
        raise WeightsWrong(
            why_zh="参考期首尾颠倒，或生效日不是某月一日",
            why_en="the reference period is upside down, or the effective day no first of a month",
        )
    named = all(is_name(line.herb) and is_name(line.grade) and line.herb for line in weights.lines)
    if not named or not 0 < len(weights.lines) <= LINES_LIMIT:
        raise WeightsWrong(why_zh="行数或名称不合要求", why_en="the number of lines or a name is wrong")
    if not weights.source or len(weights.source) > SOURCE_LIMIT or not all_visible(weights.source):
        raise WeightsWrong(
            why_zh="须写明来源（不超过 200 字）", why_en="say the source in at most 200 characters"
        )
    if not any(fen > 0 for fen in weights.by_grade().values()):
        raise WeightsWrong(why_zh="全部为零", why_en="all of them are zero")


def _lines(weights: WeightSet) -> list[JsonValue]:
    return [list(line) for line in sorted((line.herb, line.grade, line.fen) for line in weights.lines)]


def _public(family_id: str, weights: WeightSet, lines: str) -> dict[str, JsonValue]:
    """The public members of the statement; the digest is of them and the lines."""
    told: dict[str, JsonValue] = {
        "family": family_id,
        "rule": weights.rule,
        "source": weights.source,
        "first": weights.first.isoformat(),
        "last": weights.last.isoformat(),
        "effective": weights.effective.isoformat(),
        "grades": len(weights.by_grade()),
    }
    whole = canonical({**told, "lines": parse(lines.encode())})
    return {**told, "sha256": hashlib.sha256(whole).hexdigest()}


def _entered(row: WeightSetRow) -> EnteredSet:
    told = cast("Sequence[tuple[str, str, int]]", parse(row.lines.encode()))
    return EnteredSet(
        sha256=row.sha256,
        family=row.family,
        weights=WeightSet(
            rule="turnover" if family(row.family).weights.rule == "turnover" else "entered",
            source=row.source,
            first=day_of(row.first),
            last=day_of(row.last),
            effective=day_of(row.effective),
            lines=tuple(GradeTurnover(*line) for line in told),
        ),
        entered_ms=row.entered_ms,
        entered_by=row.entered_by,
    )
