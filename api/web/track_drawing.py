"""The drawings of a track record: errors against “no change”, coverage against nominal, reliability."""

import math
from collections.abc import Sequence
from typing import Final

from api.web.dot_chart import Aim, Dot, DotChart, Kind, draw_dots
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.reliability_chart import LARGE, SMALL, Bin, Outcome, ReliabilityChart, draw_reliability
from api.web.words import Words
from priceindex.forecast.forecasts import DirectionKind
from priceindex.forecast.track.track_record import RISE, DirectionScore, TrackLine

NOMINAL: Final[tuple[tuple[float, Kind], ...]] = ((0.8, "round"), (0.95, "square"))
"""What the two intervals should hold, and the shape of their dots."""
_MARKS: Final[dict[str, Outcome]] = {"up": "rise", "flat": "still", "down": "fall", RISE: "rise"}


def draw_errors(lines: Sequence[TrackLine], said: tuple[str, str], words: Words) -> Pictures | None:
    """Draw the relative error of every step with its interval; None where none can be told.

    `said` are the names of family and level.
    """
    formats = Formats(words.language)
    told = [line for line in lines if math.isfinite(line.relative_mae.figure)]
    if not told:
        return None
    title = words("track_record.error_title", name=said[0], level=said[1])
    description = words(
        "track_record.error_description",
        first=formats.number(told[0].relative_mae.figure, 3),
        last=formats.number(told[-1].relative_mae.figure, 3),
        step=told[-1].step,
    )
    chart = DotChart(
        name="errors",
        title=title,
        description=description,
        places=[str(line.step) for line in lines],
        dots=[
            Dot(
                place=place,
                value=line.relative_mae.figure,
                low=_told(line.relative_mae.low),
                high=_told(line.relative_mae.high),
            )
            for place, line in enumerate(lines)
            if math.isfinite(line.relative_mae.figure)
        ],
        aims=[Aim(1.0, words("track_record.error_aim"))],
        write_value=lambda value: formats.number(value, 2),
    )
    return in_both_sizes(chart, draw_dots, (title, words("track_record.error_unit"), description))


def draw_coverage(lines: Sequence[TrackLine], said: tuple[str, str], words: Words) -> Pictures | None:
    """Draw what share of values both intervals held at every step; None where there were no intervals."""
    formats = Formats(words.language)
    dots = [
        Dot(place=place, value=share, kind=kind)
        for place, line in enumerate(lines)
        for share, (_, kind) in zip((line.inside_80, line.inside_95), NOMINAL, strict=True)
        if math.isfinite(share)
    ]
    if not dots:
        return None
    title = words("track_record.coverage_title", name=said[0], level=said[1])
    description = words(
        "track_record.coverage_description",
        near=formats.share(lines[0].inside_80),
        far=formats.share(lines[0].inside_95),
    )
    chart = DotChart(
        name="coverage",
        title=title,
        description=description,
        places=[str(line.step) for line in lines],
        dots=dots,
        aims=[
            Aim(nominal, words("track_record.coverage_aim", share=f"{nominal:.0%}"), kind)
            for nominal, kind in NOMINAL
        ],
        write_value=lambda value: f"{value:.0%}",
    )
    return in_both_sizes(chart, draw_dots, (title, words("track_record.coverage_unit"), description))


def draw_reliabilities(
    bins: Sequence[Bin], kind: DirectionKind, said: tuple[str, str], words: Words
) -> Pictures:
    """Draw how often what had a chance of one kind came true, of at least one bin."""
    formats = Formats(words.language)
    largest = max(bins, key=lambda each: each.count)
    title = words(f"track_record.reliability_title_{kind}", name=said[0], level=said[1])
    description = words(
        "track_record.reliability_description",
        count=formats.number(len(bins)),
        forecast=formats.share(largest.forecast),
        observed=formats.share(largest.observed),
        size=formats.number(largest.count),
    )
    chart = ReliabilityChart(
        name=f"reliability-{kind}",
        title=title,
        description=description,
        bins=bins,
        across_label=words("track_record.reliability_across"),
    )
    told = (title, words("track_record.reliability_unit"), description)
    return in_both_sizes(chart, draw_reliability, told, (SMALL, LARGE))


def bins_of(scores: Sequence[DirectionScore]) -> list[Bin]:
    """Return the reliability bins of all steps together, by outcome and rising chance."""
    found: dict[tuple[str, float], list[tuple[float, float, int]]] = {}
    for score in scores:
        for outcome, bins in score.reliability.items():
            for each in bins:
                key = (outcome, each.low)
                found.setdefault(key, []).append((each.mean_chance, each.share_came, each.forecasts))
    return [
        _pooled(_MARKS[outcome], found[outcome, low])
        for outcome, low in sorted(found, key=lambda key: (list(_MARKS).index(key[0]), key[1]))
    ]


def _pooled(outcome: Outcome, parts: Sequence[tuple[float, float, int]]) -> Bin:
    count = sum(part[2] for part in parts)
    chance = sum(part[0] * part[2] for part in parts) / count
    came = sum(part[1] * part[2] for part in parts) / count
    return Bin(outcome, chance, came, count)


def _told(value: float) -> float | None:
    return value if math.isfinite(value) else None
