"""A small season for tests: parties, places, and steps from seed to sale, as they would be sent."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import create_engine, event
from sqlmodel import Session

import ledger.tables  # noqa: F401  registers the log's tables
from ledger.keys import SigningKey
from ledger.private.private_cipher import WrappingKey
from ledger.private.private_vault import vault_of
from ledger.registry import found
from tests.made_tables import make_tables
from trace.coding.code_keys import CodeKeys
from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.registers.licences import LicenceNew, register_licence
from trace.registers.register_words import LicenceKind
from trace.service import Recorder
from trace.steps import StepNew
from trace.vocabulary import NodeType

ORIGIN = "log.example/bozhou"
BASE_URL = "https://trace.example"
DAY = 86_400_000
NOON = 1_709_265_600_000
"""2024-03-01T12:00:00+08:00."""

GROWER = make_uscc("9", "3", "341602", "MA2N3B4C")
COOP = make_uscc("N", "2", "621126", "MF987654")
MAKER = make_uscc("9", "1", "341602", "MA8Q1234")
PHARMACY = make_uscc("9", "1", "110105", "MA01ABCD")
NAMES = {GROWER: "谯城白芍种植合作社", COOP: "岷县当归合作社", MAKER: "亳州饮片厂", PHARMACY: "朝阳大药房"}
PLACES = {
    "PLOT": (GROWER, "341602", "白芍地块"),
    "PLOT-D": (COOP, "621126", "当归地块"),
    "WORKS": (MAKER, "341602", "饮片车间"),
    "COUNTER": (PHARMACY, "110105", "药房柜台"),
}
LICENCES = {
    GROWER: LicenceKind.PRODUCTION,
    MAKER: LicenceKind.PRODUCTION,
    PHARMACY: LicenceKind.DISTRIBUTION,
}


class Stream:
    """Bytes that look random and are the same in every run."""

    def __init__(self, seed: str = "season") -> None:
        self.seed, self.count = seed, 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.shake_256(f"{self.seed}/{self.count}".encode()).digest(size)


VAULT = vault_of(WrappingKey(bytes(range(32))), Stream("vault"))
"""Shared by all recorders of a run: nonces and keys never repeat."""


def signer_of(uscc: str) -> SigningKey:
    return SigningKey.from_seed(hashlib.sha256(uscc.encode()).digest())


def operator_key() -> SigningKey:
    return SigningKey.from_seed(b"log" + bytes(29))


def recorder(seed: str = "season") -> Recorder:
    return Recorder(
        origin=ORIGIN,
        base_url=BASE_URL,
        signer_of=signer_of,
        operator_key=operator_key,
        code_keys=CodeKeys.from_secrets([bytes(32)]),
        randomness=Stream(seed),
        vault=VAULT,
    )


@contextmanager
def founded(url: str) -> Iterator[Session]:
    """A session on a fresh database with a founded log and the parties and places of the season."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        # Python's sqlite3 opens no transaction for a savepoint; the house opens each itself.
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    make_tables(engine)
    with Session(engine) as session:
        found(session, ORIGIN, operator_key(), NOON)
        register_all(session, recorder("register"))
        yield session
    engine.dispose()


def _prepare(raw: sqlite3.Connection, _: object) -> None:
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys=ON").close()


def register_all(session: Session, by: Recorder) -> None:
    for uscc, name in NAMES.items():
        new = PartyNew(uscc=uscc, name=name, node_types=(NodeType.GROWER,), division="341602")
        by.register_party(session, new, NOON)
    for place_id, (uscc, division, name) in PLACES.items():
        by.register_place(
            session, PlaceNew(place_id=place_id, name=name, party=uscc, division=division), NOON
        )
    for uscc, kind in LICENCES.items():
        licence = LicenceNew(
            kind=kind, number="皖20200001", issuer="安徽省药监局", valid_from=date(2020, 1, 1)
        )
        register_licence(session, by.declarer, uscc, licence, NOON)


def lot(name: str, grams: int | None = None, herb: str | None = None, grade: str | None = None) -> dict:
    return {key: value for key, value in locals().items() if value is not None and key != "name"} | {
        "lot": name
    }


def step(stage: str, day: int, place: str = "PLOT", **rest: object) -> StepNew:
    """A step on `day` of the season, at noon plus a minute for each call's `minute`."""
    minute = int(str(rest.pop("minute", 0)))
    at = NOON + day * DAY + minute * 60_000
    from trace.events import iso_time

    party = rest.pop("party", PLACES[place][0])
    return StepNew.model_validate(
        {"stage": stage, "party": party, "place": place, "time": iso_time(at, 480), **rest}
    )


def at(day: float) -> int:
    return NOON + int(day) * DAY + 3_600_000


def white_peony() -> list[tuple[StepNew, int]]:
    """白芍 from seed to a sale by the pharmacy, with a split and a merge; (step, recorded_ms)."""
    steps = [
        step(
            "seed",
            0,
            outputs=[lot("BS-SEED", 50_000, "白芍")],
            fields={"seed_source": "自购", "variety": "线条"},
        ),
        step(
            "planting",
            5,
            inputs=[lot("BS-SEED", 40_000)],
            outputs=[lot("BS-PLANT")],
            fields={"area_mu": "12.5", "phone": "13800138000", "responsible": "张三丰"},
        ),
        step("field_work", 100, lots=[lot("BS-PLANT")], fields={"work": "除草", "operator": "李四光"}),
        step("harvest", 900, inputs=[lot("BS-PLANT")], outputs=[lot("BS-FRESH", 3_000_900)]),
        step(
            "primary_processing",
            905,
            inputs=[lot("BS-FRESH")],
            outputs=[lot("BS-HERB", 1_000_000, grade="统")],
            fields={"method": "去皮水煮后晒干", "drying": "晒干"},
        ),
        step(
            "test",
            910,
            lots=[lot("BS-HERB")],
            fields={"report_number": "BG-1", "inspector": "王五"},
            results=[{"measurand": "二氧化硫残留量", "value": "120.5", "unit": "mg/kg"}],
        ),
        step(
            "split",
            911,
            inputs=[lot("BS-HERB", 900_000)],
            outputs=[lot("BS-A", 500_000), lot("BS-B", 400_000)],
        ),
        step(
            "merge", 912, inputs=[lot("BS-A", 500_000), lot("BS-B", 100_000)], outputs=[lot("BS-M", 600_000)]
        ),
        step("ship", 913, lots=[lot("BS-M")], counterparty=MAKER, fields={"vehicle": "皖S12345"}),
        step("receive", 914, "WORKS", lots=[lot("BS-M")], counterparty=GROWER),
        step(
            "paozhi",
            915,
            "WORKS",
            inputs=[lot("BS-M")],
            outputs=[lot("YP-1", 550_000)],
            fields={"method": "切薄片", "standard": "中国药典2020年版", "technician": "赵六"},
        ),
        step("pack", 916, "WORKS", inputs=[lot("YP-1")], packs=20, grams_per_pack=500, id="pack-1"),
        step("ship", 917, "WORKS", lots=[lot("YP-1")], counterparty=PHARMACY),
        step("receive", 918, "COUNTER", lots=[lot("YP-1")]),
        step(
            "sale",
            919,
            "COUNTER",
            lots=[lot("YP-1", 1_000)],
            fields={"price_fen_per_kg": 12_345, "channel": "零售", "customer": "钱七"},
        ),
    ]
    return [(each, at((each.time.timestamp() * 1000 - NOON) // DAY)) for each in steps]
