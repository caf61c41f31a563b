"""The lane: groups, each statement for itself, and one commit for all."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from api import statement_lane
from api.access.access_tables import AccessNoteRow
from api.access.noting import note_statements
from api.errors import NotYourParty, ScopeMissing, TokenRefused, WriterClosed
from api.statement_lane import StatementLane, TakenIn
from api.station import Station
from api.tokens import revoke_token
from ledger.entry import SignedStatement
from ledger.errors import BadSignature, DaodiError, DuplicateStatement, UnknownKey
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.open_party import COOP, RIVAL, STRANGER_KEY, reading, registered, signed

Issue = Callable[..., str]
NOTED = partial(note_statements, at_ms=NOW_MS)


@pytest.fixture
def lane(station: Station) -> Iterator[StatementLane]:
    """A lane that waits long enough for everything a test hands in at once."""
    registered(station)
    opened = StatementLane(
        station.writer,
        station.database.read,
        station.signature_checks.check,
        station.clock,
        NOTED,
        linger_seconds=0.3,
    )
    yield opened
    opened.close()


def _take(lane: StatementLane, sent: Sequence[tuple[str, SignedStatement]]) -> list[Any]:
    async def take() -> list[Any]:
        works = (lane.take(token, statement) for token, statement in sent)
        return await asyncio.gather(*works, return_exceptions=True)

    return asyncio.run(take())


def _commits(station: Station) -> list[int]:
    commits: list[int] = []
    event.listen(station.database.write_engine, "commit", lambda _: commits.append(1))
    return commits


@ON_BOTH_DATABASES
def test_a_group_is_one_transaction(lane: StatementLane, station: Station, token_with: Issue) -> None:
    token = token_with("steps:write", party=COOP)
    commits = _commits(station)
    taken = _take(lane, [(token, signed(reading(str(number)))) for number in range(50)])
    assert all(isinstance(each, TakenIn) for each in taken), taken
    assert len(commits) == 1


@ON_BOTH_DATABASES
def test_each_at_fault_fails_alone_and_keeps_its_own_reason(
    lane: StatementLane, station: Station, token_with: Issue
) -> None:
    coop, rival = token_with("steps:write", party=COOP), token_with("steps:write", party=RIVAL)
    feeder = token_with("quotes:write")
    good = [signed(reading(str(number))) for number in range(8)]
    forged = SignedStatement(
        statement=reading("6"), origin=good[6].origin, actor=good[6].actor, signature=good[5].signature
    )
    commits = _commits(station)
    outcomes = _take(
        lane,
        [
            (coop, good[0]),
            ("daodi_nonsense", good[1]),
            (coop, good[2]),
            (rival, good[3]),
            (feeder, good[4]),
            (coop, forged),
            (coop, signed(reading("7"), STRANGER_KEY)),
            (coop, good[0]),
            (coop, signed(reading("0", value="9.9"))),
        ],
    )
    kinds = [type(each) for each in outcomes]
    assert kinds == [
        TakenIn, TokenRefused, TakenIn, NotYourParty, ScopeMissing, BadSignature, UnknownKey, TakenIn,
        DuplicateStatement,
    ]  # fmt: skip
    assert [outcomes[place].replayed for place in (0, 2, 7)] == [False, False, True]
    assert len(commits) == 1


def test_what_breaks_a_whole_group_is_tried_again_one_by_one(
    lane: StatementLane, token_with: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault nobody foresaw, of a kind `submit_many` does not keep to one statement."""
    token = token_with("steps:write", party=COOP)
    known = statement_lane.submit_many

    def breaks(session: Session, group: Sequence[SignedStatement], *, checked: bool) -> list[Any]:
        if any(each.statement.id.endswith("/13") for each in group):
            raise ArithmeticError("poison")
        return list(known(session, group, checked=checked))

    monkeypatch.setattr(statement_lane, "submit_many", breaks)
    outcomes = _take(lane, [(token, signed(reading(str(number)))) for number in range(20)])
    failed = [place for place, each in enumerate(outcomes) if not isinstance(each, TakenIn)]
    assert failed == [13]
    assert isinstance(outcomes[13], ArithmeticError)


def test_nobody_is_answered_before_the_commit(
    lane: StatementLane, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=COOP)
    asked: list[asyncio.Task[TakenIn]] = []
    answered: list[bool] = []

    def before_commit(_: object) -> None:
        time.sleep(0.3)  # an answer given too early would have come by then
        answered.append(asked[0].done())

    event.listen(station.database.write_engine, "commit", before_commit)

    async def take() -> None:
        asked.append(asyncio.create_task(lane.take(token, signed(reading()))))
        await asked[0]

    asyncio.run(take())
    assert answered == [False]


def test_a_token_counts_no_longer_from_the_moment_it_is_revoked(
    lane: StatementLane, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=COOP)
    assert isinstance(_take(lane, [(token, signed(reading("1")))])[0], TakenIn)
    station.writer.submit(lambda session: revoke_token(session, token.split("_")[1], NOW_MS))
    assert isinstance(_take(lane, [(token, signed(reading("2")))])[0], TokenRefused)


def test_a_lane_that_closes_deals_with_all_it_took_and_takes_no_more(
    station: Station, token_with: Issue
) -> None:
    registered(station)
    token = token_with("steps:write", party=COOP)
    lane = StatementLane(
        station.writer,
        station.database.read,
        station.signature_checks.check,
        station.clock,
        NOTED,
        linger_seconds=5,
    )

    async def take() -> list[Any]:
        asked = [asyncio.create_task(lane.take(token, signed(reading(str(n))))) for n in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(lane.close)
        return await asyncio.gather(*asked)

    assert all(isinstance(each, TakenIn) for each in asyncio.run(take()))
    assert not lane.alive
    (refused,) = _take(lane, [(token, signed(reading("9")))])
    assert isinstance(refused, WriterClosed)


def test_a_check_that_fails_is_told_to_everybody_and_ends_nothing(
    station: Station, token_with: Issue
) -> None:
    registered(station)
    token = token_with("steps:write", party=COOP)
    broken = [True]

    def check(claims: Sequence[tuple[bytes, bytes, bytes]]) -> list[bool]:
        if broken:
            raise OSError("workers died")
        return station.signature_checks.check(claims)

    lane = StatementLane(station.writer, station.database.read, check, station.clock, NOTED)
    assert isinstance(_take(lane, [(token, signed(reading()))])[0], OSError)
    broken.clear()
    assert not isinstance(_take(lane, [(token, signed(reading()))])[0], DaodiError)
    lane.close()


def test_who_hands_in_several_statements_is_noted_once_with_how_many(
    lane: StatementLane, station: Station, token_with: Issue
) -> None:
    token = token_with("steps:write", party=COOP)
    _take(lane, [(token, signed(reading(str(number)))) for number in range(3)])
    with station.database.read() as session:
        notes = session.exec(select(AccessNoteRow)).all()
    assert sum(int(json.loads(note.objects)["statements"]) for note in notes) == 3
    assert {(note.who, note.party) for note in notes} == {(token.split("_")[1], COOP)}
