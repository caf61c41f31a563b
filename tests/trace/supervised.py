"""A season with a regulator, for tests of integrity and supervision."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from trace.declaring import Declarer
from trace.identifiers import make_uscc
from trace.integrity.periods import Period, period
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.service import Recorder
from trace.steps import StepNew
from trace.vocabulary import NodeType

from .season import NOON, founded, recorder

REGULATOR = make_uscc("1", "1", "341602", "00385555")
SEASON: Period = period("2026Q3")
"""The quarter in which the season's goods leave their hands."""
AFTER = SEASON.until_ms + 3_600_000
"""When the quarter is over."""


@contextmanager
def supervised(url: str) -> Iterator[tuple[Session, Recorder]]:
    """The founded season with a regulator among its parties."""
    with founded(url) as session:
        by = recorder("supervised")
        new = PartyNew(
            uscc=REGULATOR, name="谯城区市场监管局", node_types=(NodeType.REGULATOR,), division="341602"
        )
        by.register_party(session, new, NOON)
        yield session, by


def declarer_of(by: Recorder) -> Declarer:
    return by.declarer


def take(session: Session, by: Recorder, steps: list[tuple[StepNew, int]]) -> None:
    for new, recorded_ms in steps:
        by.record_step(session, new, recorded_ms)


def party(session: Session, by: Recorder, number: int, division: str = "341602") -> tuple[str, str]:
    """Register one more maker with a place of its own; returns its USCC and the place."""
    uscc = make_uscc("9", "1", division, f"MA9X{number:04d}")
    by.register_party(
        session,
        PartyNew(uscc=uscc, name=f"饮片厂{number}", node_types=(NodeType.SLICE_MAKER,), division=division),
        NOON,
    )
    place = f"WORKS-{number}"
    by.register_place(session, PlaceNew(place_id=place, name=place, party=uscc, division=division), NOON)
    return uscc, place
