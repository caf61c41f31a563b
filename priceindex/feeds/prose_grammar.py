"""The one form of clause that is taken for a price: who, which grade, how much. Everything else is not.

Market reports are prose: "白芍现统货价格在65元左右，选货75-80元". A clause is read only if this grammar
accounts for every sign of it. Words about other times (去年, 上月, 预计), movements (涨至) and other units
(每袋, 亩) are in no rule, so a clause that holds one is refused, and no price is made up. Repetitions are
possessive: no text makes the pattern go back and try again.
"""

import re
from dataclasses import dataclass
from typing import Final

from priceindex.feeds.wording import plain

_LEAD: Final = r"(?:现在|现|目前|当前|今日|近日|近期|市场上?|市价|本地|商家?|的|,|:|\s)*+"
_KIND: Final = (
    r"(?:家种|野生|无硫|有硫|含硫|低硫|新货|陈货|新|陈|大|中|小|光|毛|青|黑|红|白"
    r"|水洗|带须|去须|全须|一般|普通)*+"
)
_GRADE_ENDS: Final = (
    r"(?:统货|选货|统片|选片|统个|选个|统条|选条|统段|统节|统|选|好货|片货|个货|片|个|条|段|节|丁|块|粒|米"
    r"|[一二三四特][级等]|\d{1,3}(?:-\d{1,3})?头)"
)
_GRADE: Final = rf"(?P<grade>{_KIND}{_GRADE_ENDS})?"
_PRICE_WORD: Final = (
    r"(?:价格|售价|报价|要价|成交价|价位|货价|价)?+(?:稳定|维持|保持|仍|多|一般|都)?+(?:在|为|是|约|:|\s)*+"
)
_AMOUNT: Final = r"(?P<amount>\d[\d.,]*+(?:\s*+[-~]\s*+\d[\d.,]*+)*+)元"
_UNIT: Final = r"(?:(?:/|每|一)?(?P<unit>公斤|千克|kg|市斤|斤))?"
_TAIL: Final = r"(?:左右|上下|之间|不等|的价格|\s)*+"

_FIGURE: Final = re.compile(r"\d")
_MONEY: Final = re.compile("[元价]")
SENTENCE_END: Final = re.compile(r"[。!?;！？；\n]+")
CLAUSE_END: Final = re.compile(r"[,，、](?!\d{3})")
MARKET_LINE: Final = re.compile(r"(?P<market>\S{2,20}?)(?:中药材|药材)?(?:市场|药市)?(?:快讯|行情|报价)?:?")
"""A line that is nothing but a market's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedClause:
    """What one clause says."""

    grade: str
    """Empty where the clause names none."""
    amount: str
    """A number or a range, as written."""
    unit: str
    """The mass the price is for; empty where the clause names none."""


def clause_pattern(herb: str, markets: str) -> re.Pattern[str]:
    """Return the grammar of a clause that may begin with one of `markets`, a pattern, and with `herb`."""
    place = rf"(?:(?:{markets})(?:中药材|药材)?(?:市场|药市)?)?"
    name = rf"(?:{re.escape(herb)})?"
    return re.compile(
        _LEAD
        + place
        + _LEAD
        + name
        + _LEAD
        + _GRADE
        + "(?:货)?"
        + _LEAD
        + _PRICE_WORD
        + _AMOUNT
        + _UNIT
        + _TAIL,
        re.IGNORECASE,
    )


def speaks_of_price(sentence: str) -> bool:
    """Whether a sentence has a figure and a word of money: the rest of a report is commentary.

    Two searches and not one pattern for both orders: that went back at every figure of a long line.

    >>> speaks_of_price("统货65元"), speaks_of_price("今年货源充足")
    (True, False)
    """
    return _FIGURE.search(sentence) is not None and _MONEY.search(sentence) is not None


def read_clause(text: str, pattern: re.Pattern[str]) -> PricedClause | None:
    """Return what a clause says, or None when the grammar does not account for all of it.

    >>> pattern = clause_pattern("白芍", "亳州|安国")
    >>> read_clause("亳州市场 白芍现统货价格在65元左右", pattern)
    PricedClause(grade='统货', amount='65', unit='')
    >>> read_clause("白芍去年同期统货价格在65元左右", pattern) is None
    True
    """
    found = pattern.fullmatch(plain(text))
    if found is None:
        return None
    return PricedClause(grade=found["grade"] or "", amount=found["amount"], unit=found["unit"] or "")
