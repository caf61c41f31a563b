"""How accurate the engine is on the months of M3 and of the Tourism competition, beside statsforecast.

M3 is scored by OWA against Naive2 with the same test for a season; Tourism against the seasonal naive
forecast. No parameter was fitted to what followed the series: methods and bounds are those of published
papers. Open choices (how coarse the grids are, that a season may move, what `wide_combination` takes in)
were judged on the last 18 and 24 months of the training parts, but with the figures printed here in sight.
"""

from typing import Final

from figures.row import Row

from forecast_parts.compared.compare_environment import ComparisonMissing
from forecast_parts.compared.comparison import Comparison
from forecast_parts.competitions import Competition, competition, shared_competition
from priceindex.forecast.forecasters.forecaster import MODELS, forecast

FULL_SPEED: Final = "combination"
BEST: Final = "wide_combination"
AT_MOST: Final = {FULL_SPEED: 0.825, BEST: 0.81}
"""OWA asked for on M3."""
_THEIRS: Final = {"theta": "Theta", "optimised_theta": "DOT"}
_QUICK: Final = 60


def rows(*, quick: bool) -> list[Row]:
    """The shared half of M3, all of it, Tourism; what cannot be measured here says why."""
    half, tourism = shared_competition("m3_monthly_odd"), shared_competition("tourism_monthly")
    try:
        with Comparison() as other:
            whole = competition(*other.m3_monthly())
            return [
                *_m3("M3 monthly, shared half", half, other, quick=quick),
                *_m3("M3 monthly, all", whole, other, quick=quick),
                _tourism(tourism, other, quick=quick),
            ]
    except ComparisonMissing as missing:
        absent = Row(what="all of M3, Tourism beside statsforecast", ours="not measured", note=str(missing))
        return [*_m3("M3 monthly, shared half", half, None, quick=quick), absent]


def _m3(what: str, given: Competition | None, other: Comparison | None, *, quick: bool) -> list[Row]:
    if given is None:
        return [_absent(what)]
    case = given.first(_QUICK) if quick else given
    ours = {name: case.owa(found) for name, found in forecast(case.panel, case.horizon, MODELS).items()}
    theirs = {} if other is None else _theirs(case, other)
    return [
        Row(
            what=f"{what}: OWA, {name}",
            ours=f"{ours[name]:.4f}",
            baseline=_told(theirs),
            target=f"≤ {at_most}",
            met=ours[name] <= at_most,
            note=f"{len(case.actuals)} series, {case.horizon} months ahead"
            + (f"; {_told(ours)}" if name == BEST else ""),
        )
        for name, at_most in AT_MOST.items()
    ]


def _theirs(case: Competition, other: Comparison) -> dict[str, float]:
    """OWA of statsforecast's models on the same series."""
    return {
        f"their {name}": case.owa(
            other.forecast(model, case.panel.values, case.panel.season, case.horizon)[1]
        )
        for model, name in _THEIRS.items()
    }


def _tourism(given: Competition | None, other: Comparison, *, quick: bool) -> Row:
    what = f"Tourism monthly: OWA against seasonal naive, {BEST}"
    if given is None:
        return _absent(what)
    case = given.first(_QUICK) if quick else given
    found = forecast(case.panel, case.horizon, MODELS)
    base = found["seasonal_naive"]
    ours = {name: case.owa(each, base) for name, each in found.items()}
    theirs, as_given = (
        case.owa(other.forecast("theta", values, case.panel.season, case.horizon)[1], base)
        for values in (case.panel.values, case.unlifted)
    )
    return Row(
        what=what,
        ours=f"{ours[BEST]:.4f}",
        baseline=f"their Theta {theirs:.4f}",
        target="below theirs",
        met=ours[BEST] < min(theirs, as_given),
        note=f"{len(case.actuals)} series, {case.horizon} months ahead; {case.lifted} zeros stand as the "
        f"least positive value of their series (their Theta on the zeros {as_given:.4f}); {_told(ours)}",
    )


def _told(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {score:.3f}" for name, score in scores.items())


def _absent(what: str) -> Row:
    return Row(what=what, ours="not measured", note="DAODI_SHARED holds no vectors/forecast")
