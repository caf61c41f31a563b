"""A collector's form: signed, set aside, let in by another person, seen as a revision in the next release.

The market quotes 白芍 at 40 yuan and 当归 at 100. On one day only the collector asks, and is told 80 for
白芍: twice the price, as if half kilograms were meant. It is true: 1,500 by hand, where 1,000 was published.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.keyring.key_files import read_key
from tests.journeys.index_office import Office, index_office, table

ASKED = date(2022, 2, 10)
SOURCE = "collectors"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with index_office(tmp_path / "office") as opened:
        yield opened


@pytest.fixture
def form(office: Office, tmp_path: Path) -> bytes:
    """A sheet as the collector fills it in, signed with a key that is registered in the log."""
    key, sheet, signed = tmp_path / "key", tmp_path / "form.csv", tmp_path / "form.json"
    office.town.command("keys", "new", str(key), "--plain")
    sheet.write_text(
        f"采集点,康美中药城 A 区 12 号\n采集人,张三\n市场,亳州\n日期,{ASKED}\n品名,规格,产地,价格\n"
        "白芍,统,安徽,80\n当归,统,甘肃,100\n",
        "utf-8",
    )
    office.town.command(
        "feeds", "sign-form", str(sheet), "--key", str(key), "-o", str(signed), "--source", SOURCE
    )
    office.registered(read_key(key, None))
    return signed.read_bytes()


def published(office: Office, until: date) -> Any:
    office.reach(f"{until} 17:00")
    body = {"family": "bozhou", "until": str(until)}
    return office.town.sent("/v1/releases", body, office.editor())


def boards(office: Office, first: date, last: date) -> None:
    """Take the market's board in, from one day through another."""
    head, *lines = table(last).decode().splitlines()
    kept = [line for line in lines if line.split(",")[4] >= str(first)]
    body = "\n".join((head, *kept)).encode()
    office.sent_file("board.csv", body, "fair", office.keeper())


def test_a_form_is_set_aside_let_in_by_another_and_seen_as_a_revision(office: Office, form: bytes) -> None:
    office.reach(f"{ASKED} 16:00")
    boards(office, date(2022, 1, 1), ASKED - timedelta(1))
    collector = office.town.bearer(None, "quotes:write", "Zhang San")
    taken = office.sent_file("form.json", form, SOURCE, collector)
    assert (taken["accepted"], taken["quarantined"]) == (1, 1)
    assert published(office, ASKED)["value"] == "1000.00"

    [aside] = office.town.read("/v1/quarantine", office.verifier())["quotes"]
    assert "unit-slip-x2" in str(aside)
    decision = {"verdict": "release", "reason": "电话核实：当日成交确为此价", "filter": {"source": SOURCE}}
    del office.town.tokens[None, "Zhang San"]  # the same person with another token
    himself = office.town.bearer(None, "quotes:decide", "Zhang San")
    own = office.town.client.post("/v1/quarantine/decisions", json=decision, headers=himself)
    assert (own.status_code, own.json()["type"].rpartition("/")[2]) == (403, "own-quote"), own.text
    done = office.town.sent("/v1/quarantine/decisions", decision, office.verifier())
    assert done["quotes"] == 1

    office.reach(f"{ASKED + timedelta(1)} 16:00")
    boards(office, ASKED + timedelta(1), ASKED + timedelta(1))
    later = published(office, ASKED + timedelta(1))
    assert later["value"] == "1000.00"
    now = office.value_of("bozhou", str(ASKED))
    assert (now["value"], now["release"], now["vintage"]) == ("1500.0000", later["id"], 2)
    triangle = office.town.read(f"/v1/releases/{later['id']}/triangle", last="2")
    [row] = [each for each in triangle["rows"] if each["day"] == str(ASKED)]
    assert (row["values"], row["revision"]) == (["1000.0000", "1500.0000"], "500.0000")
    office.town.station.settle()
    receipt = office.town.client.get(f"/v1/receipts/{done['statement_id']}")
    assert receipt.is_success, receipt.text


def test_a_form_with_one_price_changed_after_signing_is_refused(office: Office, form: bytes) -> None:
    office.reach(f"{ASKED} 16:00")
    answer = office.town.client.post(
        "/v1/imports/quotes",
        params={"source": SOURCE},
        files={"file": ("form.json", form.replace(b'"80"', b'"81"'))},
        headers=office.keeper(),
    )
    assert answer.status_code == 422, answer.text
    assert office.town.read("/v1/quotes")["quotes"] == []
