"""Acts of those who collect prices: boards, lists, pages, forms, a week's trades, the quarantine desk."""

import hashlib
from dataclasses import dataclass

from sqlmodel import Session

from api.deciding import QuoteFilter, decide_quotes, desk_quotes
from api.importing import take_in_quotes
from api.quoted_names import known_names
from api.trade_quotes import take_in_week
from daodi_city.prices import PricePanel
from daodi_city.sources import BOARD, COLLECTORS, DEALERS, MARKET, WEB, Board, DealersList, WebPage
from daodi_city.town import Town
from ledger.keys import SigningKey
from ledger.registry import register_key
from priceindex.feeds.collectors_form import CollectorsForm
from priceindex.intake.desk import QuoteKey, Verdict
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Cell, Quote

COLLECTOR = SigningKey.from_seed(hashlib.sha256(b"daodi demo city: the key of its one collector").digest())
"""A real collector's key is random and secret; this one is the same in every demonstration."""


@dataclass(frozen=True, slots=True)
class ReadBoard:
    """The boards of all markets are read."""

    board: Board
    panel: PricePanel

    @property
    def at_ms(self) -> int:
        """When."""
        return self.board.at_ms

    def do(self, town: Town) -> None:
        """Take the quotes in."""
        _take_in(town, self.board.quotes(self.panel), BOARD, self.at_ms)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A web page is read."""

    page: WebPage

    @property
    def at_ms(self) -> int:
        """When."""
        return self.page.at_ms

    def do(self, town: Town) -> None:
        """Take the quotes in."""
        _take_in(town, list(self.page.quotes), WEB, self.at_ms)


@dataclass(frozen=True, slots=True)
class SendList:
    """The dealers send a file; rows that cannot be read wait, the others come in."""

    sent: DealersList

    @property
    def at_ms(self) -> int:
        """When."""
        return self.sent.at_ms

    def do(self, town: Town) -> None:
        """Import it, its raw body archived."""
        name = f"{DEALERS}-{self.sent.day}.csv"
        take_in_quotes(town.station, self.sent.body, name, DEALERS, proceed=True, submitter="demo-d 报价员丙")


@dataclass(frozen=True, slots=True)
class SendForm:
    """A collector asks at a stall and sends the answers under a signature."""

    at_ms: int
    quotes: tuple[Quote, ...]

    def do(self, town: Town) -> None:
        """Register the key, once, and import the form."""
        origin = town.station.settings.origin

        def register(session: Session) -> None:
            register_key(session, COLLECTOR, origin, self.at_ms, holder="采集员甲")

        town.write(register)
        town.station.settle()
        day = self.quotes[0].day
        form = CollectorsForm(
            source=COLLECTORS,
            point="示例·亳州药市交易厅 A 区 12 号",
            collector="采集员甲",
            market=MARKET,
            day=day.isoformat(),
            key="",
            quotes=tuple(
                {"herb": each.herb, "grade": each.grade, "origin": each.origin,
                 "price": f"{each.fen_per_kg / 100:.2f}", "unit": "元/公斤"}
                for each in self.quotes
            ),
        ).signed_by(COLLECTOR)  # fmt: skip
        take_in_quotes(
            town.station,
            form.to_json(),
            f"{COLLECTORS}-{day}.json",
            COLLECTORS,
            proceed=False,
            submitter="demo-c 采集员甲",
        )


@dataclass(frozen=True, slots=True)
class PriceWeek:
    """A week's recorded trades become quotes."""

    at_ms: int
    week: str

    def do(self, town: Town) -> None:
        """Sum them in the trace and take them in."""
        take_in_week(town.station, self.week)


@dataclass(frozen=True, slots=True)
class RejectSlips:
    """Somebody at the desk keeps some of the slipped prices out; the others go on waiting."""

    at_ms: int
    count: int

    def do(self, town: Town) -> None:
        """Reject the first of those that wait, with the reason."""
        with town.station.database.read() as session:
            waiting = desk_quotes(session, QuoteFilter(source=DEALERS), self.count)
        chosen = [QuoteKey(Cell(*each.cell), each.day, each.source) for each in waiting]
        reason = "示例：来件把每市斤的价写在每公斤栏，已请对方更正"
        decide_quotes(town.station, chosen, Verdict.REJECT, reason, "demo-b 复核员乙")


def _take_in(town: Town, quotes: list[Quote], source: str, at_ms: int) -> None:
    town.write(lambda session: take_in(session, quotes, source, at_ms, known=known_names()))
