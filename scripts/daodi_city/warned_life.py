"""The life of the city's forecasts and warnings: one family published, forecast and watched week after week.

The clock stands at each Friday's evening when that week's forecast is made, so that every one of them enters
the log before what it is about. What people say about warnings is an example, as everything here is.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from daodi_city import stories
from daodi_city.acts_forecasts import Forecast
from daodi_city.acts_index import Approve, Release
from daodi_city.acts_warnings import BeginDay, Decide, HoldRelease, Watch, WatchAll
from daodi_city.almanac import LAST_DAY, at_ms
from daodi_city.stories import OFFICE, WEEKLY
from daodi_city.town import Act
from priceindex.warning.alerts.deciding import Act as ActName
from priceindex.warning.alerts.happenings import Reason

FIRST_FRIDAY, FIRST_OF_FEW = date(2025, 7, 4), date(2025, 11, 28)
"""The family's first release, a quarter after the boards were first read; in a city of few herbs, later."""
_MANY = 10
"""Herbs from which on a city has all its weeks."""


def fridays(herbs: Collection[str]) -> tuple[date, ...]:
    """Return the Fridays on which the family is published.

    >>> len(fridays([str(n) for n in range(30)])), len(fridays(["白芍"]))
    (43, 22)
    """
    first = FIRST_FRIDAY if len(set(herbs)) > _MANY else FIRST_OF_FEW
    count = (LAST_DAY - first).days // 7 + 1
    return tuple(first + timedelta(7 * week) for week in range(count))


def foresee(office_days: Sequence[date], herbs: Collection[str]) -> Iterator[Act]:
    """Yield every act; `office_days` are the last days of the office's releases but the newest."""
    for friday in fridays(herbs):
        yield from _week(friday)
    for day in office_days:
        yield from _office(day)
    yield from _last_evening()
    for story in stories.told_of(herbs):
        yield from _decided(story)


def _week(friday: date) -> Iterator[Act]:
    yield Release(at_ms(friday, 17, 5), WEEKLY, friday)
    yield Forecast(at_ms(friday, 17, 10), WEEKLY, "week")
    if (friday - timedelta(7)).month != friday.month:
        yield Forecast(at_ms(friday, 17, 11), WEEKLY, "month")
    yield Watch(at_ms(friday, 17, 15), WEEKLY)
    yield BeginDay(at_ms(friday + timedelta(1), 8))


def _office(day: date) -> Iterator[Act]:
    yield Forecast(at_ms(day, 17, 20), OFFICE, "month")
    yield Watch(at_ms(day, 17, 25), OFFICE)
    yield BeginDay(at_ms(day + timedelta(1), 8))


def _last_evening() -> Iterator[Act]:
    """The week's family once more, held and approved; forecasts with fitted models; every family watched."""
    yield HoldRelease(at_ms(LAST_DAY, 17, 40), WEEKLY, LAST_DAY)
    yield Approve(at_ms(LAST_DAY, 17, 50), WEEKLY)
    yield Forecast(at_ms(LAST_DAY, 18, 30), OFFICE, "week")
    yield Forecast(at_ms(LAST_DAY, 18, 31), OFFICE, "month")
    yield Forecast(at_ms(LAST_DAY, 18, 32), WEEKLY, "week", fit=True)
    yield Forecast(at_ms(LAST_DAY, 18, 33), WEEKLY, "month", fit=True)
    yield WatchAll(at_ms(LAST_DAY, 19))


def _decided(story: stories.Story) -> Iterator[Act]:
    """What the regulator does about a story's warning, a few days after the last day it may come on."""
    day = story.promised + timedelta(3)
    match story.name:
        case "hoarded":
            yield _act(story, day, "acknowledge")
            yield _act(story, day, "explain", "示例：已向产地和经营户了解，涨价伴随存货不出售。")
        case "kept_back":
            yield _act(story, day, "acknowledge")
            yield _act(
                story,
                day + timedelta(7),
                "close",
                "示例：核对溯源库存，存货久未出售，情况属实。",
                Reason.TRUE,
            )
        case "miscopied":
            yield _act(story, day, "acknowledge")
            yield _act(
                story,
                day + timedelta(7),
                "close",
                "示例：该市场把另一规格的价格抄入报价牌。",
                Reason.PRICE_ERROR,
            )
        case "new_crop":
            yield _act(story, day, "acknowledge")
            yield _act(
                story, day + timedelta(7), "close", "示例：新货集中上市，每年此时如此。", Reason.SEASONAL
            )
        case "unquoted":
            yield _act(story, day, "acknowledge", "示例：已请采集员到市场询价。")
        case "fallen":
            yield _act(story, day, "acknowledge")
            yield _act(
                story, day + timedelta(12), "close", "示例：种植补贴调整后扩种，新货集中上市。", Reason.POLICY
            )


def _act(
    story: stories.Story, day: date, act: ActName, words: str | None = None, reason: Reason | None = None
) -> Decide:
    return Decide(
        at_ms=at_ms(day, 10, 5 * ("acknowledge", "explain", "close").index(act)),
        story=story,
        act=act,
        words=words,
        reason=reason,
    )
