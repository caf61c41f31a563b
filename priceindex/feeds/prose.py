"""The shape of 药通网 and its like: market reports in sentences.

A sentence that speaks of a price gives quotes only if its herb, its market, its day and, for every price, the
grade are certain. Otherwise it becomes a fault that shows the sentence, and a person reads it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ledger.errors import DaodiError, Location, Said
from priceindex.errors import EmptyBody, MalformedDay
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.csv_grid import decode_text
from priceindex.feeds.feed_errors import UnreadSentence
from priceindex.feeds.grid import Form, form_of
from priceindex.feeds.html_grid import lines_of
from priceindex.feeds.prose_grammar import (
    CLAUSE_END,
    MARKET_LINE,
    SENTENCE_END,
    PricedClause,
    clause_pattern,
    read_clause,
    speaks_of_price,
)
from priceindex.feeds.wording import plain, read_day, read_price, unit_factor
from priceindex.quotes import Quote, ReadResult, Tier, is_name

_SENTENCE_SHOWN: Final = 100
"""Characters of a sentence that a fault repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the lines above a sentence settle for it."""

    market: str
    day: date | None


class ProseShape:
    """Sentences with herb, market, grade and price; UTF-8 or GB18030 text, or a page."""

    def read(self, raw: RawBody, reading: Reading) -> ReadResult:
        """Read every sentence that speaks of a price.

        A line that is only a market's name, or only a date, holds for the lines below it. Raises
        `UnreadableFile`, and `EmptyBody` where no sentence speaks of a price.
        """
        words = _Words(reading)
        place = _Place(market=reading.market, day=reading.day)
        quotes: list[Quote] = []
        faults: list[DaodiError] = []
        for number, line in enumerate(_lines(raw), start=1):
            settled = words.settles(line, place)
            if settled is not None:
                place = settled
                continue
            for sentence in filter(speaks_of_price, SENTENCE_END.split(line)):
                at = Location(
                    file=raw.name, row=number, field="sentence", value=sentence.strip()[:_SENTENCE_SHOWN]
                )
                try:
                    quotes += words.quotes(sentence, place, at)
                except DaodiError as fault:
                    faults.append(fault)
        if not quotes and not faults:
            raise EmptyBody(at=Location(file=raw.name), name=raw.name)
        return ReadResult(tuple(quotes), tuple(faults))


class _Words:
    """The names a report may use, and how its sentences are read with them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        known = reading.known
        self._herbs = _any_of(known.herbs if known else ())
        self._market_names = dict(known.markets) if known else {}
        self._markets = _any_of(self._market_names)

    def settles(self, line: str, place: _Place) -> _Place | None:
        """What a line that is only a market or only a date settles; None for any other line."""
        written = plain(line)
        found = MARKET_LINE.fullmatch(written)
        if found and (market := self._market_names.get(found["market"].lower())):
            return replace(place, market=market)
        try:
            return replace(place, day=read_day(written, Location()))
        except MalformedDay:
            return None

    def quotes(self, sentence: str, place: _Place, at: Location) -> list[Quote]:
        """Every quote of a sentence; raises `UnreadSentence` where anything is uncertain."""
        written = plain(sentence)
        herb = self._one(self._herbs, written, "药材", "herb", at)
        market = place.market or ""
        if named := set(self._markets.findall(written.lower())):
            if len({self._market_names[each] for each in named}) > 1:
                raise _unread(at, "出现两个以上的市场", "it names more than one market")
            market = self._market_names[named.pop()]
        if not market:
            raise _unread(at, "没有写明市场", "it names no market")
        if place.day is None:
            raise _unread(at, "没有写明日期", "it names no day")
        pattern = clause_pattern(herb, self._markets.pattern)
        return [self._quote(each, (herb, market, place.day), at) for each in _clauses(written, pattern, at)]

    def _one(self, names: re.Pattern[str], text: str, zh: str, en: str, at: Location) -> str:
        found = set(names.findall(text))
        if not found:
            raise _unread(at, f"没有已收录的{zh}", f"it names no listed {en}")
        if len(found) > 1:
            raise _unread(at, f"出现两种以上的{zh}", f"it names more than one {en}")
        return str(found.pop())

    def _quote(self, clause: PricedClause, named: tuple[str, str, date], at: Location) -> Quote:
        herb, market, day = named
        grade = clause.grade or self._reading.grade
        if not grade:
            raise _unread(at, "没有写明规格", "it names no grade")
        if not is_name(grade):
            raise _unread(at, "规格过长", "its grade is too long")
        price = read_price(clause.amount, unit_factor(clause.unit or self._reading.unit, at), at)
        return Quote(
            herb=herb,
            grade=grade,
            origin="",
            market=market,
            day=day,
            fen_per_kg=price.fen_per_kg,
            low_fen_per_kg=price.low_fen_per_kg,
            high_fen_per_kg=price.high_fen_per_kg,
            source=self._reading.source,
            tier=self._reading.tier or Tier.WEB,
            at=at,
        )


def _clauses(sentence: str, pattern: re.Pattern[str], at: Location) -> Iterator[PricedClause]:
    """The priced clauses of a sentence; raises `UnreadSentence` if one of them is not certain."""
    for text in CLAUSE_END.split(sentence):
        if not re.search(r"\d", text):
            continue
        clause = read_clause(text, pattern)
        if clause is None:
            raise _unread(at, f"“{text.strip()[:40]}”不能确定", f"“{text.strip()[:40]}” is not certain")
        yield clause


def _lines(raw: RawBody) -> Sequence[str]:
    if form_of(raw.content) is Form.HTML:
        return lines_of(raw.content, raw.name)
    return decode_text(raw.content, raw.name).splitlines()


def _any_of(names: Collection[str]) -> re.Pattern[str]:
    """A pattern of any of the names, the longest first; of nothing where there are none."""
    words = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


def _unread(at: Location, zh: str, en: str) -> UnreadSentence:
    return UnreadSentence(at=at, why=Said(zh=zh, en=en))
