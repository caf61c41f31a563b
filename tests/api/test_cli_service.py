"""Beside a running service on SQLite, commands that write hand their work over; others just read."""

import csv
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.cli.app import DONE, REFUSED, run
from tests.api.spreadsheet import GROWER, season, write


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real service in a process of its own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("DAODI_PORT", str(port))
    monkeypatch.setenv("DAODI_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert run(["init"]) == DONE
    log = tmp_path / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "api", "serve"], stdout=output, stderr=output)
        try:
            _await(f"http://127.0.0.1:{port}/readyz", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _await(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(address, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the service did not become ready:\n{log.read_text('utf-8')}")


def test_work_is_handed_over_and_read_back(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = write(tmp_path / "season.xlsx", season())
    assert run(["import", "steps", str(workbook)]) == DONE, capsys.readouterr().err
    assert "steps: 36 recorded" in capsys.readouterr().out
    assert run(["import", "steps", str(workbook)]) == DONE
    assert "36 seen before" in capsys.readouterr().out
    assert run(["fsck"]) == DONE
    quotes = tmp_path / "quotes.csv"
    quotes.write_text(_quotes(), "utf-8")
    assert run(["import", "quotes", str(quotes), "--source", "bozhou"]) == DONE
    assert "quotes: 60 accepted" in capsys.readouterr().out
    assert run(["index", "publish"]) == DONE, capsys.readouterr().err
    assert "published bozhou-2025-03-31" in capsys.readouterr().out
    page = httpx.get(f"{service}/index", trust_env=False)
    assert page.status_code == 200
    assert "daodi verify bozhou-2025-03-31.bundle.json --receipt receipt-" in page.text


def test_the_services_refusal_reads_like_our_own(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = season()
    steps[3]["产出批次"] = "BS1-F=很多"
    steps[4]["产出批次"] = "BS1-H=不少"
    workbook = write(tmp_path / "bad.xlsx", steps)
    report = tmp_path / "faults.csv"
    assert run(["import", "steps", str(workbook), "--report", str(report)]) == REFUSED
    said = capsys.readouterr().err
    assert "faults were found; nothing was written" in said
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows[:2]] == ["5", "6"]  # later rows miss the lots these would have made
    assert "很多" in rows[0]["fault"]
    assert all(row["remedy"] for row in rows)
    assert service not in said


def test_what_cannot_be_handed_over_names_the_service(
    service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init"]) == REFUSED
    said = capsys.readouterr().err
    assert service in said
    assert "there is nothing to set up" in said
    assert run(["keys", "issue-token", "feed", "--scope", "quotes:write"]) == REFUSED
    said = capsys.readouterr().err
    for word in (service, "Ctrl-C", "kill -INT", "run daodi keys issue-token", "daodi serve"):
        assert word in said


def test_a_report_of_the_service_holds_every_fault(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _quotes().splitlines()
    bad = [f"白芍,统,安徽,亳州,2025-03-02,dear{number}" for number in range(1200)]
    quotes = tmp_path / "quotes.csv"
    quotes.write_text("\n".join([lines[0], *bad, lines[1]]) + "\n", "utf-8")
    for proceed, outcome in (([], REFUSED), (["--proceed"], DONE)):
        report = tmp_path / f"faults{outcome}.csv"
        arguments = ["import", "quotes", str(quotes), "--source", "bozhou", "--report", str(report)]
        assert run([*arguments, *proceed]) == outcome
        with report.open(encoding="utf-8-sig", newline="") as file:
            assert [int(row["row"]) for row in csv.DictReader(file)] == list(range(2, 1202))
    said = capsys.readouterr()
    assert "1200 faults were found; nothing was written" in said.err
    assert "quotes: 1 accepted" in said.out
    assert service


def test_without_the_operators_token_nothing_is_handed_over(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "service" / "operator.token"
    assert token.stat().st_mode & 0o077 == 0
    token.rename(tmp_path / "gone")
    workbook = write(tmp_path / "season.xlsx", season())
    assert run(["import", "steps", str(workbook)]) == REFUSED
    assert str(token) in capsys.readouterr().err
    assert service


def _quotes() -> str:
    """Sixty quotes of two herbs, as many as an index asks for, over thirty days of March 2025."""
    lines = ["herb,spec,origin,market,date,price_yuan_per_kg"]
    for day in range(2, 32):
        lines.append(f"白芍,统,安徽,亳州,2025-03-{day:02},{30 + day // 10}.0")
        lines.append(f"白术,统,安徽,亳州,2025-03-{day:02},{40 + day // 10}.5")
    return "\n".join(lines) + "\n"


def test_keys_are_changed_by_the_running_service(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "rotate", GROWER]) == DONE
    first = re.findall(r"[0-9a-f]{32}", capsys.readouterr().out)[0]
    assert run(["keys", "revoke", first, "--reason", "compromised"]) == DONE
    assert first in capsys.readouterr().out
    assert run(["keys", "revoke", first]) == REFUSED
    assert "no longer counts: it was revoked" in capsys.readouterr().err
    assert run(["keys", "rotate-log"]) == DONE
    added = re.findall(r"[0-9a-f]{32}", capsys.readouterr().out)[0]
    assert httpx.get(f"{service}/v1/keys/{added}", trust_env=False).json()["log_key"]
    assert run(["keys", "protect"]) == REFUSED  # files are changed while nobody uses them
    assert service in capsys.readouterr().err
