"""What a track record allows to be said, and what not: sentences made from its figures alone.

The rules are those of the methodology: a level is said to be forecast better than by “no change” only where
the interval of its relative error lies below 1 and at least `LEAST_ORIGINS` origins stand behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from api.web.chances_shown import steps_words
from api.web.formats import Formats
from api.web.words import Words
from priceindex.forecast.track.track_record import TrackLine

LEAST_ORIGINS: Final = 52
"""A year of weekly forecasts, before which nothing is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Sentences for people."""

    may: tuple[str, ...]
    may_not: tuple[str, ...]
    few: str | None
    """Set while there are too few origins for any claim."""


def claims_of(lines: Sequence[TrackLine], frequency: str, words: Words) -> Claims:
    """Return what may be said of the lines of one level, by rising step."""
    formats = Formats(words.language)
    most = max((line.relative_mae.origins for line in lines), default=0)
    few = None
    if most < LEAST_ORIGINS:
        few = words("track_record.few", origins=formats.number(most), least=LEAST_ORIGINS)
    better = [_better(run, frequency, words) for run in _runs(lines, wanted=True)]
    held = [line for line in lines if line.relative_mae.origins >= LEAST_ORIGINS]
    may = [*better, *([_interval(held, frequency, words)] if held else [])]
    not_better = [_not_better(run, frequency, words) for run in _runs(lines, wanted=False)]
    return Claims(
        may=tuple(may if better else [words("track_record.may_none"), *may]),
        may_not=(*not_better, words("track_record.not_prices"), words("track_record.not_alone")),
        few=few,
    )


def stands(line: TrackLine) -> bool:
    """Whether a line may be said to be better than “no change”."""
    return line.relative_mae.origins >= LEAST_ORIGINS and line.relative_mae.high < 1.0


def _runs(lines: Sequence[TrackLine], *, wanted: bool) -> list[list[TrackLine]]:
    """Return the lines in a row that may be called better, or those that may not."""
    return [list(run) for better, run in groupby(lines, key=stands) if better is wanted]


def _named(lines: Sequence[TrackLine], frequency: str, words: Words) -> str:
    return steps_words(lines[0].step, lines[-1].step, frequency, words)


def _not_better(lines: Sequence[TrackLine], frequency: str, words: Words) -> str:
    """Say that some steps in a row may not be called better: for want of origins, or of a lead."""
    named = _named(lines, frequency, words)
    if any(line.relative_mae.origins < LEAST_ORIGINS for line in lines):
        return words("track_record.not_yet", steps=named)
    return words("track_record.not_worse", steps=named)


def _better(lines: Sequence[TrackLine], frequency: str, words: Words) -> str:
    """Say some steps in a row by the figures of the one that did worst."""
    formats = Formats(words.language)
    worst = max(lines, key=lambda line: line.relative_mae.high)
    return words(
        "track_record.may_better",
        steps=_named(lines, frequency, words),
        ratio=formats.number(worst.relative_mae.figure, 3),
        low=formats.number(worst.relative_mae.low, 3),
        high=formats.number(worst.relative_mae.high, 3),
        origins=formats.number(worst.relative_mae.origins),
    )


def _interval(lines: Sequence[TrackLine], frequency: str, words: Words) -> str:
    formats = Formats(words.language)
    count = sum(line.errors for line in lines)
    inside = sum(line.inside_80 * line.errors for line in lines) / count
    return words(
        "track_record.may_interval",
        steps=_named(lines, frequency, words),
        covered=formats.share(inside),
        count=formats.number(count),
    )
