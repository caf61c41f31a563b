"""What the track record page shows of one family, grid and level: charts, figures, what they allow to say.

Pure: every figure is the track record's; an empty record and one of few origins are told as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.direction_record import DirectionRecord, directions_of
from api.web.pictures import Pictures
from api.web.track_claims import Claims, claims_of
from api.web.track_drawing import draw_coverage, draw_errors
from api.web.words import Words
from priceindex.classification import Level
from priceindex.forecast.track.track_record import PeriodCoverage, Track, TrackLine


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """The record of one level in one language."""

    track: Track
    level: Level
    levels: tuple[Level, ...]
    """Levels of which anything was scored."""
    lines: tuple[TrackLine, ...]
    """By rising step."""
    errors: Pictures | None
    coverage: Pictures | None
    directions: tuple[DirectionRecord, ...]
    """The kinds of chances that were published and have come due."""
    periods: tuple[PeriodCoverage, ...]
    """Newest first."""
    worst: PeriodCoverage | None
    claims: Claims
    faults: tuple[str, ...]


def track_view(track: Track, level: Level | None, name: str, words: Words) -> TrackView:
    """Arrange a record; of the level asked for, or of the highest of which anything was scored."""
    levels = tuple(each for each in Level if any(line.level is each for line in track.lines))
    chosen = level or next(iter(levels), Level.COMPOSITE)
    lines = _of_level(track.lines, chosen)
    said = (name, words(f"track_record.level_{chosen}"))
    periods = [each for each in track.periods if each.level is chosen]
    return TrackView(
        track=track,
        level=chosen,
        levels=levels,
        lines=tuple(lines),
        errors=draw_errors(lines, said, words),
        coverage=draw_coverage(lines, said, words),
        directions=directions_of(lines, said, words),
        periods=tuple(sorted(periods, key=lambda each: each.target, reverse=True)),
        worst=min(periods, key=lambda each: each.inside_80, default=None),
        claims=claims_of(lines, track.frequency, words),
        faults=tuple(fault.message(words.language) for fault in track.faults),
    )


def _of_level(lines: Sequence[TrackLine], level: Level) -> list[TrackLine]:
    return sorted((line for line in lines if line.level is level), key=lambda line: line.step)
