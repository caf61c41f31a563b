"""What `daodi forecast fit` prints: the models side by side, the gate's word, and what was dropped."""

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.opened_series import OpenedOfRelease

_SKILL: Final = {
    "shown": "forecast.skill.shown",
    "not_shown": "forecast.skill.not_shown",
    "too_short": "forecast.skill.too_short",
}


def show_models(screen: "Screen", found: "OpenedOfRelease") -> None:
    """Draw each model's last value and its error over naive's at the first, middle and last step."""
    from priceindex.calendar import day_of
    from priceindex.classification import node_words

    one, kept = found.opened, found.release.kept
    steps = sorted({0, len(one.target_days) // 2 - 1, len(one.target_days) - 1})
    screen.table(
        ("head.model", *("head.forecast_value", "head.relative_mae") * len(steps)),
        (
            (
                line.model,
                *(
                    cell
                    for step in steps
                    for cell in (_number(line.values[step], kept), _number(line.relative_mae[step], 3))
                ),
            )
            for line in one.lines
        ),
        title=screen.words(
            "forecast.fit_title",
            family=found.release.family,
            node=node_words(one.level, one.node, screen.language),
            origin=_number(one.origin_value, kept),
            day=day_of(one.origin_day),
            targets=", ".join(str(day_of(int(one.target_days[step]))) for step in steps),
        ),
    )
    screen.remark("forecast.fit_note")


def show_verdict(screen: "Screen", found: "OpenedOfRelease") -> None:
    """Say step by step what the gate would let through, and which fits gave nothing."""
    from priceindex.calendar import day_of
    from priceindex.forecast.fitted.dropped import REASON_WORDS, DropReason

    one = found.opened
    screen.table(
        ("head.target_day", "head.model", "head.relative_mae", "head.p_value", "head.origins", "head.skill"),
        (
            (
                str(day_of(day)),
                line.model,
                _number(line.relative_mae, 3),
                _number(line.p_value, 3),
                str(line.origins),
                screen.words(_SKILL[line.skill], model=line.model),
            )
            for day, line in zip(one.target_days.tolist(), one.gate, strict=True)
        ),
        title=screen.words("forecast.fit_gate"),
    )
    for model, reason, fits in found.dropped:
        words = REASON_WORDS[DropReason(reason)][0 if screen.language == "zh" else 1]
        screen.remark("forecast.fit_dropped", model=model, count=fits, reason=words)


def _number(value: float | None, digits: int) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.{digits}f}"
