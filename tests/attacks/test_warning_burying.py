"""A source wants one warning not to be seen: it spends the week's budget, or hides it beneath another."""

import pytest

from priceindex.warning.alerts.happenings import CLASS_FORM, Happening
from priceindex.warning.alerts.warning_store import Asking, open_warnings
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book
from priceindex.warning.warning_errors import WarningTaken
from tests.priceindex.small_market import SmallMarket
from tests.priceindex.warning.alerts.seen import Watcher, seen
from tests.priceindex.warning.alerts.test_warning_life import CLOSE, HERBS, decided

BUDGET = rule_book().life.told_per_week


@pytest.fixture
def watcher(sqlite_market: SmallMarket) -> Watcher:
    return Watcher(sqlite_market)


def test_lesser_warnings_opened_first_do_not_keep_a_crisis_waiting(watcher: Watcher) -> None:
    lesser = [seen(f"herb {place}", State.WATCH, parent=None) for place in range(BUDGET)]
    assert len(watcher.look(*lesser)[Happening.TOLD]) == BUDGET
    watcher.later(1)
    happened = watcher.look(*lesser, seen("当归", State.CRISIS, parent=None))
    assert [one.key.node for one in happened[Happening.TOLD]] == ["当归"]


def test_a_flood_of_crises_ends_at_a_budget_too(watcher: Watcher) -> None:
    watcher.look(*[seen(f"herb {place}", State.WATCH, parent=None) for place in range(BUDGET)])
    flood = [seen(f"crisis {place}", State.CRISIS, parent=None) for place in range(3 * BUDGET)]
    assert len(watcher.look(*flood)[Happening.TOLD]) == BUDGET
    watcher.later(1)
    assert Happening.TOLD not in watcher.look(*flood, seen("one more", State.CRISIS, parent=None))


def test_a_crisis_is_not_hidden_beneath_the_lesser_warning_of_its_class(watcher: Watcher) -> None:
    calm = [seen(herb, State.NORMAL) for herb in HERBS[4:]]
    moved = [seen(herb, State.ALERT) for herb in HERBS[1:4]]
    told = watcher.look(seen(HERBS[0], State.CRISIS), *moved, *calm)[Happening.TOLD]
    assert {(one.key.node, one.key.form) for one in told} == {("root", CLASS_FORM), (HERBS[0], "single")}


def test_a_herb_that_grows_worse_beneath_its_class_s_warning_is_told(watcher: Watcher) -> None:
    calm = [seen(herb, State.NORMAL) for herb in HERBS[4:]]
    watcher.look(*[seen(herb, State.ALERT) for herb in HERBS[:4]], *calm)
    happened = watcher.look(
        seen(HERBS[0], State.CRISIS), *[seen(herb, State.ALERT) for herb in HERBS[1:4]], *calm
    )
    assert [one.key.node for one in happened[Happening.TOLD]] == [HERBS[0]]


def test_trembling_around_a_bound_opens_one_warning_in_four_weeks(watcher: Watcher) -> None:
    told = []
    for week in range(8):
        state = State.ALERT if week % 2 == 0 else State.NORMAL
        told += watcher.look(seen(state=state, parent=None)).get(Happening.TOLD, [])
        watcher.later(3)
    assert len(told) == 1


def test_an_old_warning_reopened_is_no_second_open_one_beside_the_rules(watcher: Watcher) -> None:
    """The rules look at the newest episode alone: nothing would ever have ended the older one."""
    [first] = watcher.look(seen(parent=None))[Happening.TOLD]
    decided(watcher, first, **CLOSE)
    [second] = watcher.look(seen(state=State.CRISIS, parent=None))[Happening.OPENED]
    watcher.look(seen(state=State.NORMAL, parent=None))
    with pytest.raises(WarningTaken, match=second.warning_id):
        decided(watcher, first, act="reopen", words="flood the list")
    with watcher.market.read() as session:
        assert open_warnings(session, Asking(regulator=True)) == []
