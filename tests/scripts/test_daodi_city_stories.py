"""The stories planted in the demo city's prices, and the calendar of its forecasts."""

import itertools
from datetime import timedelta

import numpy as np
import pytest

from daodi_city import sources, stories, warned_life
from daodi_city.acts_forecasts import Forecast
from daodi_city.acts_index import Release
from daodi_city.acts_prices import ReadBoard, ReadPage, SendList
from daodi_city.acts_warnings import Decide
from daodi_city.acts_watching import Complain, ScorePeriod
from daodi_city.almanac import LAST_DAY, at_ms, days
from daodi_city.city import City, build
from daodi_city.forecast_checks import scores_of
from daodi_city.words import say
from priceindex.forecast.track import log_times
from priceindex.forecast.track.lateness import begins_ms
from priceindex.warning.rule_text import rule_book


@pytest.fixture(scope="module", params=["whole", "small"])
def city(request: pytest.FixtureRequest) -> City:
    return build(small=request.param == "small")


def test_every_week_of_ten_months_is_forecast_before_the_next_begins(city: City) -> None:
    made = [act for act in city.price_acts if isinstance(act, Forecast) and act.frequency == "week"]
    weekly = [act for act in made if act.family == stories.WEEKLY and not act.fit]
    fridays = warned_life.fridays(city.panel.herbs)
    assert len(weekly) == len(fridays) >= (40 if len(city.crops) > 6 else 20)
    for act, friday in zip(weekly, fridays, strict=True):
        target = friday + timedelta(7)
        assert at_ms(friday, 16) < act.at_ms < begins_ms((target - days()[0]).days + _first_day())
    assert all(a.at_ms < b.at_ms for a, b in itertools.pairwise(weekly))


def _first_day() -> int:
    return (at_ms(days()[0], 8)) // 86_400_000


def test_each_forecast_rests_on_a_release_of_the_same_evening(city: City) -> None:
    released = {
        act.until: act.at_ms
        for act in city.price_acts
        if isinstance(act, Release) and act.family == stories.WEEKLY
    }
    forecast = {act.at_ms for act in city.price_acts if isinstance(act, Forecast) and not act.fit}
    assert all(any(0 < at - made < 600_000 for at in forecast) for made in released.values())


def test_only_the_last_runs_try_the_fitted_models(city: City) -> None:
    fitted = [act for act in city.price_acts if isinstance(act, Forecast) and act.fit]
    assert {act.at_ms >= at_ms(LAST_DAY, 18) for act in fitted} == {True}


def test_the_operator_states_no_late_complaint_just_before_it_forecasts_the_past(city: City) -> None:
    """One key signs complaints and forecasts: the log's order would date every forecast by the complaint."""
    acts = city.chapters.acts
    recorded = sorted([*(dated.recorded_ms for dated in city.steps), *(act.at_ms for act in acts)])
    looked_at = recorded[-log_times.NEIGHBOURS]
    assert [act for act in acts if isinstance(act, Complain | ScorePeriod) and act.at_ms >= looked_at] == []
    late = [act for act in city.price_acts if isinstance(act, Complain)]
    assert len(late) == 2
    forecast = min(act.at_ms for act in city.price_acts if isinstance(act, Forecast))
    assert all(act.at_ms > forecast for act in late)


def test_a_story_ends_before_it_is_promised_and_names_a_rule_that_exists(city: City) -> None:
    told = stories.told_of(city.panel.herbs)
    assert len(told) >= 7
    for story in told:
        assert story.begins < story.promised <= LAST_DAY
        rule = rule_book().rule(story.rule)
        assert story.level in rule.levels or story.name == "wave"
        assert all(say(f"story.{story.name}", language) for language in ("zh", "en"))


def test_a_small_city_has_no_story_of_herbs_it_has_not() -> None:
    small, whole = (stories.told_of(build(small=each).panel.herbs) for each in (True, False))
    assert {each.name for each in whole} - {each.name for each in small} == {"wave"}


def test_people_decide_after_the_promised_day_and_their_words_say_that_they_are_examples(city: City) -> None:
    decided = [act for act in city.price_acts if isinstance(act, Decide)]
    assert {act.act for act in decided} == {"acknowledge", "explain", "close"}
    assert all(act.at_ms > at_ms(act.story.promised, 18) for act in decided)
    assert all(act.words.startswith("示例：") for act in decided if act.words)
    left = {story.name for story in stories.told_of(city.panel.herbs)} - {act.story.name for act in decided}
    assert "one_board" in left  # nobody takes it up: it is marked as overdue


def test_the_hoarded_herb_nearly_doubles_and_its_lots_are_not_sold_meanwhile(city: City) -> None:
    mean = _mean(city, stories.HOARDED)
    assert 1.5 < mean[-1] / mean[days().index(stories.EVERY[0].begins)] < 2.5
    kept = [dated.step.time.date() for dated in city.steps if "-KEPT-" in (dated.step.id or "")]
    assert len(kept) >= 20
    assert max(kept) < stories.EVERY[0].begins


def test_one_board_is_wrong_for_two_months_and_put_right() -> None:
    wrong = stories.written_beside(stories.MISCOPIED, stories.MISCOPIED_AT)
    assert wrong.max() > 0.4
    assert abs(wrong[-1]) < 1e-9
    assert not stories.written_beside(stories.MISCOPIED, "亳州").any()


def test_nobody_quotes_the_forgotten_herb_any_more(city: City) -> None:
    day = stories.UNQUOTED_FROM
    boards = [act for act in city.price_acts if isinstance(act, ReadBoard) and act.board.days[0] > day]
    told = {quote.herb for act in boards for quote in act.board.quotes(city.panel)}
    pages = [act.page for act in city.price_acts if isinstance(act, ReadPage) and act.page.day >= day]
    told |= {quote.herb for page in pages for quote in page.quotes}
    lists = [act.sent for act in city.price_acts if isinstance(act, SendList) and act.sent.day >= day]
    assert told
    assert pages
    assert lists
    assert stories.UNQUOTED not in told
    assert not any(stories.UNQUOTED.encode() in sent.body for sent in lists)
    before = next(each for each in sources.boards(()) if day - timedelta(40) in each.days)
    assert stories.UNQUOTED in {quote.herb for quote in before.quotes(city.panel)}


def _mean(city: City, herb: str) -> list[float]:
    rows = [row for row, grade in enumerate(city.panel.grades) if grade.herb == herb]
    return [float(each) for each in np.exp(np.log(city.panel.fen_per_kg[rows]).mean(axis=0))]


def test_the_track_record_by_hand_of_a_table_of_two_rows() -> None:
    head = "state,level,step,value,naive,actual,origin_value,low_80,high_80,origin_day"
    rows = [
        "scored,herb,1,101,100,104,100,100,105,2026-01-02",  # error .03 against .04
        "scored,herb,1,210,200,190,200,195,215,2026-01-09",  # error .10 against .05
        "late,herb,1,1,1,1,1,1,1,2026-01-16",
    ]
    found = scores_of("\n".join((head, *rows)).encode())
    assert list(found) == [("herb", 1)]
    assert found["herb", 1] == pytest.approx((13 / 9, 0.5, 2))
