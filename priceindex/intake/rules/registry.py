"""Every rule a quote can meet: its code, what it makes of the quote, and its words.

Nothing is dropped: a flagged quote enters the index with its mark, a quarantined one waits for a person.
The bounds are ours, stated in docs/methodology.md; no statute and no manual gives them. Screening by
bounds on relatives is described in CPI Manual 2020, chapter 5 (data editing).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from priceindex.quotes import Status

Places: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]
Bits: TypeAlias = NDArray[np.uint32]
"""Which rules a quote met: bit n stands for the n-th rule of `RULES`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule a quote can meet."""

    code: str
    status: Status
    """What a quote becomes that meets it, unless another rule is harder."""
    zh: str
    en: str


RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for rule in (
        Rule(
            "unit-slip-x2",
            Status.QUARANTINED,
            "与上次报价相差约 2 倍，疑为斤与公斤混淆",
            "about 2 times the last quote or half of it: 斤 for 公斤?",
        ),
        Rule(
            "unit-slip-x10",
            Status.QUARANTINED,
            "与上次报价相差约 10 倍，疑为小数点错位",
            "about 10 times the last quote or a tenth of it: a decimal point?",
        ),
        Rule(
            "unit-slip-x500",
            Status.QUARANTINED,
            "与上次报价相差约 500 倍，疑为计价单位错误",
            "about 500 times the last quote or the inverse: a unit?",
        ),
        Rule(
            "unit-slip-x1000",
            Status.QUARANTINED,
            "与上次报价相差约 1000 倍，疑为克与公斤混淆",
            "about 1000 times the last quote or the inverse: grams for kilograms?",
        ),
        Rule(
            "absurd-jump",
            Status.QUARANTINED,
            "与上次报价相差超过 20 倍",
            "more than 20 times the last quote or less than a twentieth",
        ),
        Rule(
            "absurd-level",
            Status.QUARANTINED,
            "超过近期中位价的 20 倍或不足其 1/20",
            "more than 20 times the recent median or less than a twentieth of it",
        ),
        Rule(
            "source-divergence-far",
            Status.QUARANTINED,
            "与至少两个其他来源的中位价相差超过 3 倍",
            "more than 3 times the median of at least two other sources, or less than a third",
        ),
        Rule(
            "big-step",
            Status.FLAGGED,
            "与上次报价相差超过 33 %",
            "differs from the last quote by more than 33 %",
        ),
        Rule(
            "far-level",
            Status.FLAGGED,
            "超过近期中位价的 5 倍或不足其 1/5",
            "more than 5 times the recent median or less than a fifth of it",
        ),
        Rule(
            "source-divergence",
            Status.FLAGGED,
            "与其他来源的中位价相差超过 30 %",
            "differs from the median of the other sources by more than 30 %",
        ),
        Rule(
            "sibling-jump",
            Status.FLAGGED,
            "变动幅度远离同一药材规格在其他市场的变动",
            "moved unlike the same herb and grade at the other markets",
        ),
        Rule(
            "grade-drift",
            Status.FLAGGED,
            "更接近同市场另一规格的价格，疑为规格混淆",
            "nearer to another grade of the herb at this market than to its own last price",
        ),
        Rule(
            "stale-repeat",
            Status.FLAGGED,
            "同一来源报价 90 天以上未变",
            "the source has told the same price for more than 90 days",
        ),
        Rule(
            "implied-by-change",
            Status.FLAGGED,
            "由涨跌幅推算的旧价",
            "an earlier price implied by a stated change",
        ),
        Rule(
            "row-count-off",
            Status.QUARANTINED,
            "行数与上次相差过大",
            "the number of rows is far from the last body's",
        ),
        Rule(
            "unsigned-form",
            Status.QUARANTINED,
            "采集表未签名或签名无效",
            "the collector's form is unsigned or wrongly signed",
        ),
        Rule(
            "crept-level",
            Status.QUARANTINED,
            "与 90 天内原有价格相差超过 5 倍，疑为逐步推移",
            "more than 5 times the price that stood up to 90 days ago, or less than a fifth: moved by steps?",
        ),
        Rule(
            "claimed-trade",
            Status.QUARANTINED,
            "自称成交价，但无追溯成交记录支持",
            "calls itself a trade, with no recorded trade behind it",
        ),
    )
}
"""The rules by code; the order is the order of the bits and of the codes a quote carries."""

_CODES: Final = tuple(RULES)
_BIT: Final = {code: np.uint32(1 << place) for place, code in enumerate(_CODES)}
_WITHHOLDING: Final = np.uint32(
    sum(1 << place for place, rule in enumerate(RULES.values()) if rule.status is Status.QUARANTINED)
)


def bits_of(code: str, met: Marks) -> Bits:
    """Return the rule's bit where `met`, 0 elsewhere.

    >>> bits_of("unit-slip-x10", np.array([True, False])).tolist()
    [2, 0]
    """
    return np.where(met, _BIT[code], np.uint32(0))


def bits_for(codes: Iterable[str]) -> int:
    """Return the bits of these rules together.

    >>> bits_for(["unit-slip-x2", "unit-slip-x500"])
    5
    """
    return sum(int(_BIT[code]) for code in set(codes))


def withheld(bits: Bits) -> Marks:
    """Where a rule sets the quote aside until a person decides.

    >>> withheld(bits_of("big-step", np.array([True]))).tolist()
    [False]
    """
    out: Marks = (bits & _WITHHOLDING) != 0
    return out


def codes_of(bits: int) -> tuple[str, ...]:
    """Return the codes of the rules a quote met.

    >>> codes_of(0b101)
    ('unit-slip-x2', 'unit-slip-x500')
    """
    return tuple(code for place, code in enumerate(_CODES) if bits >> place & 1)


def verdicts(bits: Bits) -> tuple[list[tuple[Status, tuple[str, ...]]], Places]:
    """Return (status, codes) of every different set of rules met, and which of them each quote met.

    >>> verdicts(np.array([0, 2, 0], dtype=np.uint32))[1].tolist()
    [0, 1, 0]
    """
    met, which = np.unique(bits, return_inverse=True)
    codes = [codes_of(int(each)) for each in met]
    return [(status_of(each), each) for each in codes], which.astype(np.int64)


def status_of(codes: Iterable[str]) -> Status:
    """Return what these rules make of a quote together: the hardest of their verdicts.

    >>> status_of(["big-step", "absurd-jump"]).value, status_of([]).value
    ('quarantined', 'accepted')
    """
    verdicts = {RULES[code].status for code in codes}
    if Status.QUARANTINED in verdicts:
        return Status.QUARANTINED
    return Status.FLAGGED if verdicts else Status.ACCEPTED
