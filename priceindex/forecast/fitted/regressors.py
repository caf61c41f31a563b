"""Outside regressors on a grid: for each period of a series the value that was known at the origin."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from priceindex.calendar import day_of
from priceindex.forecast.fitted.fit_input import RegressorWindow
from priceindex.forecast.fitted.regressor_file import RegressorValue, read_values
from priceindex.forecast.forecast_errors import RegressorIncomplete
from priceindex.forecast.panel import Floats
from priceindex.formulas.relatives import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressorTable:
    """Outside regressors as handed in; a forecast names them by `sha256`, under which the file is kept."""

    sha256: str
    """Of the file's bytes, hex: the key `priceindex.archive.keep` gives it."""
    values: Mapping[str, tuple[RegressorValue, ...]]
    """Of each regressor, oldest first, without overlaps."""

    def window(self, ends: Places, ahead: Places, origin_day: int) -> RegressorWindow:
        """The regressors over periods that end on `ends` (T,) and, ahead of the origin, on `ahead` (h,).

        What became known after `origin_day` is not used: so a past origin sees no more than one could have
        known then. A period takes the mean of the values inside it, else the value whose own period covers
        its last day. History may begin late; raises `RegressorIncomplete` for a gap in it and for any
        period ahead without a value.
        """
        days = np.concatenate([ends, ahead])
        before = days[:1] - np.diff(days[:2]).sum()
        starts = np.concatenate([before, days[:-1]]) + 1
        columns = [_on_grid(values, starts, days, origin_day) for values in self.values.values()]
        table = np.stack(columns, axis=1)
        for name, column in zip(self.values, columns, strict=True):
            _complete(name, column, days, len(ends))
        return RegressorWindow(
            names=tuple(self.values), history=table[: len(ends)], future=table[len(ends) :]
        )


def read_regressors(body: bytes, file: str = "regressors.csv") -> RegressorTable:
    r"""The table of a CSV's bytes; raises what `read_values` raises.

    >>> table = read_regressors(b"name,period,value\narea,1970,5.5\n")
    >>> table.values["area"][0].value
    5.5
    """
    values = {name: tuple(each) for name, each in read_values(body, file).items()}
    return RegressorTable(sha256=hashlib.sha256(body).hexdigest(), values=values)


def _on_grid(values: tuple[RegressorValue, ...], starts: Places, ends: Places, origin_day: int) -> Floats:
    """One regressor (T + h,) at periods from `starts` to `ends`; NaN where nothing was known."""
    usable = [each for each in values if each.known <= origin_day]
    if not usable:
        return np.full(len(ends), np.nan)
    first = np.array([each.first for each in usable], dtype=np.int64)
    last = np.array([each.last for each in usable], dtype=np.int64)
    told = np.array([each.value for each in usable])
    covering = np.clip(np.searchsorted(first, ends, side="right") - 1, 0, None)
    covers = (first[covering] <= ends) & (last[covering] >= ends)
    found = np.where(covers, told[covering], np.nan)
    period = np.clip(np.searchsorted(ends, last), 0, len(ends) - 1)
    inside = (first >= starts[period]) & (last <= ends[period])
    sums, counts = np.zeros(len(ends)), np.zeros(len(ends))
    np.add.at(sums, period[inside], told[inside])
    np.add.at(counts, period[inside], 1.0)
    return np.where(counts > 0.0, sums / np.maximum(counts, 1.0), found)


def _complete(name: str, column: Floats, days: Places, past: int) -> None:
    """Refuse a regressor with a gap after its first value, or without one; it must reach the last step."""
    known = ~np.isnan(column)
    first = int(np.argmax(known)) if known.any() else past
    missing = np.flatnonzero(~known[min(first, past) :])
    if len(missing):
        day = int(days[min(first, past) + int(missing[0])])
        raise RegressorIncomplete(name=name, period=day_of(day).isoformat())
