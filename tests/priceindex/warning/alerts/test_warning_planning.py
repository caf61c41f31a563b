"""What follows from a sighting: at most one open warning, a rest after an end, and what people closed."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.warning.alerts.happenings import Event, Happening, Reason, Warned, fold
from priceindex.warning.alerts.planning import Change, changes
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import Sighting
from tests.priceindex.small_market import NOW_MS
from tests.priceindex.warning.alerts.seen import DAY_MS, LAST_DAY, seen

LIFE: Final = rule_book().life
OPEN: Final = Warned(
    warning_id="warning-1", family="bozhou", key=seen().key, episode=1, visible="public",
    rules_sha256="0" * 64, opened_ms=NOW_MS, state=State.ALERT, worst=State.ALERT, told_ms=NOW_MS,
)  # fmt: skip
CLOSED: Final = replace(OPEN, ended_ms=NOW_MS, reason=Reason.SEASONAL)
ENDED: Final = replace(OPEN, ended_ms=NOW_MS)


def follows(sighting: Sighting, old: Warned | None, *, days: float = 0.0) -> list[Change]:
    there = frozenset({(sighting.key.level, sighting.key.node)})
    standing = {} if old is None else {old.key: old}
    return changes([sighting], standing, LIFE, NOW_MS + int(days * DAY_MS), there)


@pytest.mark.parametrize(
    ("now", "kind"),
    [(State.CRISIS, Happening.RAISED), (State.WATCH, Happening.LOWERED), (State.NORMAL, Happening.ENDED)],
)
def test_an_open_warning_moves_with_its_state(now: State, kind: Happening) -> None:
    assert [each.kind for each in follows(seen(state=now), OPEN)] == [kind]
    assert follows(seen(state=State.ALERT), OPEN) == []


def test_after_an_end_the_same_rule_rests_for_four_weeks_unless_it_is_a_crisis() -> None:
    assert follows(seen(), ENDED, days=27) == []
    assert [each.kind for each in follows(seen(), ENDED, days=28)] == [Happening.OPENED]
    assert [each.kind for each in follows(seen(state=State.CRISIS), ENDED, days=1)] == [Happening.OPENED]


def test_what_a_person_closed_stays_closed_while_the_score_never_was_normal_again() -> None:
    still = seen(past=[2] * 60, last_day=LAST_DAY + 400)
    assert follows(still, CLOSED, days=400) == []
    calmed = seen(past=[*([2] * 30), 0, 0], last_day=LAST_DAY + 400)
    assert [each.kind for each in follows(calmed, CLOSED, days=400)] == [Happening.OPENED]


def test_what_a_person_closed_opens_again_when_it_grows_worse_than_it_was() -> None:
    worse = seen(state=State.CRISIS, past=[2, 2])
    assert [each.kind for each in follows(worse, CLOSED, days=1)] == [Happening.OPENED]


def test_a_price_that_is_too_old_opens_raises_and_ends_nothing_but_its_own_warning() -> None:
    assert follows(seen(stale=True), None) == []
    assert follows(seen(state=State.CRISIS, stale=True), OPEN) == []
    assert follows(seen(state=State.NORMAL, stale=True), OPEN) == []
    own = seen(rule="stale-price", stale=True)
    assert [each.kind for each in follows(own, None)] == [Happening.OPENED]


def test_the_warning_of_a_subject_that_left_the_index_ends() -> None:
    gone = changes([], {OPEN.key: OPEN}, LIFE, NOW_MS, frozenset({("herb", "白术")}))
    assert [(each.kind, each.key) for each in gone] == [(Happening.ENDED, OPEN.key)]
    source = replace(OPEN, key=OPEN.key._replace(level="source", node="market-a"))
    assert changes([], {source.key: source}, LIFE, NOW_MS, frozenset({("herb", "白术")})) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(State)), st.integers(0, 40)), max_size=12))
def test_however_states_follow_each_other_nothing_is_opened_that_is_open(
    path: list[tuple[State, int]],
) -> None:
    old, day = None, 0.0
    for state, days in path:
        day += days
        for change in follows(seen(state=state, last_day=LAST_DAY + int(day)), old, days=day):
            opened = old is not None and old.open
            assert (change.kind is Happening.OPENED) is not opened
            event = Event(number=1, kind=change.kind, at_ms=NOW_MS + int(day * DAY_MS), state=change.state)
            fresh = replace(OPEN, state=State.NORMAL, ended_ms=None, reason=None)
            old = fold(fresh if change.kind is Happening.OPENED or old is None else old, [event])


def test_growing_worse_asks_for_a_new_acknowledgement_and_ends_a_snooze() -> None:
    quiet = replace(OPEN, acknowledged_ms=NOW_MS, snoozed_until_ms=NOW_MS + DAY_MS, escalated_ms=NOW_MS)
    worse = fold(quiet, [Event(number=9, kind=Happening.RAISED, at_ms=NOW_MS + 1, state=State.CRISIS)])
    assert worse.acknowledged_ms is None
    assert not worse.snoozed(NOW_MS + 2)
    assert worse.escalated_ms is None
    assert worse.worst is State.CRISIS


def test_a_crisis_after_a_calm_opens_again_although_a_person_closed_the_last_one() -> None:
    """Closed at crisis, calm since: the four weeks of rest hold for lesser states, not for a crisis."""
    closed = replace(CLOSED, state=State.CRISIS, worst=State.CRISIS)
    again = seen(state=State.CRISIS, past=[3] * 30 + [0, 0], last_day=LAST_DAY + 15)
    assert [each.kind for each in follows(again, closed, days=15)] == [Happening.OPENED]
    lesser = seen(state=State.ALERT, past=[3] * 30 + [0, 0], last_day=LAST_DAY + 15)
    assert follows(lesser, closed, days=15) == []
    never_calm = seen(state=State.CRISIS, past=[3] * 30, last_day=LAST_DAY + 15)
    assert follows(never_calm, closed, days=15) == []


def test_a_warning_nobody_judges_any_more_ends() -> None:
    """A source that quotes no more has no node in the index whose absence would tell."""
    there = frozenset({("herb", "白芍")})
    key = seen("quiet-source", rule="source-dominance", level="source", parent=None).key
    old = replace(OPEN, key=key)
    ended = changes([], {key: old}, LIFE, NOW_MS, there, scored={key: False})
    assert [(each.kind, each.key) for each in ended] == [(Happening.ENDED, key)]
    assert changes([], {key: old}, LIFE, NOW_MS, there, scored={key: True}) == []
    assert changes([], {key: old}, LIFE, NOW_MS, there) == []


def test_a_rule_without_anything_to_judge_by_for_one_day_ends_nothing_until_eight_weeks_have_gone() -> None:
    """No forecast can be read, no stocks, a market alone in its group: there is no row at all."""
    there, old = frozenset({("herb", "白术"), ("herb", "白芍")}), OPEN
    found: list[tuple[int, Happening]] = []
    for weeks in range(10):
        now_ms = NOW_MS + weeks * 7 * DAY_MS
        for change in changes([], {old.key: old}, LIFE, now_ms, there, scored={}):
            event = Event(number=weeks + 1, kind=change.kind, at_ms=now_ms, state=old.state)
            old, found = fold(old, [event]), [*found, (weeks, change.kind)]
    assert found == [(0, Happening.UNJUDGED), (LIFE.unjudged_periods, Happening.ENDED)]


@pytest.mark.parametrize("state", [State.ALERT, State.CRISIS])
def test_what_is_judged_again_begins_to_wait_anew(state: State) -> None:
    waiting = replace(OPEN, unjudged_ms=NOW_MS)
    [again] = follows(seen(state=state), waiting, days=50)
    event = Event(number=3, kind=again.kind, at_ms=NOW_MS + 50 * DAY_MS, state=again.state)
    assert again.kind is (Happening.JUDGED if state == OPEN.state else Happening.RAISED)
    assert fold(waiting, [event]).unjudged_ms is None
