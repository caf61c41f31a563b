"""One clerk's file that keeps everybody else from writing: their steps, freezes and recalls."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import pytest
from sqlmodel import Session, func, select
from starlette.testclient import TestClient

from api import importing
from api.errors import ApiError, TooBusy, WriteInterrupted
from api.importing import StepsTaken, anyone, take_in_steps
from api.portion_errors import InterruptedThere
from api.station import Station
from ledger.errors import ManyFaults
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import GROWER, MAKER, PHARMACY, register_all
from trace.errors import AwaitsRow, StoppedThere, UnknownPlace
from trace.portions import PORTION, WHOLE
from trace.projections import lots_named
from trace.tables import StepRow

HEADINGS = "环节,主体,地点,时间,产出批次,药材,种子来源,所涉批次,对方主体"
MADE = 25


def bought(number: int, place: str = "WORKS") -> str:
    return (
        f"种子种苗,{MAKER},{place},2024-03-01 {number // 60:02}:{number % 60:02},W-{number}=5公斤,白芍,自购,,"
    )


def shipped(lot: str, day: str = "02") -> str:
    return f"发货,{MAKER},WORKS,2024-03-{day} 08:00,,,,{lot},{PHARMACY}"


def taken(
    station: Station, lines: Sequence[str], *, proceed: bool = False, allow: Callable[[str], None] = anyone
) -> StepsTaken:
    return take_in_steps(
        station, "\n".join((HEADINGS, *lines)).encode(), "a.csv", proceed=proceed, allow=allow
    )


def steps_on_record(session: Session) -> int:
    return session.exec(select(func.count()).select_from(StepRow)).one()


@pytest.fixture(autouse=True)
def small_portions(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more than ten rows is large, and written five rows at a time."""
    assert (WHOLE, PORTION) == (500, 200)
    monkeypatch.setattr(importing, "WHOLE", 10)
    monkeypatch.setattr(importing, "PORTION", 5)
    station.writer.submit(lambda session: register_all(session, station.recorder))


def in_the_writer() -> bool:
    return threading.current_thread().name == "daodi-writer"


@ON_BOTH_DATABASES
@pytest.mark.parametrize("proceed", [False, True])
def test_a_freeze_asked_for_while_a_file_is_taken_in_is_written_before_its_last_rows(
    station: Station, *, proceed: bool
) -> None:
    frozen: list[Future[int]] = []

    def freeze(_: str) -> None:
        if in_the_writer() and not frozen:
            frozen.append(station.writer.promise(steps_on_record))

    report = taken(station, [bought(number) for number in range(MADE)], proceed=proceed, allow=freeze)
    assert report.accepted == MADE
    assert frozen[0].result() <= 2 * 5


def test_a_file_that_is_plainly_wrong_never_reaches_the_writer(station: Station) -> None:
    reached: list[str] = []
    rows = [bought(number, "NOWHERE") for number in range(MADE)]
    with pytest.raises(ManyFaults) as refused:
        taken(station, rows, allow=lambda uscc: reached.append(uscc) if in_the_writer() else None)
    assert [type(fault) for fault in refused.value.faults] == [UnknownPlace] * MADE
    assert [fault.at.row for fault in refused.value.faults] == list(range(2, MADE + 2))
    assert reached == []


def test_a_file_that_stops_half_way_says_what_stands_and_adds_only_the_rest_when_mended(
    station: Station,
) -> None:
    rows = [bought(number) for number in range(12)]
    with pytest.raises(ManyFaults) as refused:
        taken(station, [*rows, shipped("W-NONE")])
    stopped, wrong = refused.value.faults
    assert isinstance(stopped, StoppedThere)
    assert (stopped.parts["count"], stopped.parts["rows"], wrong.at.row) == (10, "2–11", 14)
    assert "nothing was written" not in refused.value.message("en")
    mended = taken(station, [*rows, shipped("W-3")])
    assert (mended.accepted, mended.duplicates) == (3, 10)


def test_a_file_at_fault_in_its_first_rows_leaves_nothing_behind(station: Station) -> None:
    with pytest.raises(ManyFaults) as refused:
        taken(
            station,
            [*(bought(number) for number in range(3)), shipped("W-NONE", "01"), *[shipped("W-2")] * 9],
        )
    assert "nothing was written" in refused.value.message("en")
    with station.database.read() as session:
        assert lots_named(session, ["W-0", "W-1", "W-2"]) == {}


def test_a_row_that_needs_one_refused_in_an_earlier_portion_says_so(station: Station) -> None:
    rows = [bought(number) for number in range(12)]
    rows[0] = rows[0].replace(MAKER, GROWER)
    report = taken(station, [*rows, shipped("W-0")], proceed=True, allow=_only_the_maker)
    assert (report.accepted, report.rejected) == (11, 2)
    assert isinstance(report.faults[-1], AwaitsRow)


@pytest.mark.parametrize("proceed", [False, True])
@pytest.mark.parametrize("cause", [TooBusy(waiting=9, limit=9), WriteInterrupted()])
def test_a_file_that_is_cut_off_half_way_says_what_stands_and_adds_only_the_rest_when_sent_again(
    station: Station, monkeypatch: pytest.MonkeyPatch, cause: ApiError, *, proceed: bool
) -> None:
    rows = [bought(number) for number in range(12)]
    rows[2] = rows[2].replace(MAKER, GROWER) if proceed else rows[2]
    submit, left = station.writer.submit, [1, 1]

    def cut_off(work: Callable[[Session], object]) -> object:
        if not left:
            raise cause
        left.pop()
        return submit(work)

    monkeypatch.setattr(station.writer, "submit", cut_off)
    with pytest.raises(InterruptedThere) as told:
        taken(station, rows, proceed=proceed, allow=_only_the_maker)
    monkeypatch.setattr(station.writer, "submit", submit)
    stands = (9, "2–3, 5–11") if proceed else (10, "2–11")
    assert (told.value.parts["count"], told.value.parts["rows"]) == stands
    for language in ("zh", "en"):
        assert cause.message(language) in told.value.message(language)
    again = taken(station, rows, proceed=proceed, allow=_only_the_maker)
    assert (again.accepted, again.duplicates) == (2, stands[0])


def test_a_file_that_is_cut_off_before_anything_stands_is_refused_as_it_always_was(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: Callable[[Session], object]) -> object:
        raise TooBusy(waiting=9, limit=9)

    monkeypatch.setattr(station.writer, "submit", busy)
    with pytest.raises(TooBusy):
        taken(station, [bought(number) for number in range(12)])


def _only_the_maker(uscc: str) -> None:
    if uscc != MAKER:
        raise UnknownPlace(place=uscc)


def test_one_upload_brings_no_more_rows_or_packs_than_the_service_allows(
    client: TestClient, station: Station, token_with: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(station.settings.__dict__, "most_upload_rows", 100)
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=MAKER)}"}
    packing = f"环节,主体,地点,时间,投入批次,包数,每包重量\n包装赋码,{MAKER},WORKS,2024-03-03,W-1,100000,1克"
    for body in ("\n".join((HEADINGS, *map(bought, range(100)))), packing):
        sent = client.post("/v1/imports/steps", files={"file": ("a.csv", body.encode())}, headers=headers)
        assert (sent.status_code, sent.json()["type"]) == (413, "/problems/file-too-long")
