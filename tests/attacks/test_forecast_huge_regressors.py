"""Outside regressors with numbers no price ever had: the fit is dropped, or what it gives is finite."""

import numpy as np
import pytest

from priceindex.forecast.fitted.models import fit
from tests.priceindex.forecast.fitted.drawn_prices import to_fit, walk
from tests.priceindex.forecast.fitted.test_fits import window

SIZES = [1e308, -1e308, 1e160, 1e-308, 5e-324]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("where", ["once", "always", "alternating"])
def test_a_huge_or_tiny_regressor_gives_nothing_that_is_not_finite(size: float, where: str) -> None:
    values = walk(1)
    past = np.random.default_rng(7).normal(size=(len(np.ravel(values)), 1))
    if where == "once":
        past[-2] = size
    elif where == "always":
        past = past * size if abs(size) <= 1 else np.clip(past, -1, 1) * size
    else:
        past[::2], past[1::2] = size, -size
    with np.errstate(all="ignore"):
        given = to_fit(values, regressors=window(past, np.full((6, 1), size)))
    found = fit("fitted_regression", given)
    assert found.forecast is None or np.isfinite(found.forecast).all()
