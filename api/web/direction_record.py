"""What the track record page shows of chances: each kind's skill by step, and whether it came true."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.pictures import Pictures
from api.web.reliability_chart import Bin
from api.web.track_drawing import bins_of, draw_reliabilities
from api.web.words import Words
from priceindex.forecast.forecasts import DIRECTION_KINDS, DirectionKind
from priceindex.forecast.track.track_record import DirectionScore, TrackLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionRecord:
    """One kind of chances at one level."""

    kind: DirectionKind
    scores: tuple[tuple[int, DirectionScore], ...]
    """By rising step."""
    bins: tuple[Bin, ...]
    """All steps together."""
    reliability: Pictures


def directions_of(
    lines: Sequence[TrackLine], said: tuple[str, str], words: Words
) -> tuple[DirectionRecord, ...]:
    """Arrange both kinds, without those that were never scored; `said` are the names of family and level."""
    found = []
    for kind in DIRECTION_KINDS:
        scores = [(line.step, score) for line in lines if (score := _score(line, kind)) is not None]
        bins = bins_of([score for _, score in scores])
        if bins:
            found.append(
                DirectionRecord(
                    kind=kind,
                    scores=tuple(scores),
                    bins=tuple(bins),
                    reliability=draw_reliabilities(bins, kind, said, words),
                )
            )
    return tuple(found)


def _score(line: TrackLine, kind: DirectionKind) -> DirectionScore | None:
    return line.direction if kind == "up_flat_down" else line.rise_if_changed
