"""A small city for the desk: the season of 白芍, a register of the trade, an inspection, a complaint, scores.

The clock stands still until a test moves it; it begins an hour after the quarter of the season.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.founding import found
from api.routes.complaints import filed
from api.settings import load_settings
from api.station import Station
from api.tokens import issue_token, parse_scopes
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import GROWER, MAKER, register_all, white_peony
from tests.trace.supervised import SEASON
from trace.integrity.complaints import ComplaintNew
from trace.integrity.inspections import InspectionNew, find
from trace.integrity.scoring import score_period
from trace.supervision.trade_register import TradeUnitNew, enter

HOST = "city.example"
WORDS = "买到的白芍有霉味，包装完好"
HOUR = 3_600_000
UNITS = (
    (MAKER, "341602", "slice_maker"),
    (GROWER, "341602", "grower"),
    (None, "341623", "grower"),
    (None, "130683", "market"),
)


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now_ms: int

    def __call__(self) -> int:
        return self.now_ms


@dataclass(frozen=True, slots=True)
class DeskCity:
    """A station with the city in it, and its regulator's browser."""

    station: Station
    clock: Clock
    client: TestClient
    """Without a sign-in."""
    codes: tuple[str, ...]
    complaint: str

    def token(self, name: str, *scopes: str, party: str | None = None) -> str:
        """Issue a token."""
        return self.station.writer.submit(
            lambda session: issue_token(
                session,
                name=name,
                scopes=parse_scopes(scopes),
                party=party,
                created_ms=self.clock(),
                expires_ms=None,
                randomness=self.station.randomness,
            )
        )

    def as_regulator(self, name: str = "officer one") -> dict[str, str]:
        """Return the headers of a person of the regulator."""
        return {"Authorization": f"Bearer {self.token(name, 'supervise', party=REGULATOR)}"}


@contextmanager
def desk_city(folder: Path) -> Iterator[DeskCity]:
    """Found a service on SQLite and load the city; threads do not run."""
    clock = begin()
    settings = load_settings(
        folder=folder / "service",
        origin=f"{HOST}/log",
        base_url=f"http://{HOST}",
        trusted_hosts=(HOST,),
    )
    found(settings, clock=clock)
    with Station.open(settings, clock=clock, background=False) as station:
        codes, complaint = load(station, clock)
        with TestClient(create_app(station), base_url=settings.base_url) as client:
            client.headers["Accept"] = "text/html"
            yield DeskCity(station, clock, client, tuple(codes), complaint)


def load(station: Station, clock: Clock) -> tuple[list[str], str]:
    """Put the city into a founded station; returns the codes of its packs and the id of its complaint."""
    codes = _season(station, clock)
    _supervised(station, clock)
    complaint = filed(station, ComplaintNew(category="quality", words=WORDS, code=codes[0]), "192.0.2.1")
    clock.now_ms = SEASON.until_ms + HOUR
    station.writer.submit(lambda session: score_period(session, station.recorder.declarer, SEASON, clock()))
    station.settle()
    return codes, complaint


def begin() -> Clock:
    """Return a clock that stands before the first step of the season."""
    return Clock(min(at_ms for _, at_ms in white_peony()) - 1)


def _season(station: Station, clock: Clock) -> list[str]:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, clock()))
    codes: list[str] = []
    for new, at_ms in white_peony():
        clock.now_ms = max(clock.now_ms, at_ms)
        work = partial(station.recorder.record_step, new=new, recorded_ms=at_ms)
        codes += station.writer.submit(work).codes
    return codes


def _supervised(station: Station, clock: Clock) -> None:
    """A register of four units, two of them recording, and an inspection that failed in the quarter."""
    clock.now_ms = SEASON.until_ms - 120 * HOUR
    declarer = station.recorder.declarer
    for number, (uscc, division, kind) in enumerate(UNITS):
        unit = TradeUnitNew(
            unit=f"U-{number}",
            kind="market" if kind == "market" else "firm",
            name=f"单位 {number}",
            division=division,
            node_type=kind,
            since=date(2024, 1, 1),
            uscc=uscc,
            source="名录",
        )
        work = partial(enter, declarer=declarer, new=unit, by=REGULATOR, at_ms=clock())
        station.writer.submit(work)
    looked = [{"subject": "quality", "outcome": "failed"}]
    new = InspectionNew.model_validate(
        {"party": MAKER, "subjects": looked, "role": "药品科", "points": 3, "due_ms": clock() + HOUR}
    )
    station.writer.submit(lambda session: find(session, declarer, new, REGULATOR, clock()))
