"""What the past chances of direction were worth beside climatology, one horizon at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from priceindex.forecast.direction.brier import (
    brier_scores,
    log_scores,
    rise_if_changed,
    sign_brier_scores,
)
from priceindex.forecast.direction.reliability import ReliabilityBin, area_under_roc, reliability
from priceindex.forecast.direction.rolling import RolledDirection
from priceindex.forecast.forecasts import DirectionKind
from priceindex.forecast.panel import Floats
from priceindex.forecast.scoring.block_bootstrap import SkillInterval, block_length, brier_skill_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionSkill:
    """Scores over the origins whose targets have ended."""

    horizon: int
    forecasts: int
    """Forecasts of up, flat, down that can be scored."""
    changes: int
    """Those where a change came: the forecasts of which way."""
    three_class: SkillInterval
    """Brier skill of up, flat, down."""
    sign: SkillInterval
    """Brier skill of up given a change."""
    log_skill: float
    """Climatology's mean log score less ours, in nats a forecast; above 0 is better."""
    change_area: float
    """Area under the ROC curve of P(change)."""
    sign_area: float
    """The same of P(up | change), where a change came."""
    reliable_up: tuple[ReliabilityBin, ...]
    reliable_flat: tuple[ReliabilityBin, ...]
    reliable_down: tuple[ReliabilityBin, ...]
    reliable_rise: tuple[ReliabilityBin, ...]
    """Of P(up | change), where a change came."""

    def interval(self, kind: DirectionKind) -> SkillInterval:
        """The Brier skill of chances of one kind."""
        return self.three_class if kind == "up_flat_down" else self.sign

    def scored(self, kind: DirectionKind) -> int:
        """Forecasts of one kind that were scored."""
        return self.forecasts if kind == "up_flat_down" else self.changes

    def shown(self, kind: DirectionKind, least_origins: int) -> bool:
        """Whether there are enough origins and the interval of this kind lies above 0.

        Otherwise there is no demonstrated skill, and no chances of the kind are published.
        """
        found = self.interval(kind)
        return found.origins >= least_origins and found.low > 0.0


def direction_skill(rolled: RolledDirection, generator: Generator) -> DirectionSkill:
    """Score one horizon; the interval draws origins in blocks, whole cross-sections at once."""
    theirs = np.broadcast_to(rolled.climatology[:, None], rolled.chances.shape)
    scored = ~np.isnan(rolled.came) & ~np.isnan(rolled.chances[..., 0])
    moved = scored & (rolled.came != 0.0)
    ours, came = rolled.chances[scored], rolled.came[scored]
    rise, rose = rise_if_changed(rolled.chances[moved]), (rolled.came[moved] > 0.0).astype(np.float64)
    gain = log_scores(theirs[scored], came) - log_scores(ours, came)
    return DirectionSkill(
        horizon=rolled.horizon,
        forecasts=int(scored.sum()),
        changes=int(moved.sum()),
        three_class=_interval(brier_scores, rolled, theirs, scored, generator),
        sign=_interval(sign_brier_scores, rolled, theirs, moved, generator),
        log_skill=float(gain.mean()) if len(gain) else float("nan"),
        change_area=area_under_roc(1.0 - ours[:, 1], (came != 0.0).astype(np.float64)),
        sign_area=area_under_roc(rise, rose),
        reliable_up=reliability(ours[:, 0], (came > 0.0).astype(np.float64)),
        reliable_flat=reliability(ours[:, 1], (came == 0.0).astype(np.float64)),
        reliable_down=reliability(ours[:, 2], (came < 0.0).astype(np.float64)),
        reliable_rise=reliability(rise, rose),
    )


def _interval(
    score: Callable[[Floats, Floats], Floats],
    rolled: RolledDirection,
    theirs: Floats,
    counted: NDArray[np.bool_],
    generator: Generator,
) -> SkillInterval:
    """Skill of total scores per origin; origins without a forecast that counts take no part."""
    here = counted.any(axis=1)
    ours, climate = (
        np.where(counted, score(chances, rolled.came), 0.0).sum(axis=1)[here]
        for chances in (rolled.chances, theirs)
    )
    return brier_skill_interval(ours, climate, block_length(int(here.sum()), rolled.horizon), generator)
