"""What the forecast page shows of one node: the fan, its skill in words, the chances, every number.

Pure: it gets what is stored and only arranges it. Numbers are whole units of the last published digit until
they are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from api.web.chances_shown import ChancesShown, chances_shown, steps_words, usual_change_words
from api.web.earlier_forecasts import Earlier
from api.web.fan_drawing import Past, draw_forecast, known_at, points_of
from api.web.forecast_sentence import forecast_sentence
from api.web.formats import Formats
from api.web.pictures import Pictures
from api.web.words import Words
from priceindex.calendar import day_of
from priceindex.forecast.forecasts import GateLine, SkillStatus
from priceindex.forecast.track.canonical_rows import Told
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.reading import NodeForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSaid:
    """What is said of the skill at some steps in a row."""

    status: SkillStatus
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One target day in the tables; index points, None where there is no value."""

    day: date
    quantiles: tuple[Decimal | None, ...]
    """In the order of `priceindex.forecast.method.QUANTILES`."""
    coherent: Decimal | None
    naive: Decimal | None
    seasonal_naive: Decimal | None
    drift: Decimal | None
    model: str
    skill: SkillStatus
    late: bool
    actual: Decimal | None
    chances_bp: tuple[int, int, int] | None
    rise_if_changed_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastView:
    """One forecast of one node in one language; it depends on nothing else."""

    name: str
    forecast: Forecast
    origin_value: Decimal | None
    age_days: int
    fan: Pictures
    sentence: str
    """What is expected and how sure that is, in one sentence."""
    outcome: bool
    """Whether anything that was forecast has come."""
    seasonal: bool
    """Whether a year before can be told apart from now: weeks have no season, and theirs is no change."""
    skill: tuple[SkillSaid, ...]
    lines: tuple[StepLine, ...]
    chances: tuple[ChancesShown, ...]
    """None at all for a node of a level that is not judged for direction."""
    usual_change: str | None
    earlier: Earlier | None = None
    faults: tuple[str, ...] = ()
    """Where what is stored is not what the log holds: nothing vouches for the numbers then."""

    def beside(self, earlier: Earlier) -> "ForecastView":
        """Return the view with what was forecast of one of its days before."""
        return replace(self, earlier=earlier)


def forecast_view(
    found: NodeForecast, told: Told, group: str, past: Sequence[Past], said: tuple[str, str], words: Words
) -> ForecastView:
    """Arrange one node of a forecast; `past` are published values, `said` the node's name and its base.

    `group` names the group of nodes the gate judged it with.
    """
    name, base = said
    forecast = found.forecast
    judged = [each for each in told.direction if each.level is found.series.level]
    lines = tuple(_line(found, step, past, words) for step in range(len(found.series.targets)))
    return ForecastView(
        name=name,
        forecast=forecast,
        origin_value=points_of(found.series.origin_units, forecast.kept),
        age_days=found.series.age_days,
        fan=draw_forecast(found, past, name, base, words),
        sentence=forecast_sentence(found, words),
        outcome=any(line.actual is not None for line in lines),
        seasonal=any(line.seasonal_naive not in (None, line.naive) for line in lines),
        skill=skill_said(found, [each for each in told.gate if each.group == group], words),
        lines=lines,
        chances=chances_shown(found, judged, name, words),
        usual_change=usual_change_words(found, words),
    )


def skill_said(found: NodeForecast, gate: Sequence[GateLine], words: Words) -> tuple[SkillSaid, ...]:
    """Say the skill of every run of steps that have the same model and status."""
    judged = {line.step: line for line in gate}
    steps = range(1, len(found.series.targets) + 1)
    runs = groupby(steps, key=lambda step: (found.series.skill[step - 1], found.series.models[step - 1]))
    return tuple(
        SkillSaid(status=status, words=_skill_words(list(run), status, judged, found, words))
        for (status, _), run in runs
    )


def model_words(model: str, words: Words) -> str:
    """Name a model; one this page has no words for keeps its own name."""
    return words(f"forecast.model_{model}") if f"forecast.model_{model}" in words else model


def _skill_words(
    steps: list[int],
    status: SkillStatus,
    judged: dict[int, GateLine],
    found: NodeForecast,
    words: Words,
) -> str:
    """Say one run of steps; its figures are the worst of what is published, or the best of what failed."""
    formats = Formats(words.language)
    named = steps_words(steps[0], steps[-1], found.forecast.frequency, words)
    tried = [judged[step] for step in steps if step in judged]
    scored = [line for line in tried if line.relative_mae is not None]
    if status == "too_short":
        fewest = min((each.origins for each in tried), default=0)
        return words("forecast.said_too_short", steps=named, origins=fewest)
    if not scored:
        return words("forecast.said_untried", steps=named)
    shown = status == "shown"
    line = (max if shown else min)(scored, key=lambda line: line.relative_mae or 0.0)
    told = {
        "steps": named,
        "origins": formats.number(line.origins),
        "model": model_words(line.model, words),
        "ratio": formats.number(line.relative_mae or 0.0, 3),
        "p": formats.number(1.0 if line.p_value is None else line.p_value, 3),
        "replayed": formats.number(1.0 if line.replayed is None else line.replayed, 3),
        "series": formats.number(line.series),
    }
    return words("forecast.said_shown", **told) if shown else words("forecast.said_not_shown", **told)


def _line(found: NodeForecast, step: int, past: Sequence[Past], words: Words) -> StepLine:
    series, kept = found.series, found.forecast.kept

    baselines = {name: points_of(values[step], kept) for name, values in series.baselines.items()}
    return StepLine(
        day=day_of(series.targets[step]),
        quantiles=tuple(points_of(units, kept) for units in series.quantiles[step]),
        coherent=points_of(series.coherent[step], kept),
        naive=baselines["naive"],
        seasonal_naive=baselines["seasonal_naive"],
        drift=baselines["drift"],
        model=model_words(series.models[step], words),
        skill=series.skill[step],
        late=found.late(step),
        actual=known_at(past, found.forecast.frequency, day_of(series.targets[step])),
        chances_bp=series.chances_bp[step],
        rise_if_changed_bp=series.rise_if_changed_bp[step],
    )
