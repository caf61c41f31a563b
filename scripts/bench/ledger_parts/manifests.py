"""A file of steps taken in: one manifest for its party against one signature for each step.

The same steps, rules and rows both ways, on SQLite with production settings; runs take turns.
"""

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from figures.measure import rates_in_turn
from figures.row import Row
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers the tables
from api import sqlite_engines
from ledger.errors import Location
from ledger.keys import SigningKey
from ledger.private.private_cipher import WrappingKey
from ledger.private.private_vault import vault_of
from ledger.registry import found
from trace.coding.code_keys import CodeKeys
from trace.identifiers import make_uscc
from trace.imports import ReadResult, ReadRow, take_in
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.service import Recorder
from trace.steps import StepNew
from trace.vocabulary import NodeType

ORIGIN: Final = "log.example/bench"
PARTY: Final = make_uscc("9", "3", "341602", "MA2N3B4C")
AT_MS: Final = 1_735_689_600_000
_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True)
class Deployment:
    """A founded log with one party and one place."""

    session: Session
    recorder: Recorder


def rows(*, quick: bool) -> list[Row]:
    """The one line of this part."""
    count, runs = (200, 2) if quick else (2_000, 5)
    with tempfile.TemporaryDirectory() as folder, _deployment(Path(folder)) as here:
        by_manifest, one_by_one = rates_in_turn(
            (lambda: _in_one_file(here, count), lambda: _each_alone(here, count)), count, runs
        )
    return [
        Row(
            what="importing steps from a file: one manifest against one signature each",
            ours=by_manifest.text(" steps/s"),
            baseline=one_by_one.text(" steps/s"),
            ratio=by_manifest.median / one_by_one.median,
            note=f"{count:,} steps a file, SQLite, rules and rows included",
        )
    ]


@contextmanager
def _deployment(folder: Path) -> Iterator[Deployment]:
    engine = sqlite_engines.write_engine(folder / "daodi.sqlite", 5000)
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
    key = SigningKey.from_seed(bytes(range(32)))
    recorder = Recorder(
        origin=ORIGIN,
        base_url="https://bench.example",
        signer_of=lambda _: key,
        operator_key=lambda: SigningKey.from_seed(bytes(32)),
        code_keys=CodeKeys.from_secrets([bytes(32)]),
        randomness=os.urandom,
        vault=vault_of(WrappingKey(os.urandom(32)), os.urandom),
    )
    with Session(engine) as session:
        found(session, ORIGIN, SigningKey.from_seed(bytes(32)), AT_MS)
        new = PartyNew(uscc=PARTY, name="合作社", node_types=(NodeType.GROWER,), division="341602")
        recorder.register_party(session, new, AT_MS)
        place = PlaceNew(place_id="HILL", name="山", party=PARTY, division="341602")
        recorder.register_place(session, place, AT_MS)
        session.commit()
        yield Deployment(session, recorder)
    engine.dispose()


def _in_one_file(here: Deployment, count: int) -> None:
    steps = tuple(ReadRow(at=Location(row=row), new=_step()) for row in range(count))
    take_in(here.session, here.recorder, ReadResult(steps=steps), AT_MS)
    here.session.commit()


def _each_alone(here: Deployment, count: int) -> None:
    for _ in range(count):
        with here.session.begin_nested():
            here.recorder.record_step(here.session, _step(), AT_MS)
    here.session.commit()


def _step() -> StepNew:
    return StepNew.model_validate(
        {
            "stage": "gathering",
            "party": PARTY,
            "place": "HILL",
            "time": datetime.fromtimestamp(AT_MS / 1000 - 3600, UTC).isoformat(),
            "outputs": [{"lot": f"L{next(_NUMBERS)}", "grams": 1_000, "herb": "白芍"}],
            "fields": {"area_name": "山里", "identified_by": "甲"},
        }
    )
