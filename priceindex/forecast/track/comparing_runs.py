"""A stored forecast beside the same one made again: every value within one unit of its last digit."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias, cast

from ledger.canonical import parse
from ledger.errors import DaodiError
from priceindex.calendar import day_of
from priceindex.forecast.track.canonical_rows import StoredSeries, Told, figure_units
from priceindex.forecast.track.forecast_head import Forecast
from priceindex.forecast.track.track_errors import ForecastDiffers, ForecastSetDiffers

SLACK: Final = 1
"""Units of the last published digit, and basis points, by which two machines may differ."""
_NODES_NAMED: Final = 5
_Value: TypeAlias = int | str | None
_Judged: TypeAlias = tuple[str, str, int, str]
"""Gate or direction, whom it judged, at which step, and what."""
_Part: TypeAlias = tuple[str, int, _Value]
"""What it is, at which step (from 1; 0 for the whole series), and its value."""


def differences(
    stored: Sequence[StoredSeries], found: Sequence[StoredSeries], version: str
) -> tuple[int, list[DaodiError]]:
    """How many values were compared, and where the two differ; `version` tells which programs made them."""
    said = {(str(each.level), each.node): each for each in stored}
    again = {(str(each.level), each.node): each for each in found}
    faults: list[DaodiError] = []
    apart = sorted(said.keys() ^ again.keys())
    if apart:
        nodes = _named([f"{level}/{node}" for level, node in apart])
        faults.append(ForecastSetDiffers(nodes=nodes, version=version))
    compared = 0
    for key in sorted(said.keys() & again.keys()):
        one, other = list(_parts(said[key])), list(_parts(again[key]))
        compared += len(one)
        if len(one) != len(other):
            steps = (len(said[key].targets), len(again[key].targets))
            faults.append(_fault(key, ("steps", 0, steps[0]), steps[1], version))
            continue
        faults += [
            _fault(key, part, value, version)
            for part, (_, _, value) in zip(one, other, strict=True)
            if not _same(part[2], value)
        ]
    return compared, faults


def told_differences(stored: Told, found: Told, version: str) -> tuple[int, list[DaodiError]]:
    """The same of what a run said of its gate, its directions, and whom it left out."""
    said, again = dict(_judgements(stored)), dict(_judgements(found))
    faults: list[DaodiError] = [
        ForecastDiffers(
            level=key[0], node=key[1], part=key[3], step=key[2], stored=said.get(key), found=again.get(key),
            version=version,
        )
        for key in sorted(said.keys() | again.keys())
        if key not in said or key not in again or not _same(said[key], again[key])
    ]  # fmt: skip
    apart = sorted(set(stored.left_out) ^ set(found.left_out))
    if apart:
        faults.append(ForecastSetDiffers(nodes=_named(apart), version=version))
    return len(said.keys() & again.keys()), faults


def head_differences(
    first: str, series: Sequence[StoredSeries], head: Forecast, version: str
) -> list[DaodiError]:
    """What a run's first line and its series say of it, beside what its statement says."""
    told = cast("dict[str, _Value]", parse(first.encode()))
    said = {name: told[name] for name in ("family", "frequency", "release", "method", "origin_day", "kept")}
    targets = [day for one in series for day in one.targets]
    said["series"] = len(series)
    said["first_target"] = day_of(min(targets)).isoformat() if targets else None
    said["last_target"] = day_of(max(targets)).isoformat() if targets else None
    stated = head.public()
    return [
        ForecastDiffers(
            level="run", node=head.forecast_id, part=name, step=0, stored=value, found=stated[name],
            version=version,
        )
        for name, value in said.items()
        if value != stated[name]
    ]  # fmt: skip


def _judgements(told: Told) -> Iterator[tuple[_Judged, _Value]]:
    """Every figure of the gate and the directions in units of its last digit, and every decision in words."""
    for line in told.gate:
        group = ("gate", line.group, line.step)
        yield (*group, "relative_mae"), figure_units(line.relative_mae)
        yield (*group, "p_value"), figure_units(line.p_value)
        yield (*group, "replayed"), figure_units(line.replayed)
        yield (*group, "judged"), f"{line.model} {line.skill} {line.origins} {line.series}"
    for each in told.direction:
        kind = ("direction", f"{each.level}/{each.kind}", each.step)
        yield (*kind, "brier_skill"), figure_units(each.brier_skill)
        yield (*kind, "low"), figure_units(each.low)
        yield (*kind, "high"), figure_units(each.high)
        yield (*kind, "judged"), f"{each.forecasts} {each.origins} {each.published}"


def _named(nodes: Sequence[str]) -> str:
    """Some nodes, the first of many."""
    more = ["…"] if len(nodes) > _NODES_NAMED else []
    return ", ".join([*nodes[:_NODES_NAMED], *more])


def _same(one: _Value, other: _Value) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= SLACK
    return one == other


def _fault(key: tuple[str, str], part: _Part, found: _Value, version: str) -> ForecastDiffers:
    level, node = key
    name, step, stored = part
    return ForecastDiffers(
        level=level, node=node, part=name, step=step, stored=stored, found=found, version=version
    )


def _parts(one: StoredSeries) -> Iterator[_Part]:
    """Everything a line says, value by value, in one order."""
    yield "parent", 0, one.parent
    yield "origin", 0, one.origin_units
    yield "age_days", 0, str(one.age_days)
    yield "scale", 0, one.scale_units
    yield "usual change", 0, one.usual_change_bp
    for place, target in enumerate(one.targets):
        step = place + 1
        yield "target", step, str(target)
        yield "model", step, one.models[place]
        yield "skill", step, one.skill[place]
        for number, value in enumerate(one.quantiles[place]):
            yield f"quantile {number + 1}", step, value
        yield "coherent", step, one.coherent[place]
        for name, values in one.baselines.items():
            yield name, step, values[place]
        chances = one.chances_bp[place] or (None, None, None)
        for name, chance in zip(("up", "flat", "down"), chances, strict=True):
            yield f"chance {name}", step, chance
        yield "chance up if changed", step, one.rise_if_changed_bp[place]
