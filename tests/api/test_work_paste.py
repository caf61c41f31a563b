"""Pasting rows from a spreadsheet: every wrong cell says what is wrong, and nothing is written by halves."""

import re
from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.pasted_blocks import read_block, template_headings
from api.station import Station
from ledger.errors import DaodiError
from tests.trace.season import COOP, GROWER, register_all
from trace.projections import lots_named
from trace.vocabulary import Stage

HEADINGS = ("环节", "主体", "地点", "时间", "产出批次", "药材", "种子来源", "品种")
SEED = ("种子种苗", GROWER, "PLOT", "2024/3/1 8:00", "BS-1=50公斤", "白芍", "自购", "线条")


def tsv(*rows: tuple[str, ...]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def another(lot: str, mass: str = "50公斤", **changed: str) -> tuple[str, ...]:
    said = dict(zip(HEADINGS, SEED, strict=True)) | {"产出批次": f"{lot}={mass}"} | changed
    return tuple(said[name] for name in HEADINGS)


@pytest.fixture
def clerk(client: TestClient, station: Station, token_with: Callable[..., str]) -> TestClient:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    client.headers["Authorization"] = f"Bearer {token_with('steps:write', party=GROWER)}"
    client.follow_redirects = False
    return client


def lots(station: Station, *named: str) -> set[str]:
    with station.database.read() as session:
        return set(lots_named(session, named))


def sent(clerk: TestClient, block: str, act: str = "record", **more: str) -> Response:
    return clerk.post("/workbench/paste?lang=en", data={"block": block, "act": act, **more})


def test_a_check_says_what_the_recording_will_and_writes_nothing(clerk: TestClient, station: Station) -> None:
    good = tsv(HEADINGS, SEED, another("BS-2"))
    checked = sent(clerk, good, "check")
    assert (checked.status_code, "To be recorded: 2" in checked.text) == (200, True), checked.text
    assert lots(station, "BS-1", "BS-2") == set()
    recorded = sent(clerk, good, id="0b7e")
    assert recorded.status_code == 303
    page = clerk.get(recorded.headers["location"])
    assert ('data-recorded="0b7e"' in page.text, "Steps recorded: 2" in page.text) == (True, True)
    assert lots(station, "BS-1", "BS-2") == {"BS-1", "BS-2"}


def test_a_block_too_wide_for_a_screen_says_how_many_columns_it_has(clerk: TestClient) -> None:
    narrow = tsv(*(row[:4] for row in (HEADINGS, SEED)))
    wide = sent(clerk, tsv(HEADINGS, SEED), "check").text
    assert f"There are {len(HEADINGS)} columns: scroll sideways" in wide
    assert "scroll sideways" not in sent(clerk, narrow, "check").text


def test_each_wrong_cell_is_marked_and_can_be_mended_in_place(clerk: TestClient, station: Station) -> None:
    block = tsv(HEADINGS, SEED, another("BS-2", "很多"), another("BS-3", 地点="NOWHERE"))
    answer = sent(clerk, block)
    assert answer.status_code == 422
    invalid = set(re.findall(r'<input id="[^"]*" name="(c\.\d+\.\d+)"[^>]*aria-invalid="true"', answer.text))
    assert "c.1.4" in invalid
    assert not any(name.startswith("c.0.") for name in invalid)
    assert lots(station, "BS-1", "BS-2", "BS-3") == set()
    mended = sent(clerk, block, **{"c.1.4": "BS-2=5公斤", "c.2.2": "PLOT"})
    assert mended.status_code == 303, mended.text
    assert lots(station, "BS-1", "BS-2", "BS-3") == {"BS-1", "BS-2", "BS-3"}


def test_a_fault_of_the_rules_stands_in_its_row(clerk: TestClient) -> None:
    harvest = another("BS-9", "5公斤", 环节="采收", 种子来源="", 品种="")
    answer = sent(clerk, tsv(HEADINGS, SEED, harvest), "check")
    assert answer.status_code == 422
    rows = answer.text.split("<tr")
    assert ("✓" in rows[2], "✗" in rows[3]) == (True, True)


def test_only_the_good_rows_are_recorded_when_asked_and_the_others_stay(
    clerk: TestClient, station: Station
) -> None:
    block = tsv(HEADINGS, SEED, another("BS-2", "很多"))
    answer = sent(clerk, block, "good")
    assert (answer.status_code, "Recorded: 1 rows" in answer.text) == (422, True)
    assert lots(station, "BS-1", "BS-2") == {"BS-1"}
    assert 'value="BS-2=很多"' in answer.text
    assert "BS-1=50" not in answer.text


def test_the_same_block_sent_twice_records_nothing_twice(clerk: TestClient) -> None:
    block = tsv(HEADINGS, SEED)
    first, second = sent(clerk, block), sent(clerk, block)
    assert "accepted=1" in first.headers["location"]
    assert ("accepted" in second.headers["location"], "duplicates=1" in second.headers["location"]) == (
        False,
        True,
    )


def test_rows_without_headings_are_read_by_the_template_of_their_stage(
    clerk: TestClient, station: Station
) -> None:
    said = {"地点 place": "PLOT", "时间 time": "2024-03-01 08:00", "产出批次 outputs": "BS-7=50公斤"}
    said |= {"药材 herb": "白芍", "环节 stage": "种子种苗", "主体 party": GROWER}
    values = {"种子来源": "自购", "品种": "线条"}
    row = [
        said.get(heading) or next((v for k, v in values.items() if heading.startswith(k)), "")
        for heading in template_headings(Stage.SEED)
    ]
    bare = sent(clerk, "\t".join(row))
    assert (bare.status_code, "has no headings" in bare.text) == (422, True)
    assert sent(clerk, "\t".join(row), stage="seed").status_code == 303
    assert lots(station, "BS-7") == {"BS-7"}


def test_what_every_row_would_repeat_may_be_left_out() -> None:
    block = read_block("地点\t时间\nPLOT\t2024-03-01\n", Stage.HARVEST, GROWER)
    assert block.headings == ("地点", "时间", "环节 stage", "主体 party")
    assert block.rows == (("PLOT", "2024-03-01", "采收", GROWER),)


def test_a_cell_with_a_new_line_and_quotes_survives_the_page() -> None:
    text = 'stage\tplace\n采收\t"two ""lines""\nof one"\n'
    block = read_block(text, None, None)
    assert block.rows == (("采收", 'two "lines"\nof one'),)
    assert read_block(block.to_text(), None, None) == block


def test_another_partys_rows_are_refused(clerk: TestClient, station: Station) -> None:
    answer = sent(clerk, tsv(HEADINGS, another("BS-5", 主体=COOP)))
    assert answer.status_code == 422
    assert lots(station, "BS-5") == set()


def test_too_long_a_block_is_refused_as_a_whole() -> None:
    with pytest.raises(DaodiError):
        read_block("stage\tplace\n" + "采收\tPLOT\n" * 501, None, None)
    with pytest.raises(DaodiError):
        read_block(" \n\t\n", None, None)


def test_without_a_sign_in_nothing_is_shown_or_taken(client: TestClient) -> None:
    client.follow_redirects = False
    for path in ("/workbench/paste", "/workbench/upload", "/workbench/scan", "/workbench/drafts"):
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 401, path
    assert client.post("/workbench/paste", data={"block": "x"}).status_code in (303, 401, 403)
