"""Lower bounds for herbs on a list that somebody entered, and the colours of 黑色预警."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.forecast.forecast_errors import BoundsCrossed
from priceindex.warning.hysteresis import State, ladder, states
from priceindex.warning.indicators.bands import Band, band_of
from priceindex.warning.indicators.public_health import listed, lowered

RULE = ladder(watch=(0.1, 0.05), alert=(0.2, 0.1), crisis=(0.4, 0.3))


def test_a_listed_herb_is_warned_of_earlier_and_others_as_before() -> None:
    rule = lowered(RULE, listed(["板蓝根", "白芍"], {"板蓝根"}), 0.5)
    assert states(np.array([[0.12], [0.12]]), rule).tolist() == [[State.ALERT], [State.WATCH]]


def test_an_empty_list_changes_nothing() -> None:
    rule = lowered(RULE, listed(["板蓝根"], set()), 0.5)
    scores = np.linspace(0.0, 0.6, 20)[None, :]
    assert states(scores, rule).tolist() == states(scores, RULE).tolist()


def test_a_herb_is_not_on_the_list_because_another_begins_like_it() -> None:
    assert listed(["白术|统", "白术炭", "术"], {"白术"}).tolist() == [True, False, False]


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=30), st.floats(0.05, 1.0))
def test_lower_bounds_never_make_a_state_milder_when_scores_rise(scores: list[float], share: float) -> None:
    rising = np.sort(np.array([scores]))
    lower = states(rising, lowered(RULE, np.array([True]), share))
    assert (lower >= states(rising, RULE)).all()


@pytest.mark.parametrize("share", [0.0, -0.5, 1.5])
def test_a_share_that_does_not_lower_is_refused(share: float) -> None:
    with pytest.raises(BoundsCrossed):
        lowered(RULE, np.array([True]), share)


def test_rises_are_yellow_orange_red_and_falls_blue_and_purple() -> None:
    assert [band_of(state, falling=False).word for state in State] == ["none", "yellow", "orange", "red"]
    assert [band_of(state, falling=True).word for state in State] == ["none", "blue", "blue", "purple"]
    assert [band.zh for band in Band] == ["紫色预警", "蓝色预警", "无警", "黄色预警", "橙色预警", "红色预警"]
