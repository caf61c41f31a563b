"""What `daodi forecast` prints: a node's steps, its chances, and a track record."""

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from priceindex.forecast.track.reading import NodeForecast
    from priceindex.forecast.track.track_record import Track, TrackLine

_SKILL: Final = {
    "shown": "forecast.skill.shown",
    "not_shown": "forecast.skill.not_shown",
    "too_short": "forecast.skill.too_short",
}
_BASELINES: Final = {
    "naive": "head.base_naive",
    "seasonal_naive": "head.base_seasonal_naive",
    "drift": "head.base_drift",
}
_TRACK_HEADS: Final = (
    "head.step",
    "head.origins",
    "head.relative_mae",
    "head.range_90",
    "head.mase",
    "head.smape",
    "head.coverage_80",
    "head.coverage_95",
    "head.unskilled",
)
"""A width of 80 holds them."""


def show_steps(screen: "Screen", found: "NodeForecast") -> None:
    """Say what a node's forecast comes to, and draw it target by target, with the baselines beneath."""
    from api.web.forecast_sentence import forecast_sentence
    from api.web.words import words_in
    from priceindex.calendar import day_of
    from priceindex.classification import node_words

    run, series = found.forecast, found.series
    screen.plain(forecast_sentence(found, words_in(screen.language)))
    screen.table(
        ("head.target_day", "head.forecast_value", "head.interval_80", "head.interval_95", "head.skill"),
        (
            (
                str(day_of(day)),
                _points(low_high[2], run.kept),
                _between(low_high[1], low_high[3], run.kept),
                _between(low_high[0], low_high[4], run.kept),
                _skill(screen, found, place),
            )
            for place, (day, low_high) in enumerate(zip(series.targets, series.quantiles, strict=True))
        ),
        whole=("head.target_day", "head.forecast_value", "head.interval_80", "head.interval_95"),
        title=screen.words(
            "forecast.title",
            family=run.family,
            node=node_words(series.level, series.node, screen.language),
            forecast=run.forecast_id,
            origin=_points(series.origin_units, run.kept),
            day=run.origin_day,
        ),
    )
    if "shown" not in series.skill or len(set(series.skill)) > 1:
        screen.show("forecast.carried")
    _show_baselines(screen, found)


def _show_baselines(screen: "Screen", found: "NodeForecast") -> None:
    """Draw what the simplest methods say; a season only where it differs from no change (weeks have none)."""
    from priceindex.calendar import day_of

    values, kept = found.series.baselines, found.forecast.kept
    shown = ["naive", "drift"]
    if values["seasonal_naive"] != values["naive"]:
        shown.insert(1, "seasonal_naive")
    screen.table(
        ("head.target_day", *(_BASELINES[name] for name in shown)),
        (
            (str(day_of(day)), *(_points(values[name][place], kept) for name in shown))
            for place, day in enumerate(found.series.targets)
        ),
        title=screen.words("forecast.baselines"),
    )


def show_chances(screen: "Screen", found: "NodeForecast") -> None:
    """Draw the chances of either kind where they are published; say so where they are not."""
    from priceindex.calendar import day_of
    from priceindex.forecast.forecasts import DIRECTION_LEVELS

    series = found.series
    told = [
        (day, (*(chances or (None, None, None)), rise))
        for day, chances, rise in zip(
            series.targets, series.chances_bp, series.rise_if_changed_bp, strict=True
        )
        if chances is not None or rise is not None
    ]
    if not told:
        judged = series.level in DIRECTION_LEVELS and found.forecast.frequency == "week"
        screen.remark("forecast.no_chances" if judged else "forecast.chances_elsewhere")
        return
    screen.table(
        ("head.target_day", "head.up", "head.flat", "head.down", "head.up_if_changed"),
        ((str(day_of(day)), *map(_percent, chances)) for day, chances in told),
        title=screen.words("forecast.chances"),
    )
    if series.usual_change_bp is not None:
        screen.remark("forecast.usual_change", size=_percent(series.usual_change_bp))
    if any(None in chances for _, chances in told):
        screen.remark("forecast.withheld_dash")


def show_track(screen: "Screen", track: "Track") -> None:
    """Draw how the forecasts did, by level and steps ahead, and everything that was not scored."""
    from priceindex.forecast.track.track_steps import StepState

    if track.lines:
        screen.show("forecast.record_title", family=track.family, runs=track.runs)
        for level, lines in groupby(track.lines, key=lambda line: line.level):
            screen.table(
                _TRACK_HEADS,
                map(_line, lines),
                title=screen.words(f"level.{level}"),
                whole=("head.range_90", "head.unskilled"),
            )
        screen.show("forecast.record_read")
        _show_directions(screen, track)
    else:
        screen.remark("forecast.nothing_scored", runs=track.runs)
    for state, count in track.states.items():
        if count and state is not StepState.SCORED:
            screen.remark("forecast.state", state=state.words(screen.language), count=count)
    if track.unforecast:
        days = ", ".join(map(str, track.unforecast))
        screen.remark("forecast.unforecast", count=len(track.unforecast), days=days)
    if track.faults:
        screen.faults(track.faults)


def _show_directions(screen: "Screen", track: "Track") -> None:
    """Draw how the chances of both kinds did, where any were published and have come due."""
    told = [
        (line, kind, score)
        for line in track.lines
        for kind, score in (("up_flat_down", line.direction), ("up_if_changed", line.rise_if_changed))
        if score is not None
    ]
    if not told:
        return
    screen.table(
        (
            "head.level",
            "head.step",
            "head.kind",
            "head.origins",
            "head.scored",
            "head.brier_skill",
            "head.range_90",
        ),
        (
            (
                screen.words(f"level.{line.level}"),
                str(line.step),
                screen.words(f"forecast.kind.{kind}"),
                str(score.brier_skill.origins),
                str(score.forecasts),
                _figure(score.brier_skill.figure),
                f"{_figure(score.brier_skill.low)} – {_figure(score.brier_skill.high)}",
            )
            for line, kind, score in told
        ),
        title=screen.words("forecast.direction_title"),
    )


def _line(line: "TrackLine") -> tuple[str, ...]:
    figure = line.relative_mae
    return (
        str(line.step),
        str(figure.origins),
        _figure(figure.figure),
        f"{_figure(figure.low)}–{_figure(figure.high)}",
        _figure(line.mase, 2),
        _figure(line.smape, 2),
        _figure(line.inside_80 * 100, 1),
        _figure(line.inside_95 * 100, 1),
        f"{line.unskilled}/{line.errors}",
    )


def _skill(screen: "Screen", found: "NodeForecast", place: int) -> str:
    from api.web.forecast_page import model_words
    from api.web.words import words_in

    model = model_words(found.series.models[place], words_in(screen.language))
    words = screen.words(_SKILL[found.series.skill[place]], model=model)
    late = screen.words("forecast.late_mark")
    return f"{words} · {late}" if found.late(place) else words


def _percent(chance_bp: int | None) -> str:
    return "–" if chance_bp is None else f"{chance_bp / 100:.1f} %"


def _points(units: int | None, kept: int) -> str:
    from decimal import Decimal

    from priceindex.releases.series import rounded

    return "–" if units is None else rounded(Decimal(units).scaleb(-kept), 2)


def _between(low: int | None, high: int | None, kept: int) -> str:
    return f"{_points(low, kept)} – {_points(high, kept)}"


def _figure(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"
