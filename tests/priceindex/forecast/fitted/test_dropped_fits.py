"""Whatever a fit does, what comes out is a usable forecast or a reason."""

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from priceindex.forecast.fitted import models
from priceindex.forecast.fitted.dropped import REASON_WORDS, Dropped, DropReason, FitDropped, counted
from priceindex.forecast.fitted.fit_input import FitInput
from priceindex.forecast.fitted.models import FITTED, REGRESSION, Outcome, fit
from priceindex.forecast.forecasters.forecaster import MODELS
from priceindex.forecast.panel import Floats
from tests.priceindex.forecast.fitted.drawn_prices import to_fit, walk

VALUES = walk(1)
RANGE = float(VALUES.max() - VALUES.min())


def outcome_of(monkeypatch: pytest.MonkeyPatch, model: Callable[[FitInput], Floats]) -> Outcome:
    monkeypatch.setattr(models, "_FITS", {"planted": model})
    return fit("planted", to_fit(VALUES))


@pytest.mark.parametrize(
    ("given_back", "reason"),
    [
        (np.full(6, np.nan), DropReason.NOT_FINITE),
        (np.r_[np.full(5, 100.0), np.inf], DropReason.NOT_FINITE),
        (np.full(5, 100.0), DropReason.NOT_FINITE),
        (np.full(6, VALUES.max() + 5.01 * RANGE), DropReason.OUT_OF_RANGE),
        (np.full(6, -0.1), DropReason.OUT_OF_RANGE),
        (np.full(6, 0.0), DropReason.OUT_OF_RANGE),
        (np.full(6, VALUES.max() + 4.99 * RANGE), None),
    ],
)
def test_only_finite_positive_forecasts_in_range_are_kept(
    monkeypatch: pytest.MonkeyPatch, given_back: Floats, reason: DropReason | None
) -> None:
    outcome = outcome_of(monkeypatch, lambda _: given_back)
    assert outcome.reason is reason
    assert (outcome.forecast is None) == (reason is not None)


def test_an_error_of_the_library_drops_the_fit_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: FitInput) -> Floats:
        raise np.linalg.LinAlgError("Schur decomposition")

    outcome = outcome_of(monkeypatch, breaks)
    assert outcome.reason is DropReason.FAILED
    assert outcome.detail == "LinAlgError: Schur decomposition"


def test_a_warning_stays_inside_and_its_kind_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def warns(_: FitInput) -> Floats:
        warnings.warn("half converged", RuntimeWarning, stacklevel=2)
        warnings.warn("half converged", RuntimeWarning, stacklevel=2)
        return np.full(6, 100.0)

    outcome = outcome_of(monkeypatch, warns)
    assert outcome.forecast is not None
    assert outcome.remarks == ("RuntimeWarning",)


def test_a_fit_that_did_not_converge_has_no_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(_: FitInput) -> Floats:
        raise FitDropped(DropReason.NOT_CONVERGED)

    assert outcome_of(monkeypatch, stuck).reason is DropReason.NOT_CONVERGED


def test_theta_tells_a_smoothing_that_stopped_short(monkeypatch: pytest.MonkeyPatch) -> None:
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.forecasting.theta import ThetaModel

    def stops(_: ThetaModel) -> None:
        warnings.warn("Optimization failed to converge", ConvergenceWarning, stacklevel=2)

    monkeypatch.setattr(ThetaModel, "fit", stops)
    assert fit("fitted_theta", to_fit(VALUES)).reason is DropReason.NOT_CONVERGED


@pytest.mark.parametrize("name", ["fitted_ets", "fitted_components", "fitted_trend"])
def test_an_optimiser_that_gave_up_drops_the_fit(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    for library in (ETSModel, UnobservedComponents):
        whole = library.fit
        monkeypatch.setattr(
            library, "fit", lambda self, *_, whole=whole, **__: whole(self, disp=False, maxiter=0)
        )
    assert fit(name, to_fit(VALUES)).reason is DropReason.NOT_CONVERGED


@settings(max_examples=15)
@given(
    values=arrays(
        np.float64,
        st.integers(1, 40),
        elements=st.one_of(st.floats(1e-3, 1e6), st.just(np.nan), st.just(1.0)),
    ),
    season=st.sampled_from([1, 4]),
    name=st.sampled_from([name for name in FITTED if name != REGRESSION]),
)
def test_any_series_gives_a_forecast_or_a_reason(values: Floats, season: int, name: str) -> None:
    outcome = fit(name, to_fit(values, season, 3))
    assert (outcome.forecast is None) == (outcome.reason is not None)
    if outcome.forecast is not None:
        assert np.isfinite(outcome.forecast).all()
        assert (outcome.forecast > 0.0).all()


def test_no_fitted_model_has_the_name_of_a_fast_one() -> None:
    assert not set(FITTED) & set(MODELS)


def test_a_model_that_does_not_exist_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        fit("fitted_oracle", to_fit(VALUES))


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(REASON_WORDS) == set(DropReason)
    assert all(zh and en and zh != en for zh, en in REASON_WORDS.values())


def test_dropped_fits_are_counted_by_model_and_reason() -> None:
    dropped = [
        Dropped(row=0, model="fitted_ets", reason=DropReason.CONSTANT),
        Dropped(row=1, model="fitted_ets", reason=DropReason.CONSTANT),
        Dropped(row=1, model="fitted_theta", reason=DropReason.GAP),
    ]
    assert counted(dropped) == {
        ("fitted_ets", DropReason.CONSTANT): 2,
        ("fitted_theta", DropReason.GAP): 1,
    }
