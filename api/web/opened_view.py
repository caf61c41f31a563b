"""What the page of one fitted node shows: its models side by side at a few steps, and the gate in words."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.opened_series import OpenedOfRelease
from api.web.forecast_page import model_words
from api.web.formats import Formats
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.classification import node_words
from priceindex.forecast.fitted.dropped import REASON_WORDS, DropReason
from priceindex.forecast.forecasts import SkillStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShown:
    """One model at the steps shown: its value, and its error over naive's."""

    name: str
    cells: tuple[tuple[Decimal | None, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateShown:
    """What the gate would say of one target day."""

    day: date
    model: str
    ratio: str
    p_value: str
    origins: int
    skill: SkillStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedView:
    """One node, fitted."""

    name: str
    origin_day: date
    origin_value: Decimal
    periods: int
    days: tuple[date, ...]
    """The target days shown of each model."""
    models: tuple[ModelShown, ...]
    gate: tuple[GateShown, ...]
    dropped: tuple[tuple[str, int, str], ...]
    """Model, fits and reason."""


def opened_view(found: OpenedOfRelease, words: Words) -> OpenedView:
    """Arrange an analysis in one language."""
    one, formats = found.opened, Formats(words.language)
    steps = sorted({0, len(one.target_days) // 2 - 1, len(one.target_days) - 1})
    days = [day_of(day) for day in one.target_days.tolist()]
    place = 0 if words.language == "zh" else 1
    return OpenedView(
        name=node_words(one.level, one.node, words.language),
        origin_day=day_of(one.origin_day),
        origin_value=Decimal(one.origin_value),
        periods=one.periods,
        days=tuple(days[step] for step in steps),
        models=tuple(
            ModelShown(
                name=model_words(line.model, words),
                cells=tuple(
                    (_points(line.values[step]), _ratio(line.relative_mae[step], formats)) for step in steps
                ),
            )
            for line in one.lines
        ),
        gate=tuple(
            GateShown(
                day=day,
                model=model_words(line.model, words),
                ratio=_ratio(line.relative_mae, formats),
                p_value=_ratio(line.p_value, formats),
                origins=line.origins,
                skill=line.skill,
            )
            for day, line in zip(days, one.gate, strict=True)
        ),
        dropped=tuple(
            (model_words(model, words), fits, REASON_WORDS[DropReason(reason)][place])
            for model, reason, fits in found.dropped
        ),
    )


def _points(value: float) -> Decimal | None:
    return Decimal(value) if math.isfinite(value) else None


def _ratio(value: float | None, formats: Formats) -> str:
    return "" if value is None or not math.isfinite(value) else formats.number(value, 3)
