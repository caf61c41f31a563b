"""States that do not flicker: entered at one bound, left at a lower one, and the same live as in arrays."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priceindex.forecast.forecast_errors import BoundsCrossed
from priceindex.warning.hysteresis import (
    NEVER,
    Episode,
    HysteresisRule,
    State,
    advance,
    episodes,
    fresh,
    ladder,
    states,
)

THREE = ladder(watch=(0.1, 0.05), alert=(0.2, 0.1), crisis=(0.4, 0.3), min_persist=2, cool_down=3)
SCORES = st.lists(
    st.one_of(st.floats(0.0, 0.6), st.sampled_from([0.05, 0.1, 0.2, 0.3, 0.4]), st.just(float("nan"))),
    min_size=1,
    max_size=40,
)
RULES = st.builds(
    lambda bounds, persist, crisis, cool: ladder(
        watch=(bounds[1], bounds[0]),
        alert=(bounds[3], bounds[2]),
        crisis=(bounds[5], bounds[4]),
        min_persist=persist,
        crisis_persist=crisis,
        cool_down=cool,
    ),
    st.lists(st.floats(0.01, 0.6), min_size=6, max_size=6).map(sorted),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 4),
)


def told(scores: list[float], rule: HysteresisRule) -> list[int]:
    return states(np.array([scores]), rule)[0].tolist()


def by_hand(scores: list[float], rule: HysteresisRule) -> list[int]:
    """The rule as the page states it, one subject and one period at a time."""
    state, counts, cooling, found = 0, [0, 0, 0], 0, []
    for score in scores:
        before = state
        barred = state == 0 and cooling > 0
        if score == score:
            for rung in range(3):
                counts[rung] = counts[rung] + 1 if score >= rule.enter[rung] else 0
            while state > 0 and score <= rule.leave[state - 1]:
                state -= 1
            for rung in range(3):
                needed = rule.crisis_persist if rung == 2 else rule.min_persist
                if counts[rung] >= needed and not (barred and max(_risen(counts, rule)) < 3):
                    state = max(state, rung + 1)
        cooling = rule.cool_down if before > 0 and state == 0 else max(cooling - 1, 0)
        found.append(state)
    return found


def _risen(counts: list[int], rule: HysteresisRule) -> list[int]:
    needed = (rule.min_persist, rule.min_persist, rule.crisis_persist)
    return [0, *(rung + 1 for rung in range(3) if counts[rung] >= needed[rung])]


@given(SCORES, RULES)
def test_the_machine_does_what_its_page_says(scores: list[float], rule: HysteresisRule) -> None:
    assert told(scores, rule) == by_hand(scores, rule)


@given(SCORES, RULES)
def test_a_state_is_never_kept_at_or_below_the_bound_it_is_left_at(
    scores: list[float], rule: HysteresisRule
) -> None:
    for score, state in zip(scores, told(scores, rule), strict=True):
        if state and score == score:
            assert score > rule.leave[state - 1] or score >= rule.enter[state - 1]


@given(SCORES, RULES)
def test_a_period_without_a_score_changes_no_state(scores: list[float], rule: HysteresisRule) -> None:
    found = told(scores, rule)
    for place, score in enumerate(scores):
        if score != score:
            assert found[place] == (found[place - 1] if place else 0)


@given(SCORES, RULES)
def test_no_episode_begins_in_a_cool_down_but_with_a_crisis(
    scores: list[float], rule: HysteresisRule
) -> None:
    found = episodes(states(np.array([scores]), rule))
    for one, following in itertools.pairwise(found):
        if following.first - one.last - 1 <= rule.cool_down:
            assert told(scores, rule)[following.first] == State.CRISIS


@given(st.lists(SCORES, min_size=2, max_size=4), RULES)
def test_subjects_do_not_know_of_each_other(rows: list[list[float]], rule: HysteresisRule) -> None:
    periods = min(map(len, rows))
    together = states(np.array([row[:periods] for row in rows]), rule)
    assert together.tolist() == [told(row[:periods], rule) for row in rows]


@given(SCORES, RULES, st.integers(0, 40))
def test_stepping_from_a_stored_standing_gives_what_the_array_gives(
    scores: list[float], rule: HysteresisRule, cut: int
) -> None:
    standing = fresh(1)
    found = []
    for score in scores:
        standing = advance(standing, np.array([score]), rule)
        found.append(int(standing.state[0]))
    assert found == told(scores, rule)
    assert told(scores[: cut + 1], rule) == found[: cut + 1]


def test_a_score_that_trembles_around_the_entering_bound_is_one_episode() -> None:
    trembling = [0.19, 0.21, 0.19, 0.21, 0.19, 0.04]
    assert told(trembling, ladder(alert=(0.2, 0.05))) == [0, 2, 2, 2, 2, 0]
    assert told(trembling, ladder(alert=(0.2, 0.2))) == [0, 2, 0, 2, 0, 0]


def test_a_missing_score_between_two_high_ones_does_not_begin_the_count_anew() -> None:
    assert told([0.25, float("nan"), 0.25], THREE) == [0, 0, 2]


def test_one_wild_period_is_no_alert_but_a_crisis_is_one_at_once() -> None:
    assert told([0.25, 0.0, 0.25, 0.25], THREE) == [0, 0, 0, 2]
    assert told([0.45], THREE) == [3]


def test_a_crisis_falls_through_the_states_it_still_holds() -> None:
    assert told([0.45, 0.25, 0.08, 0.05], THREE) == [3, 2, 1, 0]


def test_a_cool_down_holds_back_an_alert_for_its_periods() -> None:
    rule = ladder(alert=(0.2, 0.1), crisis=(0.5, 0.4), cool_down=2)
    assert told([0.3, 0.0, 0.3, 0.3, 0.3], rule) == [2, 0, 0, 0, 2]
    assert told([0.3, 0.0, 0.6], rule) == [2, 0, 3]


def test_each_subject_may_have_bounds_of_its_own() -> None:
    own = HysteresisRule(
        enter=np.array([[np.inf, 0.1, np.inf], [np.inf, 0.2, np.inf]]),
        leave=np.array([[np.inf, 0.0, np.inf], [np.inf, 0.0, np.inf]]),
    )
    assert states(np.array([[0.15], [0.15]]), own).tolist() == [[2], [0]]


def test_episodes_carry_their_worst_state_and_an_open_one_ends_with_the_last_period() -> None:
    assert episodes(np.array([[0, 1, 3, 0, 0], [0, 0, 0, 2, 2]])) == (
        Episode(0, 1, 2, State.CRISIS),
        Episode(1, 3, 4, State.ALERT),
    )


@pytest.mark.parametrize(
    "bounds",
    [
        {"alert": (0.2, 0.3)},
        {"watch": (0.3, 0.1), "alert": (0.2, 0.1)},
        {"alert": (0.2, 0.1), "crisis": (0.3, 0.05)},
        {"watch": (0.5, 0.1), "crisis": (0.4, 0.2)},
        {"alert": (0.2, 0.1), "min_persist": 0},
        {"alert": (0.2, 0.1), "cool_down": -1},
    ],
)
def test_bounds_that_would_flicker_are_refused(bounds: dict[str, object]) -> None:
    with pytest.raises(BoundsCrossed):
        ladder(**bounds)  # type: ignore[arg-type]


def test_a_rule_without_a_state_never_enters_it() -> None:
    assert told([1e308, 1e308], ladder(watch=(0.1, 0.0), alert=NEVER)) == [1, 1]
