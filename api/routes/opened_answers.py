"""One node fitted on demand, as JSON: every model's values and errors, and what the gate would say."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from api.opened_series import OpenedOfRelease
from api.routes.forecast_answers import GateAnswer, figure
from ledger.errors import Language
from priceindex.calendar import day_of
from priceindex.classification import node_words
from priceindex.forecast.fitted.dropped import REASON_WORDS, DropReason
from priceindex.forecast.opened_series import ModelLine

NOTE = {
    "zh": "分析，非公布的预测：不存档、不入账、不计入成绩",
    "en": "an analysis, not a published forecast: not stored, not logged, not in the track record",
}
"""What an analysis of one node is not."""


class ModelAnswer(BaseModel):
    """One model: what it says, and how it did at the node's past origins."""

    model: str = Field(examples=["fitted_theta"])
    values: list[str | None] = Field(description="Index points, step by step; null where it gave none.")
    error: list[str | None] = Field(description="Mean absolute error as a share of the value at the origin.")
    relative_mae: list[str | None] = Field(description="The same over naive's; below 1 is better.")

    @classmethod
    def of(cls, line: ModelLine, kept: int) -> Self:
        """Return one line."""
        return cls(
            model=line.model,
            values=[value_text(each, kept) for each in line.values.tolist()],
            error=[figure(each) for each in line.error.tolist()],
            relative_mae=[figure(each) for each in line.relative_mae.tolist()],
        )


class DroppedAnswer(BaseModel):
    """Fits of one model that gave nothing, for one reason."""

    model: str
    reason: str
    words: str
    fits: int


class OpenedAnswer(BaseModel):
    """One node fitted on demand."""

    published: bool = Field(description="Always false: an analysis, not in the track record.")
    note: str
    release: str
    method: str
    level: str
    node: str
    name: str
    frequency: str
    origin_day: date
    origin_value: str
    age_days: int = Field(description="Days between that value's own day and the origin day.")
    periods: int = Field(description="Weeks or months of history.")
    targets: list[date]
    origins: list[int] = Field(description="Past origins the errors of each step are of.")
    models: list[ModelAnswer]
    gate: list[GateAnswer] = Field(description="What the gate would say of this node by itself.")
    let_through: list[str | None] = Field(description="What it would let through; naive elsewhere.")
    dropped: list[DroppedAnswer] = Field(description="Fits that gave nothing; naive stands in for them.")

    @classmethod
    def of(cls, found: OpenedOfRelease, method: str, language: Language) -> Self:
        """Return an analysis."""
        one, kept = found.opened, found.release.kept
        return cls(
            published=False,
            note=NOTE[language],
            release=found.release.release_id,
            method=method,
            level=one.level.value,
            node=one.node,
            name=node_words(one.level, one.node, language),
            frequency=one.frequency,
            origin_day=day_of(one.origin_day),
            origin_value=value_text(one.origin_value, kept) or "",
            age_days=one.age_days,
            periods=one.periods,
            targets=[day_of(day) for day in one.target_days.tolist()],
            origins=one.origins.tolist(),
            models=[ModelAnswer.of(line, kept) for line in one.lines],
            gate=[GateAnswer.of(line) for line in one.gate],
            let_through=[value_text(each, kept) for each in one.chosen.tolist()],
            dropped=[_dropped(*each, language) for each in found.dropped],
        )


def _dropped(model: str, reason: str, fits: int, language: Language) -> DroppedAnswer:
    zh, en = REASON_WORDS[DropReason(reason)]
    return DroppedAnswer(model=model, reason=reason, words=zh if language == "zh" else en, fits=fits)


def value_text(value: float, kept: int) -> str | None:
    """Write index points with the digits that are published; None for none.

    >>> value_text(1012.34125, 2), value_text(float("nan"), 2)
    ('1012.34', None)
    """
    return None if value != value else format(Decimal(value), f".{kept}f")
