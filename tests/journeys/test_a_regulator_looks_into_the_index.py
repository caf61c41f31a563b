"""A regulator looks into the index: down to a grade, what moved it, who answers for it, does it add up.

The composite of the small city fell from 1,000 to 950: 白芍 rose by a tenth, 当归 fell by a fifth, each half.
"""

import csv
import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Service

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]
LAST_DAY = "2025-06-30"


def downloaded(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download() as saved:
        page.get_by_role("link", name=label, exact=True).click()
    path = folder / saved.value.suggested_filename
    saved.value.save_as(path)
    return path


def read(context: BrowserContext, address: str) -> Any:
    answer = context.request.get(address)
    assert answer.ok, answer.text()
    return answer.json()


def test_what_moved_the_index_adds_up_to_its_change(desk: BrowserContext, service: Service) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    page.get_by_role("region", name="药用部位类别").get_by_role("link", name="根及根茎类").click()
    page.get_by_role("region", name="药材").get_by_role("link", name="当归").click()
    expect(page.locator(".level strong")).to_have_text("800.00")
    page.get_by_role("region", name="规格等级").get_by_role("link", name="当归 统").click()
    expect(page.get_by_role("row", name=re.compile("亳州 甘肃 80.00"))).to_be_visible()
    query = f"before=2025-01-31&day={LAST_DAY}&level=herb"
    told = read(desk, f"{service.base}/v1/indices/bozhou/contributions?{query}")
    parts = {each["node"]: Decimal(each["points"]) for each in told["contributions"]}
    assert parts == {"白芍": Decimal(50), "当归": Decimal(-100)}
    assert sum(parts.values()) == Decimal(told["change_points"]) == Decimal(-50)


def test_who_answers_for_the_index_is_one_step_away(desk: BrowserContext, service: Service) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    page.get_by_role("link", name="治理与合规：声明、核对、投诉").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("指数治理")
    expect(page.get_by_role("row", name=re.compile("正式发布前试运行不少于六个月.*不符合"))).to_be_visible()
    page.goto(f"{service.base}/index")
    page.get_by_role("link", name="本期公报").click()
    expect(page.get_by_role("strong").filter(has_text="950.00")).to_be_visible()


def test_every_file_says_the_value_the_page_says(
    desk: BrowserContext, service: Service, tmp_path: Path
) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    expect(page.locator(".level strong")).to_have_text("950.00")
    table = downloaded(page, "下载全部数值（CSV）", tmp_path).read_text("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["level"] == "composite"]
    assert (rows[-1]["period"], rows[-1]["value"]) == (LAST_DAY, "950.0000")
    parquet = downloaded(page, "Parquet", tmp_path)
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT max_by(value, period) FROM read_parquet(?) WHERE level = 'composite'", [str(parquet)]
        ).fetchone()
    assert found == (Decimal("950.0000"),)
    sdmx = downloaded(page, "SDMX-CSV", tmp_path).read_text("utf-8")
    last = [
        row
        for row in csv.DictReader(io.StringIO(sdmx))
        if (row["LEVEL"], row["TIME_PERIOD"]) == ("composite", LAST_DAY)
    ]
    assert [row["OBS_VALUE"] for row in last] == ["950.0000"]


def test_the_command_on_the_page_recomputes_the_release_on_another_machine(
    desk: BrowserContext, service: Service, tmp_path: Path
) -> None:
    page = desk.new_page()
    page.goto(f"{service.base}/index")
    bundle = downloaded(page, "下载发布包，可自行复算", tmp_path)
    command = page.locator("pre", has_text="daodi verify").inner_text().split()
    statement = f"release:{service.city.release_id}"
    receipt = desk.request.get(f"{service.base}/v1/receipts/{statement}?as=text")
    (tmp_path / command[command.index("--receipt") + 1]).write_bytes(receipt.body())
    assert command[:3] == ["daodi", "verify", bundle.name]
    said = away(tmp_path, command[1:])
    assert said.returncode == 0, said.stderr
    assert f"{service.city.release_id}, composite 950.00" in said.stdout
    assert away(tmp_path, ["index", *command[1:]]).returncode == 0
    changed = bundle.read_bytes().replace(b"8000", b"8001", 1)
    assert changed != bundle.read_bytes()
    bundle.write_bytes(changed)
    assert away(tmp_path, command[1:]).returncode != 0


def away(folder: Path, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run `daodi` in a process of its own, in a folder without a service and with no way to one."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    kept |= {"DAODI_FOLDER": str(folder / "nowhere"), "DAODI_LANGUAGE": "en", "COLUMNS": "200"}
    kept |= {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=folder, env=kept | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
