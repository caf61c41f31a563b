"""Dated exchange rates: entered with their source, never changed, looked up by day.

A quote takes the rate of its own day or, as markets rest on weekends and holidays, the last one before
it within a stated number of days. Which rate was taken is kept with the quote, so a rate corrected later
changes no quote that stands.
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeAlias

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.keyset import Sorted, page_after
from priceindex.calendar import china_day, day_number, day_of
from priceindex.currency.rate import CODE, Rate
from priceindex.currency.rate_errors import MalformedRate, NoRate, RateInFuture, UnknownCurrency
from priceindex.currency.rate_tables import ExchangeRateRow
from priceindex.quotes import DOMESTIC

RATE_DAYS: Final = 10
"""How old a rate may be unless a feed says otherwise: a holiday week and its edges."""
_RATE: Final = re.compile(r"\d{1,9}(\.\d{1,10})?")

Rates: TypeAlias = Callable[[str, datetime.date, int], Rate]
"""Gives the rate of a currency for a day, at most so many days old; raises `NoRate`."""


def check_currency(code: str) -> str:
    """Return a foreign currency's code; raises `UnknownCurrency`.

    >>> check_currency("USD")
    'USD'
    """
    if not CODE.fullmatch(code) or code == DOMESTIC:
        raise UnknownCurrency(at=Location(field="currency", value=code[:10]), currency=code[:10])
    return code


def check_rate(text: str) -> Decimal:
    """Return how many yuan one unit is; raises `MalformedRate`.

    >>> check_rate("0.04634")
    Decimal('0.04634')
    """
    if not _RATE.fullmatch(text) or not Decimal(text):
        raise MalformedRate(at=Location(field="rate", value=text[:40]), value=text[:40])
    return Decimal(text)


def enter(
    session: Session, currency: str, day: datetime.date, yuan_per_unit: str, source: str, recorded_ms: int
) -> Rate:
    """Keep what a currency was worth on a day; a rate that stands for the day stays behind as a revision.

    The same rate of the same source again adds nothing. Raises `UnknownCurrency`, `MalformedRate`,
    `RateInFuture`.
    """
    rate = Rate(
        currency=check_currency(currency), day=day, yuan_per_unit=check_rate(yuan_per_unit), source=source
    )
    today = china_day(recorded_ms)
    if day > today:
        raise RateInFuture(at=Location(field="day", value=str(day)), day=day, today=today)
    stood = _newest(session, currency, day_number(day), day_number(day))
    if stood is not None and _rate(stood) == rate:
        return rate
    row = ExchangeRateRow(
        currency=currency,
        day=day_number(day),
        revision=0 if stood is None else stood.revision + 1,
        yuan_per_unit=str(rate.yuan_per_unit),
        source=source,
        recorded_ms=recorded_ms,
    )
    session.add(row)
    session.flush()
    return rate


def rate_on(session: Session, currency: str, day: datetime.date, within_days: int = RATE_DAYS) -> Rate:
    """Return the rate of a day, or the last before it within so many days, in its newest revision.

    Raises `UnknownCurrency`, `NoRate`.
    """
    check_currency(currency)
    row = _newest(session, currency, day_number(day) - within_days, day_number(day))
    if row is None:
        raise NoRate(currency=currency, day=day, days=within_days)
    return _rate(row)


def rates_of(session: Session) -> Rates:
    """Return the look-up a shape reads foreign quotes with; each question is asked of the table once."""
    known: dict[tuple[str, datetime.date, int], Rate] = {}

    def ask(currency: str, day: datetime.date, within_days: int) -> Rate:
        key = (currency, day, within_days)
        if key not in known:
            known[key] = rate_on(session, *key)
        return known[key]

    return ask


def newest_rates(session: Session, limit: int = 200, after: tuple[int, str] | None = None) -> list[Rate]:
    """Return the rates that stand, newest day first; of a day the last revision.

    `after` is day (since 1970-01-01) and currency of the last one seen.
    """
    later = aliased(ExchangeRateRow)
    revised = exists().where(
        col(later.currency) == col(ExchangeRateRow.currency),
        col(later.day) == col(ExchangeRateRow.day),
        col(later.revision) > col(ExchangeRateRow.revision),
    )
    order = (
        Sorted(col(ExchangeRateRow.day), newest_first=True),
        Sorted(col(ExchangeRateRow.currency)),
    )
    return [
        _rate(row)
        for row in session.exec(page_after(select(ExchangeRateRow).where(~revised), order, after, limit))
    ]


def _newest(session: Session, currency: str, first: int, last: int) -> ExchangeRateRow | None:
    asked = (
        select(ExchangeRateRow)
        .where(col(ExchangeRateRow.currency) == currency, col(ExchangeRateRow.day).between(first, last))
        .order_by(col(ExchangeRateRow.day).desc(), col(ExchangeRateRow.revision).desc())
    )
    return session.exec(asked.limit(1)).first()


def _rate(row: ExchangeRateRow) -> Rate:
    return Rate(
        currency=row.currency,
        day=day_of(row.day),
        yuan_per_unit=Decimal(row.yuan_per_unit),
        source=row.source,
    )
