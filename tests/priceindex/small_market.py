"""A small market in a real database: quotes go in, releases come out, a log stands behind them."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlmodel import Session, create_engine

import priceindex.tables  # noqa: F401  registers the tables
from ledger import registry
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.writing.sequencer import Sequencer
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import Quote
from tests.made_tables import make_tables

ORIGIN = "log.example/bozhou"
KEY = SigningKey.from_seed(bytes(range(32)))
NOW_MS = 1_767_312_000_000
"""2026-01-02T00:00:00Z."""
CLASS_OF = {
    "白芍": "root", "白术": "root", "川芎": "root", "当归": "root", "党参": "root", "甘草": "root",
    "茯苓": "fungus_alga", "枸杞子": "fruit_seed",
}  # fmt: skip
"""The class of the eight herbs of the real file: 2020 pharmacopoeia, by the part used."""
UNCLASSED = "无谷虫"
"""A herb that may be quoted and has no class."""
KNOWN = KnownNames(
    herbs={*CLASS_OF, UNCLASSED},
    markets={
        "亳州": "亳州",
        "亳州中药材市场": "亳州",
        "bozhou": "亳州",
        "安国": "安国",
        "荷花池": "荷花池",
        "玉林": "玉林",
    },
    near_herbs=lambda name: [herb for herb in CLASS_OF if herb[0] == name[0]],
)


class SmallMarket:
    """A database with the tables of prices and of the log, and a founded log."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        make_tables(self.engine, "ledger_", "price_")
        with self.write() as session:
            registry.found(session, ORIGIN, KEY, NOW_MS)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end."""
        with Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that does not."""
        with Session(self.engine) as session:
            yield session

    def settle(self) -> None:
        """Integrate what waits in the log's outbox."""
        Sequencer(self.write, ORIGIN, fixed(KEY)).drain()


def day(text: str) -> datetime.date:
    """A date from its ISO form."""
    return datetime.date.fromisoformat(text)


def quote(
    fen: int, on: str, herb: str = "白芍", grade: str = "统", origin: str = "安徽", market: str = "亳州"
) -> Quote:
    """A quote of one cell."""
    return Quote(
        herb=herb, grade=grade, origin=origin, market=market, day=day(on), fen_per_kg=fen, source="test"
    )


def daily(prices: Iterable[int], start: str, herb: str = "白芍", **cell: str) -> list[Quote]:
    """One quote a day from `start`."""
    first = day(start)
    return [
        quote(fen, (first + datetime.timedelta(days=place)).isoformat(), herb, **cell)
        for place, fen in enumerate(prices)
    ]
