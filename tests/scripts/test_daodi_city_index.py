"""The demo city's prices are collected, wrong and put right as its story says, and are plainly invented."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest

from daodi_city import sources
from daodi_city.acts_index import ComplainOfIndex, Declare, Release
from daodi_city.acts_prices import PriceWeek, ReadBoard, ReadPage, SendList
from daodi_city.almanac import at_ms
from daodi_city.city import City, build
from daodi_city.index_life import CORRECTION, OFFICIAL, TRIAL_ENDS
from daodi_city.market_days import HERBS
from priceindex.families import family
from priceindex.quotes import Tier
from trace.vocabulary import Stage


@pytest.fixture(scope="module", params=[1, 5])
def city(request: pytest.FixtureRequest) -> City:
    return build(request.param, small=True)


@pytest.fixture(scope="module")
def lists(city: City) -> list[sources.DealersList]:
    return [act.sent for act in city.price_acts if isinstance(act, SendList)]


def prices(sent: sources.DealersList) -> dict[tuple[str, str], float]:
    rows = csv.DictReader(io.StringIO(sent.body.decode()))
    return {(row["herb"], row["spec"]): float(row["price_yuan_per_kg"]) for row in rows}


def test_acts_are_in_the_order_of_time_and_none_lies_after_the_last_evening(city: City) -> None:
    moments = [act.at_ms for act in city.price_acts]
    assert moments == sorted(moments)
    assert moments[0] >= at_ms(sources.READ_FROM)
    assert moments[-1] <= city.now_ms


def test_every_day_s_boards_are_read_once(city: City) -> None:
    read = [day for act in city.price_acts if isinstance(act, ReadBoard) for day in act.board.days]
    assert read == [sources.READ_FROM + timedelta(n) for n in range(len(read))]
    assert read[-1] == city.panel.days[-1]


def test_everything_declared_and_complained_of_says_that_it_is_an_example(city: City) -> None:
    words: list[str] = [
        act.new.words for act in city.price_acts if isinstance(act, Declare | ComplainOfIndex)
    ]
    reasons = [act.reason for act in city.price_acts if isinstance(act, Release) and act.reason]
    words += reasons
    assert reasons == [CORRECTION]
    assert len(words) >= 10
    assert all(each.startswith("示例：") for each in words)
    names = (sources.BOARD, sources.DEALERS, sources.WEB, sources.COLLECTORS)
    assert all(name.startswith("demo-") for name in names)


def test_the_trial_is_as_long_as_the_family_s_text_asks() -> None:
    begun = TRIAL_ENDS[0]
    assert (date(2026, 4, 8) - begun).days >= family(OFFICIAL).publication.trial_days


def test_a_week_of_market_days_has_three_trades_of_two_sellers(city: City) -> None:
    weeks: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    sold = [each.step for each in city.steps if "-DAYS-" in (each.step.id or "")]
    for step in sold:
        assert step.stage is Stage.SALE
        year, week, _ = step.time.isocalendar()
        weeks[step.lots[0].lot.split("-")[0], year, week].append(step.party)
    assert {len(sellers) for sellers in weeks.values()} == {3}
    assert {len(set(sellers)) for sellers in weeks.values()} == {2}
    assert len({herb for herb, _, _ in weeks}) == len(HERBS)
    priced = {act.week for act in city.price_acts if isinstance(act, PriceWeek)}
    assert {f"{year}-W{week:02d}" for _, year, week in weeks} <= priced


def test_one_list_has_prices_per_half_kilogram_and_a_name_nobody_knows(
    city: City, lists: list[sources.DealersList]
) -> None:
    [slipped] = [sent for sent in lists if sent.day == sources.SLIPPED]
    column = city.panel.days.index(slipped.day)
    board = {
        (grade.herb, grade.name): fen / 100
        for grade, market, fen in zip(
            city.panel.grades, city.panel.markets, city.panel.fen_per_kg[:, column].tolist(), strict=True
        )
        if market == sources.MARKET
    }
    told = prices(slipped)
    assert sources.MISSPELT in {herb for herb, _ in told}
    halved = [key for key, price in told.items() if key in board and price < 0.6 * board[key]]
    assert len(halved) == sources.SLIPS


def test_a_list_with_two_prices_in_each_other_s_place_is_put_right(lists: list[sources.DealersList]) -> None:
    wrong, right = sorted((sent for sent in lists if sent.day == sources.SWAPPED), key=lambda s: s.arrived)
    assert (wrong.arrived, right.arrived) == (sources.SWAPPED, sources.PUT_RIGHT)
    was, now = prices(wrong), prices(right)
    changed = [key for key in was if was[key] != now[key]]
    assert len(changed) == 2
    assert [was[key] for key in changed] == [now[key] for key in reversed(changed)]


def test_one_list_comes_after_the_release_of_its_month(lists: list[sources.DealersList]) -> None:
    [late] = [sent for sent in lists if sent.arrived != sent.day and sent.day != sources.SWAPPED]
    assert any(late.day <= end < late.arrived for end in TRIAL_ENDS)


def test_the_page_tells_of_the_lowest_tier_and_of_what_no_board_has() -> None:
    full = build()
    pages = [act.page for act in full.price_acts if isinstance(act, ReadPage)]
    boarded = {
        (grade.herb, grade.name, market)
        for grade, market in zip(full.panel.grades, full.panel.markets, strict=True)
    }
    assert {quote.tier for page in pages for quote in page.quotes} == {Tier.WEB}
    alone = {(q.herb, q.grade, q.market) for page in pages for q in page.quotes} - boarded
    assert alone
    assert {market for _, _, market in alone} == {"荷花池"}


def test_lists_differ_from_seed_to_seed_and_not_from_run_to_run(city: City) -> None:
    def drawn(seed: int) -> list[bytes]:
        rng = np.random.default_rng([seed, 5])
        return [sent.body for sent in sources.dealers_lists(rng, city.panel)]

    assert drawn(1) == drawn(1) != drawn(2)
