"""When releases are due: the last day of the period, moved behind the days the operator entered as closed."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.family_text import Publication
from priceindex.releases.publication_calendar import (
    close_days,
    closed_days,
    due_moments,
    due_of,
    moment_ms,
    period_of,
)
from tests.priceindex.releases.issuing import MAKER
from tests.priceindex.small_market import NOW_MS, SmallMarket

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2080, 1, 1))
EVERY = st.sampled_from(["day", "week", "month"])
CHINA = datetime.timezone(datetime.timedelta(hours=8))


@settings(max_examples=60)
@given(day=DAYS, every=EVERY)
def test_periods_follow_each_other_without_a_gap(day: datetime.date, every: str) -> None:
    first, last = period_of(every, day)
    assert first <= day <= last
    assert period_of(every, last + datetime.timedelta(days=1))[0] == last + datetime.timedelta(days=1)
    assert {period_of(every, each) for each in (first, last)} == {(first, last)}
    if every == "week":
        assert first.isocalendar()[:2] == last.isocalendar()[:2]
    if every == "month":
        assert (first.month, last.month) == (day.month, day.month)


@settings(max_examples=40)
@given(day=DAYS)
def test_a_moment_is_that_hour_on_the_wall_in_china(day: datetime.date) -> None:
    told = datetime.datetime.fromtimestamp(moment_ms(day, "16:30") / 1000, CHINA)
    assert (told.date(), told.hour, told.minute) == (day, 16, 30)


@settings(max_examples=40)
@given(day=DAYS, closed=st.sets(st.integers(0, 14)))
def test_nothing_is_due_on_a_closed_day_and_nothing_before_its_period_ends(
    day: datetime.date, closed: set[int]
) -> None:
    shut = {day + datetime.timedelta(days=each): "节" for each in closed}
    moment = due_of(Publication(), day, shut)
    due = datetime.datetime.fromtimestamp(moment.due_ms / 1000, CHINA).date()
    assert due >= day
    assert due not in shut
    between = [day + datetime.timedelta(days=each) for each in range((due - day).days)]
    assert all(each in shut for each in between)
    assert (moment.moved_from is None) == (due == day)


def test_a_year_ahead_holds_every_period_once() -> None:
    today = datetime.date(2026, 11, 22)
    ahead = today + datetime.timedelta(days=366)
    daily = due_moments(Publication(every="day"), today, ahead, {})
    assert [each.last for each in daily] == [today + datetime.timedelta(days=n) for n in range(367)]
    monthly = due_moments(Publication(every="month"), today, ahead, {})
    assert [each.last.isoformat() for each in monthly[:3]] == ["2026-11-30", "2026-12-31", "2027-01-31"]
    assert len(monthly) == 12


def test_closed_days_are_entered_once_and_keep_their_first_reason(market: SmallMarket) -> None:
    days = [datetime.date(2027, 2, day) for day in (6, 7, 8)]
    with market.write() as session:
        close_days(session, days, "放假", MAKER, NOW_MS)
    with market.write() as session:
        close_days(session, days[:1], "别的理由", MAKER, NOW_MS)
    with market.read() as session:
        assert closed_days(session) == dict.fromkeys(days, "放假")
