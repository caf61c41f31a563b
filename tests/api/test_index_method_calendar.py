"""How a family is compiled, when it is published, and its bulletin as files."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from api.web.calendar_file import calendar_file
from priceindex.families import all_families
from priceindex.releases.publication_calendar import DueMoment, moment_ms
from tests.api.two_vintages import HEADINGS, Published, quote_lines


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("method_id", [each.method_id for each in all_families()])
def test_every_version_of_every_family_is_told_in_sentences(
    published: Published, method_id: str, language: str
) -> None:
    family, _, version = method_id.partition("@")
    page = published[0].get(f"/index/methodology?family={family}&version={version}&lang={language}")
    assert page.status_code == 200
    parts = re.findall(r"<dt>[^<]+</dt>\s*<dd>(.*?)</dd>", page.text, re.DOTALL)
    assert len(parts) == 9
    assert all("<p>" in part for part in parts)
    assert method_id in page.text


@pytest.mark.parametrize("method_id", ["bozhou@1", "herbs-turnover@2"])
def test_the_text_served_is_the_one_whose_hash_is_told(published: Published, method_id: str) -> None:
    client = published[0]
    body = client.get(f"/index/methodology/{method_id}.toml").content
    digest = hashlib.sha256(body).hexdigest()
    assert digest in client.get(f"/index/methodology?family={method_id.partition('@')[0]}").text
    assert client.get("/index/methodology/none@1.toml").status_code == 404


def test_the_calendar_lists_what_is_due_and_its_file_has_a_year_of_it(published: Published) -> None:
    client, told = published
    page = client.get("/index/calendar?family=bozhou").text
    assert told.second in page
    body = client.get("/index/calendar.ics?family=bozhou")
    assert body.headers["content-type"].startswith("text/calendar")
    assert body.text.count("BEGIN:VEVENT") >= 360
    assert all(len(line.encode()) <= 75 for line in body.text.split("\r\n"))


def test_the_calendar_has_no_column_of_notes_where_nothing_was_moved(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = published[0].get("/index/calendar").text
    assert ">说明</th>" not in plain
    closed = {date(2025, 10, day): "盘点" for day in range(11, 20)}
    monkeypatch.setattr("api.routes.calendar_pages.closed_days", lambda _: closed)
    assert ">说明</th>" in published[0].get("/index/calendar").text


def test_an_event_is_written_as_calendar_programs_read_it() -> None:
    moment = DueMoment(
        first=date(2026, 2, 16),
        last=date(2026, 2, 22),
        due_ms=moment_ms(date(2026, 2, 24), "16:30"),
        moved_from=date(2026, 2, 22),
        reason="春节放假, 调休; 顺延",
    )
    body = calendar_file("bozhou", "city.example", [(moment, "发" * 40)], "日历", 0).decode()
    unfolded = body.replace("\r\n ", "")
    assert "DTSTART:20260224T083000Z\r\n" in unfolded
    assert "UID:bozhou-2026-02-22@city.example\r\n" in unfolded
    assert "DESCRIPTION:春节放假\\, 调休\\; 顺延\r\n" in unfolded
    assert f"SUMMARY:{'发' * 40}\r\n" in unfolded
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


def test_one_command_writes_the_bulletin_as_html_and_pdf(told: Callable[..., str], tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("\n".join([HEADINGS, *quote_lines(date(2025, 6, 25))]) + "\n", encoding="utf-8")
    told("import", "quotes", str(prices), "--source", "fair")
    told("index", "publish", "--until", "2025-06-25")
    written = told("index", "bulletin", "bozhou", "--folder", str(tmp_path))
    page = (tmp_path / "bozhou-2025-06-25-bulletin.html").read_text(encoding="utf-8")
    assert "bozhou-2025-06-25-bulletin.pdf" in written
    assert (tmp_path / "bozhou-2025-06-25-bulletin.pdf").read_bytes().startswith(b"%PDF-")
    # 当归 fell from 100 to 80 yuan on 20 June, within the week.
    assert re.search(r"Danggui 当归</th><td[^>]*>1,000.00</td><td[^>]*>800.00</td><td[^>]*>−20.00 %", page)
    assert "<link" not in page
    assert "<script" not in page


def test_a_bulletin_of_a_release_there_is_not_is_refused(refused: Callable[..., str]) -> None:
    assert "bozhou-2020-01-01" in refused("index", "bulletin", "--release", "bozhou-2020-01-01")


@pytest.mark.parametrize(
    ("language", "shown"), [("zh", "一周涨跌最多的药材"), ("en", "Herbs that moved most over a week")]
)
def test_a_week_without_a_move_is_not_in_the_bulletin(
    published: Published, language: str, shown: str
) -> None:
    client, vintages = published
    assert shown not in client.get(f"/index/{vintages.second}/bulletin?lang={language}").text
