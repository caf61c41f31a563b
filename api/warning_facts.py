"""What the rules of early warning look at, collected: the one place that hands it traced stocks.

Neither package knows the other: stocks and trade leave the trace here, as sums of a herb over all
parties, and go on as plain arrays.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

import numpy as np
from sqlmodel import Session

from api.index_runs import CHINA
from priceindex.calendar import china_day, day_number, month_of, month_start
from priceindex.classification import Level
from priceindex.engine.inputs import Inputs
from priceindex.forecast.track.lateness import is_late
from priceindex.forecast.track.making import newest_release
from priceindex.forecast.track.reading import runs, series
from priceindex.forecast.track.track_errors import ForecastUnreadable
from priceindex.formulas.relatives import Floats, Places
from priceindex.releases import bundle as bundles
from priceindex.releases import release_store
from priceindex.releases.release import Release
from priceindex.releases.series import FREQUENCIES, UNPUBLISHED, Series, last_days
from priceindex.warning.alerts.entered_lists import grain_prices, health_list
from priceindex.warning.alerts.facts import Facts, IntervalSeen, NodeValues, QuotesSeen, StocksSeen
from trace.supervision.movements import Moved, StockKey, moved
from trace.vocabulary import NAMED_FREELY, Form

_MONTHS: Final = 36
"""Months of stock and trade that are added up: a year to judge, two for what is usual."""
_RUNS: Final = 60
"""Forecast runs whose first step is looked at: the weeks the evidence shows."""
_LEVELS: Final = (Level.COMPOSITE, Level.CLASS, Level.HERB, Level.GRADE)
_LOW, _MEDIAN, _HIGH = 0, 2, 4
"""Places of the 2.5 %, 50 % and 97.5 % quantiles of a stored forecast."""
_NO_HERBS: Final = frozenset(str(form) for form in NAMED_FREELY | {Form.GRANULE})


def facts_of(session: Session, family: str, at_ms: int, stocks: StocksSeen | None) -> Facts:
    """Everything a look at a family rests on, from its newest public release; raises `NoReleaseYet`."""
    release = newest_release(session, family, at_ms)
    every = [each for each in release_store.all_series(session, release.release_id) if each.level in _LEVELS]
    frequency = next(name for name in FREQUENCIES if any(each.frequency == name for each in every))
    return Facts(
        family=family,
        release_id=release.release_id,
        values_sha256=release.values_sha256,
        bundle_sha256=release.bundle_sha256,
        frequency=frequency,
        until=day_number(release.last_day),
        today=max(day_number(china_day(at_ms)), day_number(release.last_day)),
        nodes=tuple(_node(each) for each in every if each.frequency == frequency),
        quotes=_quotes(bundles.decode(release_store.bundle(session, release.release_id))),
        stocks=stocks,
        intervals=_intervals(session, release, at_ms),
        grain=_grain(session),
        listed=frozenset(one.herb for one in health_list(session)),
    )


def stocks_of(session: Session, at_ms: int) -> StocksSeen | None:
    """Traced stocks and outflow of every herb at the ends of the last whole months.

    None where there are none. One pass over all that came before, and one for each month.
    """
    last = month_of(china_day(at_ms))
    months = range(last - _MONTHS, last)
    begun = _by_herb(moved(session, 0, _start_ms(months[0])).items())
    flows = [_by_herb(moved(session, _start_ms(m), _start_ms(m + 1)).items()) for m in months]
    herbs = tuple(sorted({*begun, *(herb for month in flows for herb in month)}))
    if not herbs:
        return None
    came, went = (
        np.array([[month.get(herb, (0, 0))[way] for month in flows] for herb in herbs], dtype=np.float64)
        for way in (0, 1)
    )
    at_first = np.array([begun.get(herb, (0, 0))[0] - begun.get(herb, (0, 0))[1] for herb in herbs])
    # Sales of more than was at hand are on record too (超售): a stock below nothing is none.
    stock = np.maximum(at_first[:, None] + np.cumsum(came - went, axis=1), 0.0)
    ends = np.array([day_number(month_start(month + 1)) - 1 for month in months], dtype=np.int64)
    return StocksSeen(herbs=herbs, ends=ends, stock=stock, outflow=went)


def _by_herb(found: Iterable[tuple[StockKey, Moved]]) -> dict[str, tuple[int, int]]:
    """Grams in and out of every herb, over all parties and forms that are herb."""
    sums: dict[str, tuple[int, int]] = {}
    for key, one in found:
        if key.form in _NO_HERBS:
            continue
        came, went = sums.get(key.herb, (0, 0))
        sums[key.herb] = came + one.came, went + one.went
    return sums


def _node(one: Series) -> NodeValues:
    published = one.units != UNPUBLISHED
    quoted = one.column("quoted")
    return NodeValues(
        level=str(one.level),
        node=one.node,
        parent=one.parent,
        weight=float(one.weight),
        days=last_days(one.frequency, one.days),
        values=np.where(published, one.units / 10.0**one.kept, np.nan),
        quoted=np.where(quoted < 0, published.astype(np.int64), quoted),
        stale_bp=one.column("stale_bp").astype(np.float64),
    )


def _quotes(inputs: Inputs) -> QuotesSeen:
    """The quotes that entered, by day; a source that weighs otherwise by the year is one source."""
    names = sorted({each.name for each in inputs.sources})
    number = {name: place for place, name in enumerate(names)}
    of_source = np.array([number[each.name] for each in inputs.sources], dtype=np.int64)
    order = np.argsort(inputs.quotes.day, kind="stable")
    taken = inputs.quotes.taken(order)
    return QuotesSeen(
        cells=tuple(inputs.cells),
        sources=tuple(names),
        cell=taken.cell,
        source=of_source[taken.source] if len(of_source) else taken.source,
        day=taken.day,
        fen=taken.fen.astype(np.float64),
    )


def _intervals(session: Session, release: Release, at_ms: int) -> tuple[IntervalSeen, ...]:
    """What the stored forecasts said of the week after theirs, where they were made before it began."""
    found: list[IntervalSeen] = []
    made = runs(session, as_of_ms=at_ms, family=release.family, frequency="week", limit=_RUNS)
    for forecast in made:
        unit = 10.0**forecast.kept
        target = day_number(forecast.first_target)
        if is_late(target, forecast.made_ms) or target > day_number(release.last_day):
            continue
        try:
            said = series(session, forecast.forecast_id)
        except ForecastUnreadable:
            continue  # told in the track record; the other runs are looked at
        for one in said:
            step = one.quantiles[0]
            low, median, high = step[_LOW], step[_MEDIAN], step[_HIGH]
            if low is None or median is None or high is None:
                continue
            found.append(
                IntervalSeen(
                    level=str(one.level),
                    node=one.node,
                    day=one.targets[0],
                    median=median / unit,
                    low=low / unit,
                    high=high / unit,
                    forecast_id=forecast.forecast_id,
                )
            )
    return tuple(found)


def _grain(session: Session) -> tuple[Places, Floats] | None:
    prices = grain_prices(session)
    if not prices:
        return None
    days = np.array([day_number(month_start(month)) for month in prices], dtype=np.int64)
    return days, np.array(list(prices.values()), dtype=np.float64)


def _start_ms(month: int) -> int:
    return int(datetime.combine(month_start(month), time(), CHINA).timestamp() * 1000)
