"""A warning's life in the database: opened once, told within the budget, gathered, decided, escalated."""

from datetime import timedelta

import pytest
from sqlmodel import select

from ledger import log
from priceindex.calendar import china_day
from priceindex.warning.alerts.deciding import Decision, decide
from priceindex.warning.alerts.digests import digest_of, missed, send
from priceindex.warning.alerts.escalating import escalate
from priceindex.warning.alerts.happenings import CLASS_FORM, Happening, Reason, Warned
from priceindex.warning.alerts.rule_tallies import tallies
from priceindex.warning.alerts.warning_store import Asking, history, open_warnings, warning
from priceindex.warning.alerts.warning_tables import WarningRow
from priceindex.warning.hysteresis import State
from priceindex.warning.rule_text import rule_book
from priceindex.warning.sightings import Sighting
from priceindex.warning.warning_errors import (
    SnoozePast,
    UnknownWarning,
    WarningEnded,
    WarningNotClosed,
    WarningTaken,
)
from tests.priceindex.small_market import SmallMarket
from tests.priceindex.warning.alerts.seen import DAY_MS, OPERATOR, Watcher, seen

HERBS = ("白芍", "白术", "川芎", "当归", "党参", "甘草")
CLOSE = {"act": "close", "reason": "true", "words": "seen at the market"}


@pytest.fixture
def watcher(sqlite_market: SmallMarket) -> Watcher:
    return Watcher(sqlite_market)


@pytest.fixture
def on_both(market: SmallMarket) -> Watcher:
    """The same on SQLite and on PostgreSQL."""
    return Watcher(market)


def decided(watcher: Watcher, one: Warned, **members: object) -> Warned:
    with watcher.market.write() as session:
        decision = Decision.model_validate(members)
        return decide(
            session, OPERATOR, one.warning_id, decision, "0a0a0a0a Li", watcher.now_ms, regulator=True
        )


def opened(watcher: Watcher, *found: Sighting) -> Warned:
    return watcher.look(*found)[Happening.OPENED][0]


def test_the_same_look_twice_opens_and_tells_nothing_twice(on_both: Watcher) -> None:
    first = on_both.look(seen())
    assert {kind: len(found) for kind, found in first.items()} == {Happening.OPENED: 1, Happening.TOLD: 1}
    assert on_both.look(seen()) == {}
    on_both.later(1)
    assert on_both.look(seen()) == {}


def test_it_is_raised_lowered_and_ended_and_its_numbers_are_kept(on_both: Watcher) -> None:
    one = opened(on_both, seen())
    on_both.look(seen(state=State.CRISIS))
    on_both.look(seen(state=State.WATCH))
    ended = on_both.look(seen(state=State.NORMAL))[Happening.ENDED][0]
    assert (ended.state, ended.worst, ended.open) == (State.WATCH, State.CRISIS, False)
    with on_both.market.read() as session:
        told = history(session, one.warning_id)
    kinds = [each.event.kind for each in told]
    assert kinds == ["opened", "told", "raised", "lowered", "ended"]
    assert [each.evidence is not None for each in told] == [True, True, True, True, False]


def test_five_are_told_a_week_the_worst_first_and_the_rest_when_there_is_room(watcher: Watcher) -> None:
    wave = [seen(f"herb {place}", parent=None) for place in range(8)]
    crisis = seen("herb 8", State.CRISIS, parent=None)
    first = watcher.look(*wave, crisis)
    assert len(first[Happening.OPENED]) == 9
    assert len(first[Happening.TOLD]) == 5
    assert first[Happening.TOLD][0].key.node == "herb 8"
    watcher.later(6.9)
    assert watcher.look(*wave, crisis) == {}
    watcher.later(0.2)
    assert len(watcher.look(*wave, crisis)[Happening.TOLD]) == 4


def test_the_budget_is_one_for_all_families(watcher: Watcher) -> None:
    watcher.look(*[seen(f"herb {place}", parent=None) for place in range(4)])
    told = watcher.look(*[seen(f"herb {place}", parent=None) for place in range(4)], family="anguo")
    assert len(told[Happening.TOLD]) == 1


def test_a_listed_herb_is_told_before_a_crisis_that_is_not(watcher: Watcher) -> None:
    crises = [seen(f"herb {place}", State.CRISIS, parent=None) for place in range(5)]
    told = watcher.look(*crises, seen("连翘", State.WATCH, parent=None, listed=True))[Happening.TOLD]
    assert told[0].key.node == "连翘"


def test_a_third_of_a_class_in_alert_is_one_warning_with_the_herbs_beneath_it(on_both: Watcher) -> None:
    wave = [seen(herb, State.ALERT if place < 3 else State.NORMAL) for place, herb in enumerate(HERBS)]
    happened = on_both.look(*wave)
    assert len(happened[Happening.OPENED]) == 4
    [told] = happened[Happening.TOLD]
    assert (told.key.level, told.key.node, told.key.form) == ("class", "root", CLASS_FORM)
    assert {one.key.node for one in happened[Happening.GATHERED]} == set(HERBS[:3])
    with on_both.market.read() as session:
        whole = history(session, told.warning_id)[0]
    assert whole.evidence is not None
    assert all(herb in whole.evidence for herb in HERBS[:3])


def test_the_herbs_stand_by_themselves_again_when_the_class_s_warning_is_over(watcher: Watcher) -> None:
    watcher.look(
        *[seen(herb, State.ALERT if place < 3 else State.NORMAL) for place, herb in enumerate(HERBS)]
    )
    watcher.later(7)
    calmer = [seen(herb, State.NORMAL, past=[0, 2]) for herb in HERBS[1:]]
    happened = watcher.look(seen(HERBS[0], past=[0, 2]), *calmer)
    assert [one.key.form for one in happened[Happening.ENDED]].count(CLASS_FORM) == 1
    assert [one.key.node for one in happened[Happening.SINGLED]] == [HERBS[0]]
    assert [one.key.node for one in happened[Happening.TOLD]] == [HERBS[0]]


@pytest.mark.parametrize(("judged", "gathered"), [(10, True), (11, False)])
def test_three_herbs_in_alert_are_a_wave_of_ten_that_were_judged_and_none_of_eleven(
    watcher: Watcher, judged: int, *, gathered: bool
) -> None:
    wave = [seen(f"herb {place}", State.ALERT if place < 3 else State.NORMAL) for place in range(judged)]
    assert (Happening.GATHERED in watcher.look(*wave)) is gathered


def test_two_herbs_of_four_are_no_wave(watcher: Watcher) -> None:
    wave = [seen(herb, State.ALERT if place < 2 else State.NORMAL) for place, herb in enumerate(HERBS[:4])]
    assert Happening.GATHERED not in watcher.look(*wave)


def test_closing_with_a_reason_and_undoing_it(on_both: Watcher) -> None:
    one = opened(on_both, seen())
    closed = decided(on_both, one, **CLOSE)
    assert (closed.open, closed.reason) == (False, Reason.TRUE)
    with pytest.raises(WarningEnded):
        decided(on_both, one, act="acknowledge")
    back = decided(on_both, one, act="reopen", words="closed the wrong one")
    assert (back.open, back.reason) == (True, None)
    with pytest.raises(WarningNotClosed):
        decided(on_both, one, act="reopen", words="twice")


def test_what_ended_by_itself_cannot_be_reopened(watcher: Watcher) -> None:
    one = opened(watcher, seen())
    watcher.look(seen(state=State.NORMAL))
    with pytest.raises(WarningNotClosed):
        decided(watcher, one, act="reopen", words="it was not over")


def test_a_close_cannot_be_undone_while_a_later_warning_of_the_same_is_open(watcher: Watcher) -> None:
    one = opened(watcher, seen())
    decided(watcher, one, **CLOSE)
    watcher.look(seen(state=State.CRISIS))
    with pytest.raises(WarningTaken):
        decided(watcher, one, act="reopen", words="mine")


def test_a_decision_about_a_waiting_warning_tells_of_it_first(watcher: Watcher) -> None:
    wave = [seen(f"herb {place}", parent=None) for place in range(6)]
    told = {one.warning_id for one in watcher.look(*wave)[Happening.TOLD]}
    with watcher.market.read() as session:
        every = open_warnings(session, Asking(regulator=True))
    [waiting] = [one for one in every if one.warning_id not in told]
    done = decided(watcher, waiting, act="acknowledge")
    assert done.told_ms is not None
    with watcher.market.read() as session:
        stated = [each.event.statement_id for each in history(session, waiting.warning_id)]
    assert stated[-2:] == [
        f"warning.opened:{waiting.warning_id}",
        f"warning.decided:{waiting.warning_id}:3",
    ]


def test_a_snooze_lies_ahead_and_ends(watcher: Watcher) -> None:
    one = opened(watcher, seen())
    with pytest.raises(SnoozePast):
        decided(watcher, one, act="snooze", until="2026-01-01T00:00:00+08:00")
    with pytest.raises(SnoozePast):
        decided(watcher, one, act="snooze", until="2027-01-01T00:00:00+08:00")
    put_off = decided(watcher, one, act="snooze", until="2026-01-12T00:00:00+08:00")
    assert put_off.snoozed(watcher.now_ms)
    assert not put_off.snoozed(watcher.now_ms + 20 * DAY_MS)


def test_what_nobody_acknowledges_for_48_hours_is_marked_once(watcher: Watcher) -> None:
    first, second = watcher.look(seen("白芍", parent=None), seen("白术", parent=None))[Happening.TOLD]
    decided(watcher, second, act="acknowledge")
    for days, marked in ((1.9, 0), (0.2, 1), (5, 0)):
        watcher.later(days)
        with watcher.market.write() as session:
            found = escalate(session, rule_book().life, watcher.now_ms)
        assert len(found) == marked
    with watcher.market.read() as session:
        assert warning(session, first.warning_id, regulator=True).escalated_ms is not None


def test_reasons_measure_a_rule_and_say_of_how_many(watcher: Watcher) -> None:
    reasons = ("true", "true", "price_error", "policy", "other")
    wave = [seen(f"herb {place}", parent=None) for place in range(5)]
    for one, reason in zip(watcher.look(*wave)[Happening.TOLD], reasons, strict=True):
        decided(watcher, one, act="close", reason=reason, words="looked into it")
    with watcher.market.read() as session:
        record = next(each for each in tallies(session, rule_book(), regulator=True) if each.opened)
    assert (record.rule.id, record.opened, record.judged, record.precision_bp) == ("growth-up", 5, 3, 6666)


def test_a_digest_goes_out_once_and_can_be_read_again(on_both: Watcher) -> None:
    on_both.look(seen(), seen(rule="hoarding"))
    day = china_day(on_both.now_ms)
    with on_both.market.write() as session:
        assert send(session, day, on_both.now_ms) is not None
        assert send(session, day, on_both.now_ms) is None
        public, whole = (digest_of(session, day, regulator=each) for each in (False, True))
    assert [len(public.happened[Happening.TOLD]), public.regulator_only] == [1, 1]
    assert len(whole.happened[Happening.TOLD]) == 2


def test_the_digest_of_a_past_day_tells_what_was_open_then(on_both: Watcher) -> None:
    first = opened(on_both, seen())
    day = china_day(on_both.now_ms)
    with on_both.market.read() as session:
        then = digest_of(session, day, regulator=False)
    on_both.later(1)
    decided(on_both, first, **CLOSE)
    opened(on_both, *(seen(f"herb {place}", parent=None) for place in range(2)))
    with on_both.market.read() as session:
        days = [day - timedelta(days=1), day, china_day(on_both.now_ms)]
        found = [digest_of(session, each, regulator=False) for each in days]
    assert [each.open for each in found] == [0, 1, 2]
    assert found[1].open == then.open
    on_both.later(1)
    decided(on_both, first, act="reopen", words="closed by mistake")
    with on_both.market.read() as session:
        again = [
            digest_of(session, each, regulator=False).open for each in [*days, china_day(on_both.now_ms)]
        ]
    assert again == [0, 1, 2, 3]


def test_missed_digests_are_those_since_the_last_or_the_first_warning_and_seven_at_most(
    on_both: Watcher,
) -> None:
    on_both.look(seen())
    first = china_day(on_both.now_ms)
    with on_both.market.write() as session:
        assert missed(session, first - timedelta(days=1)) == [first - timedelta(days=1)]
        assert missed(session, first + timedelta(days=1)) == [first, first + timedelta(days=1)]
        send(session, first, on_both.now_ms)
        assert missed(session, first) == []
        three = [first + timedelta(days=number) for number in (1, 2, 3)]
        assert missed(session, three[-1]) == three
        assert missed(session, first + timedelta(days=30)) == [
            first + timedelta(days=number) for number in range(24, 31)
        ]


def test_a_warning_of_a_regulators_rule_is_not_found_by_the_public(watcher: Watcher) -> None:
    one = opened(watcher, seen(rule="hoarding"))
    with watcher.market.read() as session:
        with pytest.raises(UnknownWarning):
            warning(session, one.warning_id, regulator=False)
        assert open_warnings(session, Asking(regulator=False)) == []
        assert [each.warning_id for each in open_warnings(session, Asking(regulator=True))] == [
            one.warning_id
        ]


def test_the_log_says_of_public_rules_what_and_of_others_a_salted_digest(on_both: Watcher) -> None:
    on_both.look(seen("白芍", parent=None), seen("白术", rule="hoarding", parent=None))
    on_both.market.settle()
    with on_both.market.read() as session:
        rows = {row.visible: row for row in session.exec(select(WarningRow))}
        said = {}
        for visible, row in rows.items():
            found = log.find(session, f"warning.opened:{row.warning_id}")
            assert found is not None
            said[visible] = found.entry.statement
    assert said["public"].public["node"] == "白芍"
    assert set(said["regulator"].public) == {"warning", "sha256"}
    assert said["regulator"].subject == "warning/regulator"
