"""A forecast run as lines of canonical JSON: what is stored, digested, committed to the log and handed out.

The first line tells what the run is and what its gate saw; each further line is one node, in the order of
level and node. The digest is SHA-256 over all lines, each with its line feed, so that the file a reader
downloads can be checked with any program. Values are whole units of the last published digit, chances
basis points that add up to 10,000, figures of skill decimals of four digits.
"""

import datetime
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np

from ledger.canonical import JsonValue, canonical, parse
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.forecast.forecasts import (
    DirectionLine,
    ForecastRun,
    GateLine,
    SeriesForecast,
    SkillStatus,
)
from priceindex.forecast.method import QUANTILES
from priceindex.forecast.panel import Floats

FORMAT: Final = 1
"""Number of the form these lines have, told in the first; whoever changes their fields counts on."""
WHOLE_BP: Final = 10_000
BASELINES: Final = ("naive", "seasonal_naive", "drift")
MEDIAN: Final = QUANTILES.index(0.50)
"""Place of the forecast itself among its quantiles."""
_FIGURE: Final = 4
"""Digits of a figure of skill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSeries:
    """The forecasts of one node as stored: whole units of the last published digit."""

    level: Level
    node: str
    parent: str | None
    origin_units: int
    age_days: int
    scale_units: int
    targets: tuple[int, ...]
    """Day number of the last day of each target period."""
    models: tuple[str, ...]
    skill: tuple[SkillStatus, ...]
    quantiles: tuple[tuple[int | None, ...], ...]
    """Five for each step, in the order of `priceindex.forecast.method.QUANTILES`."""
    coherent: tuple[int | None, ...]
    baselines: dict[str, tuple[int | None, ...]]
    chances_bp: tuple[tuple[int, int, int] | None, ...]
    """Up, flat, down for each step; None where none are published."""
    rise_if_changed_bp: tuple[int | None, ...]
    """Up given a change, for each step; None where it is not published."""
    usual_change_bp: int | None
    """Median size of a change of its siblings; None where it is not known."""

    @property
    def shown(self) -> tuple[int | None, ...]:
        """The forecast itself at each step: the median."""
        return tuple(step[MEDIAN] for step in self.quantiles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run says about itself: the judgement of its gate, of its directions, and who was left out."""

    gate: tuple[GateLine, ...]
    direction: tuple[DirectionLine, ...]
    left_out: tuple[str, ...]
    regressors_sha256: str
    fitted: bool
    """Whether the method's fitted models were tried for composite and classes."""


def lines_of(run: ForecastRun) -> tuple[str, dict[tuple[str, str], str]]:
    """The first line of a run, and the line of each (level, node) in their order; without line feeds."""
    order = {level: place for place, level in enumerate(Level)}
    nodes = sorted(run.series, key=lambda each: (order[each.level], each.node))
    return _first(run), {(str(each.level), each.node): series_line(each, run.kept) for each in nodes}


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 over lines, each followed by a line feed, hex.

    >>> digest_of([]) == hashlib.sha256(b"").hexdigest()
    True
    """
    return hashlib.sha256(file_of(lines)).hexdigest()


def file_of(lines: Iterable[str]) -> bytes:
    """The bytes the digest is of: a file of JSON lines."""
    return b"".join(line.encode() + b"\n" for line in lines)


def series_line(one: SeriesForecast, kept: int) -> str:
    """One node's forecasts as a line."""
    told: dict[str, JsonValue] = {
        "kind": "series",
        "level": str(one.level),
        "node": one.node,
        "parent": one.parent,
        "origin": _units([one.origin_value], kept)[0],
        "age_days": int(one.age_days),
        "scale": _units([one.scale], kept)[0],
        "targets": [day_of(int(day)).isoformat() for day in one.target_days],
        "models": list(one.models),
        "skill": list(one.skill),
        "quantiles": [cast("JsonValue", _units(step, kept)) for step in one.quantiles],
        "coherent": cast("JsonValue", _units(one.coherent, kept)),
        "baselines": {name: cast("JsonValue", _units(one.baselines[name], kept)) for name in BASELINES},
        "chances_bp": [cast("JsonValue", basis_points(step)) for step in one.chances],
        "rise_if_changed_bp": cast("JsonValue", _whole(one.rise_if_changed, WHOLE_BP)),
        "usual_change_bp": _whole([one.usual_change], WHOLE_BP)[0],
    }
    return canonical(told).decode()


def series_of(line: str) -> StoredSeries:
    """Return what `series_line` wrote."""
    told = cast("dict[str, Any]", parse(line.encode()))
    return StoredSeries(
        level=Level(told["level"]),
        node=told["node"],
        parent=told["parent"],
        origin_units=told["origin"],
        age_days=told["age_days"],
        scale_units=told["scale"],
        targets=tuple(_day_number(day) for day in told["targets"]),
        models=tuple(told["models"]),
        skill=tuple(told["skill"]),
        quantiles=tuple(map(tuple, told["quantiles"])),
        coherent=tuple(told["coherent"]),
        baselines={name: tuple(told["baselines"][name]) for name in BASELINES},
        chances_bp=tuple(None if each is None else tuple(each) for each in told["chances_bp"]),
        rise_if_changed_bp=tuple(told["rise_if_changed_bp"]),
        usual_change_bp=told["usual_change_bp"],
    )


def told_of(line: str) -> Told:
    """Return what the first line tells."""
    told = cast("dict[str, Any]", parse(line.encode()))
    figures = ("relative_mae", "p_value", "replayed")
    gate = (GateLine(**{**each, **_figures(each, *figures)}) for each in told["gate"])
    direction = (
        DirectionLine(
            **{**each, "level": Level(each["level"]), **_figures(each, "brier_skill", "low", "high")}
        )
        for each in told["direction"]
    )
    return Told(
        gate=tuple(gate),
        direction=tuple(direction),
        left_out=tuple(told["left_out"]),
        regressors_sha256=told["regressors_sha256"],
        fitted=told["fitted"],
    )


def basis_points(chances: Floats | Sequence[float]) -> list[int] | None:
    """Probabilities as basis points that add up to 10,000 (largest remainders first); None for NaN.

    >>> basis_points([1 / 3, 1 / 3, 1 / 3]), basis_points([math.nan] * 3)
    ([3334, 3333, 3333], None)
    """
    exact = np.asarray(chances, dtype=np.float64)
    if not np.isfinite(exact).all():
        return None
    exact = exact / exact.sum() * WHOLE_BP
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: WHOLE_BP - int(whole.sum())]] += 1
    return [int(each) for each in whole]


def _first(run: ForecastRun) -> str:
    told: dict[str, JsonValue] = {
        "kind": "run",
        "format": FORMAT,
        "family": run.family,
        "frequency": run.frequency,
        "release": run.release_id,
        "method": run.method.method_id,
        "origin_day": day_of(run.origin_day).isoformat(),
        "kept": run.kept,
        "gate": [
            {
                "group": each.group,
                "step": each.step,
                "model": each.model,
                "relative_mae": _figure(each.relative_mae),
                "p_value": _figure(each.p_value),
                "replayed": _figure(each.replayed),
                "origins": each.origins,
                "series": each.series,
                "skill": each.skill,
            }
            for each in run.gate
        ],
        "direction": [
            {
                "level": str(each.level),
                "step": each.step,
                "kind": each.kind,
                "brier_skill": _figure(each.brier_skill),
                "low": _figure(each.low),
                "high": _figure(each.high),
                "forecasts": each.forecasts,
                "origins": each.origins,
                "published": each.published,
            }
            for each in run.direction
        ],
        "left_out": list(run.left_out),
        "regressors_sha256": run.regressors_sha256,
        "fitted": run.fitted,
    }
    return canonical(told).decode()


def _units(values: Floats | Sequence[float], kept: int) -> list[int | None]:
    """Whole units of the last published digit, half-even; None where there is no value."""
    return _whole(values, 10**kept)


def _whole(values: Floats | Sequence[float], units: int) -> list[int | None]:
    """Whole parts of which one has so many, half-even; None where there is no value."""
    scaled = np.rint(np.asarray(values, dtype=np.float64) * units)
    return [int(each) if math.isfinite(each) else None for each in scaled.tolist()]


def _figure(value: float | None) -> str | None:
    return None if value is None or not math.isfinite(value) else f"{value:.{_FIGURE}f}"


def figure_units(value: float | None) -> int | None:
    """A figure of skill as whole units of its last digit; None where there is none.

    >>> figure_units(0.0312), figure_units(None)
    (312, None)
    """
    return None if value is None else round(value * 10**_FIGURE)


def _figures(told: dict[str, Any], *names: str) -> dict[str, float | None]:
    return {name: None if told[name] is None else float(told[name]) for name in names}


def _day_number(text: str) -> int:
    return day_number(datetime.date.fromisoformat(text))
