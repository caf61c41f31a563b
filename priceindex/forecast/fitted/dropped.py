"""Why a fit was dropped: told with the run, counted by reason, never raised to who asked for the run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DropReason(StrEnum):
    """What kept a fitted model from giving a forecast."""

    TOO_SHORT = "too_short"
    CONSTANT = "constant"
    GAP = "gap"
    NO_REGRESSORS = "no_regressors"
    REGRESSORS_ALIKE = "regressors_alike"
    NOT_CONVERGED = "not_converged"
    NOT_FINITE = "not_finite"
    OUT_OF_RANGE = "out_of_range"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    WORKER_DIED = "worker_died"


REASON_WORDS: Final[dict[DropReason, tuple[str, str]]] = {
    DropReason.TOO_SHORT: ("历史太短", "too little history"),
    DropReason.CONSTANT: ("数值从未变动", "the value never changed"),
    DropReason.GAP: ("中间缺值，该模型不能处理", "a gap inside, which this model does not take"),
    DropReason.NO_REGRESSORS: ("外部变量不全", "outside regressors missing or incomplete"),
    DropReason.REGRESSORS_ALIKE: (
        "外部变量没有变动或相互重复，无法估计",
        "regressors that never change or repeat one another cannot be told apart",
    ),
    DropReason.NOT_CONVERGED: ("拟合未收敛", "the fit did not converge"),
    DropReason.NOT_FINITE: ("结果不是有限数", "the result is not finite"),
    DropReason.OUT_OF_RANGE: ("结果超出合理范围", "the result left the permitted range"),
    DropReason.FAILED: ("拟合出错", "the fit failed"),
    DropReason.TIMED_OUT: ("超过时限", "the time limit passed"),
    DropReason.WORKER_DIED: ("计算进程中断", "the process at work ended"),
}
"""Chinese and English words of each reason."""


class FitDropped(Exception):
    """One fit gives no forecast; stays inside `priceindex.forecast.fitted`."""

    def __init__(self, reason: DropReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One series that one model gave no forecast for."""

    row: int
    """Place of the series among those handed in."""
    model: str
    reason: DropReason
    detail: str = ""
    """What the library said, where it said something."""


def counted(dropped: Iterable[Dropped]) -> dict[tuple[str, DropReason], int]:
    """How many fits were dropped, by model and reason.

    >>> counted([Dropped(row=0, model="fitted_ets", reason=DropReason.CONSTANT)])
    {('fitted_ets', <DropReason.CONSTANT: 'constant'>): 1}
    """
    return dict(Counter((each.model, each.reason) for each in dropped))
