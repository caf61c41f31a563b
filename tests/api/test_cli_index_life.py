"""`daodi index` through a release's life: made, revised, suspended, verified elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import deployment
from api.cli.app import DONE, REFUSED, run
from ledger import log
from priceindex import service

Told = Callable[..., str]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """A founded service with two months of quotes; run a command and return what it prints."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("DAODI_LANGUAGE", "en")

    def tell(*arguments: str, ends: int = DONE) -> str:
        assert run(list(arguments)) == ends
        said = capsys.readouterr()
        return said.out + said.err

    lines = ["herb,spec,origin,market,date,price_yuan_per_kg"]
    for month, days in ((3, 31), (4, 30)):
        for day in range(1, days + 1):
            lines.append(f"白芍,统,安徽,亳州,2025-{month:02}-{day:02},{30 + day % 5}.0")
            lines.append(f"茯苓,丁,安徽,亳州,2025-{month:02}-{day:02},24.0")
    quotes = tmp_path / "quotes.csv"
    quotes.write_text("\n".join(lines) + "\n", "utf-8")
    tell("init")
    tell("import", "quotes", str(quotes), "--source", "bozhou")
    return tell


def test_a_correction_is_published_with_its_notice_and_shows_in_the_triangle(
    told: Told, tmp_path: Path
) -> None:
    told("index", "publish")
    told("index", "revise", "--reason", "nothing", ends=REFUSED)
    late = tmp_path / "late.csv"
    late.write_text(
        "herb,spec,origin,market,date,price_yuan_per_kg\n白芍,统,安徽,亳州,2025-04-30,31.5\n", "utf-8"
    )
    told("import", "quotes", str(late), "--source", "bozhou")
    assert "published bozhou-2025-04-30-r1" in told("index", "revise", "--reason", "misread")
    assert "misread" in told("index", "notices")
    triangle = told("index", "triangle", "--last", "2")
    assert "mean absolute revision" in triangle
    assert "mean absolute revision 0.0000" not in triangle


def test_a_standing_is_shown_declared_and_kept(told: Told) -> None:
    assert "draft" in told("index", "standing")
    told("index", "publish")
    assert "on trial" in told("index", "standing")
    told("index", "standing", "--to", "official", "--reason", "the trial is over", ends=REFUSED)
    assert "suspended" in told("index", "standing", "--to", "suspended", "--reason", "a source stopped")
    assert "a source stopped" in told("index", "standing")
    assert "is suspended" in told("index", "publish", ends=REFUSED)


def test_the_calendar_is_shown_and_closed_days_are_entered(told: Told) -> None:
    assert "a year ahead" in told("index", "calendar")
    assert "days entered as closed: 2" in told(
        "index", "calendar", "--close", "2027-02-06", "--close", "2027-02-07", "--reason", "春节"
    )
    assert "nothing is due" in told("index", "due")
    assert "nothing waits" in told("index", "list", "--waiting")


def test_a_stranger_recomputes_the_downloaded_bundle_against_its_receipt(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("index", "publish")
    settings = deployment.settings()
    with deployment.reading(settings) as session:
        (tmp_path / "x.bundle.json").write_bytes(service.bundle(session, "bozhou-2025-04-30"))
        receipt = log.receipt(session, "release:bozhou-2025-04-30").to_text()
    (tmp_path / "x.receipt").write_text(receipt, "utf-8", newline="\n")
    key = deployment.trusted_key(settings)
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "elsewhere"))
    arguments = ["--receipt", str(tmp_path / "x.receipt"), "--trust", key]
    assert "the release holds" in told("index", "verify", str(tmp_path / "x.bundle.json"), *arguments)
    doctored = tmp_path / "y.bundle.json"
    doctored.write_bytes((tmp_path / "x.bundle.json").read_bytes().replace(b"2400,", b"2401,", 1))
    told("index", "verify", str(doctored), *arguments, ends=REFUSED)
