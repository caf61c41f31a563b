"""A served small city with a pack in every state a scan page can show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from api.holding import ask_closing, close, recall
from api.station import Station
from tests.journeys.serving import serving
from tests.journeys.small_city import load
from tests.trace.holding import FIRST, SECOND, hold
from tests.trace.season import GROWER, MAKER
from trace.coding.trace_code import decode
from trace.recalls.recalls import RecallNew
from trace.registers.licences import LicenceNew, register_licence
from trace.registers.register_words import LicenceKind
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan

REASON, ADVICE = "农药残留超标", "已购买者可凭包装退货"
CITIES = ("110100", "310100", "440100", "510100", "330100")
LAPSED = LicenceNew(
    kind=LicenceKind.GAP,
    number="皖GAP-2023-001",
    issuer="安徽省中药材生产质量管理规范延伸检查办公室",
    valid_from=date(2023, 1, 1),
    valid_until=date(2024, 12, 31),
)
"""Held when the herb was sown, and no more when it was harvested."""


@dataclass(frozen=True, slots=True)
class ScanStates:
    """The addresses of the pages, by state."""

    base: str
    station: Station
    paths: dict[str, str]

    def page(self, state: str, query: str = "?lang=zh") -> str:
        """Return the whole address of the page of a state."""
        return f"{self.base}{self.paths[state]}{query}"


@contextmanager
def scan_states(folder: Path) -> Iterator[ScanStates]:
    """Serve the season of the small city, with packs that something is the matter with."""
    with serving(folder, scan_rate="100000/minute", unknown_code_rate="100000/minute") as station:
        codes = load(station).codes
        station.writer.submit(lambda session: _more(session, station, codes))
        issued = station.writer.submit(lambda session: _spare(session, station))
        station.settle()
        paths = {
            "good": f"/s/{codes[0]}",
            "doubtful": f"/s/{codes[1]}",
            "frozen": f"/s/{codes[2]}",
            "not_activated": f"/s/{issued}",
            "no_code": "/s/12345-ABCDE",
            "pin": f"/s/{codes[0]}/pin",
            "complain": f"/s/{codes[0]}/complain",
        }
        yield ScanStates(station.settings.base_url, station, paths)


@contextmanager
def recalled(states: ScanStates) -> Iterator[str]:
    """Recall the whole harvest, and with it every pack, for as long as wanted; gives the notice's address."""
    new = {"lots": ["BS-FRESH"], "class": 1, "reason": REASON, "advice": ADVICE}
    opened = recall(states.station, RecallNew.model_validate(new), FIRST).recall_id
    states.station.settle()
    try:
        yield f"/recalls/{opened}"
    finally:
        ask_closing(states.station, opened, "lifted", "复检合格", FIRST)
        close(states.station, opened, SECOND)


def _more(session: Session, station: Station, codes: tuple[str, ...]) -> None:
    """Freeze one pack, have another scanned all over the country, register a licence that lapsed."""
    hold(session, station.recorder, "code", codes[2], "抽检不合格", station.clock())
    serial = decode(codes[1], station.code_keys)
    scans = [
        Scan(serial=serial, at_ms=station.clock() + nth, city=city, device=f"d{nth}", network=f"n{nth}")
        for nth, city in enumerate(CITIES * 3)
    ]
    add_scans(session, scans)
    register_licence(session, station.recorder.declarer, GROWER, LAPSED, station.clock())


def _spare(session: Session, station: Station) -> str:
    batch = station.recorder.issue_codes(session, MAKER, 1, station.clock())
    return station.recorder.issuer.codes(batch)[0]
