"""The questions put to DuckDB: which quotes count, and what the quotes of a cell and day come to.

Every value is bound; the words of a question are constants of this file.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from priceindex.engine.cell_prices import MARK_BITS, mark_words
from priceindex.families import Family
from priceindex.history.layout import History, Names
from priceindex.quotes import USABLE, Cell, Tier

TIERS: Final = len(Tier)
_PARTS: Final = ("herb", "grade", "origin", "market")
_PLACE: Final = "(list_position($source, source) - 1)"
_FEW: Final = f"(tier = '{Tier.TRADE}' AND deals < $trades)"
_USABLE: Final = "list_contains($usable, status)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and the values bound in it."""

    sql: str
    bound: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """The rows of a history that a family's basket takes through a day."""

    until: datetime.date
    least_trades: int
    """A price of fewer trades stays out."""
    files: Sequence[str]
    conditions: tuple[str, ...]
    bound: Mapping[str, object]

    @classmethod
    def of(
        cls,
        history: History,
        family: Family,
        first: datetime.date | None,
        until: datetime.date,
        themed: Mapping[str, int] | None,
    ) -> "Picked":
        """The standing quotes of the basket from `first`, or the first there is, through `until`.

        `themed` are the herbs of its theme with the day number each is heard of from, None without one.
        """
        basket = family.basket
        conditions = ["standing", "day <= $until::DATE", "list_contains($tiers, tier)"]
        bound: dict[str, object] = {"until": until.isoformat(), "tiers": list(basket.tiers)}
        if first is not None:
            conditions.append("day >= $first::DATE")
            bound["first"] = first.isoformat()
        wanted = (
            ("herb", basket.herbs or None),
            ("market", basket.markets or None),
            ("origin", basket.origins or None),
        )
        for place, (column, names) in enumerate(wanted):
            if names is not None:
                conditions.append(f"list_contains($names{place}, {column})")
                bound[f"names{place}"] = sorted(names)
        if themed is not None:
            # A herb that is not of the theme has no place among them, and NULL is not true.
            conditions.append("day - DATE '1970-01-01' >= $starts[list_position($themed, herb)]")
            bound |= {"themed": list(themed), "starts": list(themed.values())}
        files = [history.file(year) for year in history.through(until.year)]
        return cls(
            until=until,
            least_trades=family.trades.trades,
            files=files,
            conditions=tuple(conditions),
            bound=bound,
        )

    def with_condition(self, condition: str, **bound: object) -> "Picked":
        """Those of them for which another condition holds."""
        return replace(self, conditions=(*self.conditions, condition), bound={**self.bound, **bound})

    def of_year(self, history: History, year: int) -> "Picked":
        """Those of one year."""
        return replace(self, files=[history.file(year)])

    @property
    def usable(self) -> "Picked":
        """Those that may enter an index, of however few trades."""
        return self.with_condition(_USABLE, usable=[str(status) for status in USABLE])

    @property
    def enough(self) -> "Picked":
        """Those of them that are no price of too few trades."""
        return self.usable.with_condition(f"NOT {_FEW}", trades=self.least_trades)

    @property
    def few(self) -> "Picked":
        """Those of them that are."""
        return self.usable.with_condition(_FEW, trades=self.least_trades)

    @property
    def withheld(self) -> "Picked":
        """Those that may not."""
        return self.with_condition(f"NOT {_USABLE}", usable=[str(status) for status in USABLE])

    def asked(
        self, before: str, after: str = "", bound: Mapping[str, object] = MappingProxyType({})
    ) -> Question:
        """A question about these rows: `before` stands before FROM, `after` behind the conditions."""
        where = " AND ".join(self.conditions)
        sql = f"{before} FROM read_parquet($files, hive_partitioning = false) WHERE {where} {after}"
        return Question(sql=sql, bound={**self.bound, **bound, "files": self.files})


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How much the word of each source of a history weighs in a year."""

    weights_bp: tuple[int, ...]
    cap: float

    @property
    def alike(self) -> bool:
        """Whether all weigh the same: then no share is ever above a cap."""
        return len(set(self.weights_bp)) <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How a day, a cell and a tier become one whole number, which sorts as they do."""

    names: Names

    @property
    def cells(self) -> int:
        """Cells there could be of these names."""
        return math.prod(len(getattr(self.names, part)) for part in _PARTS)

    def cell(self, code: int) -> Cell:
        """The cell of a code."""
        parts: list[str] = []
        for part in reversed(_PARTS):
            named = getattr(self.names, part)
            code, place = divmod(code, len(named))
            parts.append(named[place])
        return Cell(*reversed(parts))

    @property
    def sql(self) -> str:
        """The number in SQL; DuckDB looks each name of a dictionary up once."""
        code = "0::BIGINT"
        for part in _PARTS:
            code = f"({code} * {len(getattr(self.names, part))} + list_position(${part}, {part}) - 1)"
        day = f"(day - DATE '1970-01-01') * {self.cells}"
        return f"(({day} + {code}) * {TIERS} + list_position($ranks, tier) - 1)"

    @property
    def bound(self) -> dict[str, object]:
        """What is bound in it."""
        named: dict[str, object] = {part: list(getattr(self.names, part)) for part in _PARTS}
        return named | {"ranks": [str(tier) for tier in Tier]}


def grouped(picked: Picked, coding: Coding, weighing: Weighing) -> Question:
    """What the quotes of each day, cell and tier come to.

    Columns `key`, `quotes`, `mean` (in fen), `capped` (whether the cap may bite) and a word of marks for
    each 64 sources: a bit for each that quotes.
    """
    logs, weight = "ln(fen_per_kg)", "$weights[list_position($source, source)]"
    mean, capped = f"avg({logs})", "false"
    bound = coding.bound | {"source": list(coding.names.source)}
    if not weighing.alike:
        mean = f"sum({weight} * {logs}) / sum({weight})"
        capped = f"max({weight}) / sum({weight}) > greatest($cap, 1.0 / count(*)) - 1e-9"
        bound |= {"weights": [float(each) for each in weighing.weights_bp], "cap": weighing.cap}
    before = f"""
        SELECT {coding.sql} AS key, count(*) AS quotes, exp({mean}) AS mean, {capped} AS capped,
            {_marks(len(coding.names.source))}"""
    return picked.asked(before, "GROUP BY key", bound)


def _marks(sources: int) -> str:
    words = mark_words(sources)
    if words == 1:
        return f"bit_or(1::UBIGINT << {_PLACE}) AS marks0"
    return ", ".join(
        f"bit_or(CASE WHEN {_PLACE} // {MARK_BITS} = {word} "
        f"THEN 1::UBIGINT << ({_PLACE} % {MARK_BITS}) ELSE 0::UBIGINT END) AS marks{word}"
        for word in range(words)
    )


def quotes_of(picked: Picked, coding: Coding) -> Question:
    """The quotes of the keys in table `doubtful` (key), by key and source."""
    told = f"SELECT {coding.sql} AS key, {_PLACE} AS source, fen_per_kg AS fen"
    inner = picked.asked(told, bound=coding.bound | {"source": list(coding.names.source)})
    sql = f"SELECT key, source, fen FROM ({inner.sql}) JOIN doubtful USING (key) ORDER BY key, source"  # noqa: S608  constants and bound values
    return Question(sql=sql, bound=inner.bound)


def rows_of(picked: Picked) -> Question:
    """Cell, day, price and rules of each row."""
    parts = ", ".join(_PARTS)
    return picked.asked(f"SELECT {parts}, day, fen_per_kg, rules", f"ORDER BY {parts}, day, fen_per_kg")
