"""Since when the weights of a release hold: what was forecast before is of another tree."""

from sqlmodel import Session

from priceindex.calendar import day_number, month_of, month_start
from priceindex.engine.weight_store import entered
from priceindex.releases.release import Release


def last_link(session: Session, release: Release) -> int | None:
    """Day number of the last day of the month at whose end a release's weights were linked in.

    None for weights that were never changed (`declared_equal`). A release names its weights by rule, source
    and reference period; the kept set of that source and period, effective by then, says the month.
    """
    days = [
        day_number(month_start(month_of(one.weights.effective) + 1)) - 1
        for one in entered(session, release.family)
        if _source(one.weights.words) == _source(release.summary.weights)
    ]
    return max((day for day in days if day <= day_number(release.last_day)), default=None)


def _source(words: str) -> str:
    """The label of a set without its rule.

    >>> _source("turnover: trades in the log, 2024-01-01/2024-12-31")
    'trades in the log, 2024-01-01/2024-12-31'
    """
    return words.partition(": ")[2]
