"""Requests that arrive once to five times, at once and in any order: each leaves exactly one entry.

A third are steps through the recorder, recognised by the party's own id; a third are statements through the
outbox and a third documents through the lane, recognised by their statement id. All of a running station.
"""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import col, select

from api import operator_token
from api.station import Station
from crash.diary import Diary
from crash.ground import AT_MS, document_of, prepare, settings_of, step_of
from crash.judge import Breach, Violation, judge
from crash.outcome import Outcome
from ledger.errors import DuplicateStatement
from ledger.subjects.subject_index import SUBJECT
from ledger.tables import EntryRow
from ledger.writing import outbox
from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.steps import StepNew
from trace.vocabulary import NodeType

MOST_DELIVERIES: Final = 5
_SENDERS: Final = 32
_PARTY: Final = make_uscc("9", "3", "341602", "MA2N3B4C")
_PLACE: Final = "PLOT"
_SUBJECTS: Final = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What one delivery was answered."""

    statement_id: str
    first: bool
    """Whether this delivery wrote something."""


Door = Callable[[Station, int], Answer]
"""Delivers request number so-and-so once."""


def deliver(station: Station, number: int) -> Answer:
    """Deliver a request as a client does."""
    match number % 3:
        case 0:
            return _deliver_step(station, f"step-{number}")
        case 1:
            return _deliver_statement(station, number)
        case _:
            return _deliver_document(station, number)


def deliver_unrecognised(station: Station, _: int) -> Answer:
    """Deliver a request to a service that takes every delivery for a new one (the planted fault)."""
    return _deliver_step(station, None)


def deliveries(
    count: int, seed: int, door: Door = deliver, step: Callable[[], None] = lambda: None
) -> Outcome:
    """Deliver `count` requests once to five times each and count what they left."""
    chance = random.Random(f"deliveries/{seed}")
    due = [number for number in range(count) for _ in range(chance.randint(1, MOST_DELIVERIES))]
    chance.shuffle(due)
    with tempfile.TemporaryDirectory(prefix="daodi-deliveries-") as temporary:
        settings = settings_of(Path(temporary) / "service")
        prepare(settings)
        with Station.open(settings) as station:
            register(station)
            station.settle()
            before = _logged(station)
            with ThreadPoolExecutor(_SENDERS) as senders:
                answers = list(senders.map(lambda number: _counted(station, number, door, step), due))
            station.settle()
            return _judged(station, count, due, answers, before)


def _counted(station: Station, number: int, door: Door, step: Callable[[], None]) -> Answer:
    answer = door(station, number)
    step()
    return answer


def _judged(
    station: Station, count: int, due: Sequence[int], answers: Sequence[Answer], before: set[str]
) -> Outcome:
    diary = Diary(acknowledged=[answer.statement_id for answer in answers])
    outcome = Outcome("deliveries", count, len(answers), notes=[f"{len(due)} deliveries of {count} requests"])
    names: dict[int, set[str]] = {}
    written: Counter[int] = Counter()
    for number, answer in zip(due, answers, strict=True):
        names.setdefault(number, set()).add(answer.statement_id)
        written[number] += answer.first
    for number, ids in names.items():
        if len(ids) != 1 or written[number] != 1:
            words = f"request {number} was written {written[number]} times, under {len(ids)} ids"
            outcome.violations.append(Violation(Breach.REPEATED, words))
    left = _logged(station) - before
    if len(left) != count:
        words = f"{count} requests left {len(left)} entries"
        outcome.violations.append(Violation(Breach.REPEATED if len(left) > count else Breach.LOST, words))
    with station.database.read() as session:
        outcome.violations += judge(session, station.vkey, diary)
    return outcome


def _logged(station: Station) -> set[str]:
    """Return the ids of all entries but the subject indexes, which the service states by itself."""
    asked_for = select(col(EntryRow.statement_id)).where(col(EntryRow.subject) != SUBJECT)
    with station.database.read() as session:
        return set(session.exec(asked_for))


def register(station: Station) -> None:
    """Register the party and the place of the steps."""
    grower = PartyNew(
        uscc=_PARTY, name="谯城白芍种植合作社", node_types=(NodeType.GROWER,), division="341602"
    )
    plot = PlaceNew(place_id=_PLACE, name="白芍地块", party=_PARTY, division="341602")
    station.writer.submit(lambda session: station.recorder.register_party(session, grower, AT_MS))
    station.writer.submit(lambda session: station.recorder.register_place(session, plot, AT_MS))


def _deliver_step(station: Station, own_id: str | None) -> Answer:
    new = seed_step(own_id)
    recorded = station.writer.submit(
        lambda session: station.recorder.record_step(session, new, station.clock())
    )
    return Answer(recorded.statement_id, first=not recorded.replayed)


def seed_step(own_id: str | None, lot: str | None = None) -> StepNew:
    """Return a step that makes a lot of seed from nothing."""
    made = {
        "lot": lot or (own_id or f"SEED-{random.getrandbits(64):x}").upper(),
        "grams": 5000,
        "herb": "白芍",
    }
    return StepNew.model_validate(
        {
            "id": own_id,
            "stage": "seed",
            "party": _PARTY,
            "place": _PLACE,
            "time": "2024-03-01T12:00:00+08:00",
            "outputs": [made],
            "fields": {"seed_source": "自购", "variety": "线条"},
        }
    )


def _deliver_statement(station: Station, number: int) -> Answer:
    statement = step_of(f"statement-{number}", f"lot/{number % _SUBJECTS}", number, number + 1)
    try:
        station.writer.submit(lambda session: outbox.submit(session, statement))
    except DuplicateStatement:
        return Answer(statement.statement.id, first=False)
    return Answer(statement.statement.id, first=True)


def _deliver_document(station: Station, number: int) -> Answer:
    document = document_of(f"document-{number}", f"{number % _SUBJECTS}", number, b"%d" % number)
    token = operator_token.read(station.settings.folder) or ""
    taken = asyncio.run(station.lane.take(token, document))
    return Answer(taken.statement_id, first=not taken.replayed)
