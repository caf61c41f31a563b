"""`daodi party` and `daodi place`, by a person at a keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import DONE, MISUSED, REFUSED, run
from trace.identifiers import make_uscc

Outcome = tuple[int, str, str]
Ran = Callable[..., Outcome]
MAKER = make_uscc("9", "1", "341602", "MA8Q1234")
SQUARE = [[115.78, 33.84], [115.79, 33.84], [115.79, 33.85], [115.78, 33.85], [115.78, 33.84]]


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Run a command on a new service and return its exit code and what it printed."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def run_it(*arguments: str) -> Outcome:
        outcome = run(arguments)
        said = capsys.readouterr()
        return outcome, said.out, said.err

    assert run_it("init")[0] == DONE
    return run_it


def registered(ran: Ran) -> None:
    named = ("--name", "亳州饮片厂", "--type", "slice_maker", "--division", "341602")
    assert ran("party", "register", MAKER, *named)[0] == DONE
    assert (
        ran("place", "register", "WORKS", "--name", "车间", "--party", MAKER, "--division", "341602")[0]
        == DONE
    )


def test_a_party_is_registered_licensed_suspended_and_shown(ran: Ran) -> None:
    registered(ran)
    licence = ("--kind", "production", "--number", "皖1", "--issuer", "省药监局", "--from", "2024-01-01")
    assert ran("party", "license", MAKER, *licence)[0] == DONE
    assert ran("party", "suspend", MAKER, "--reason", "抽检不合格")[0] == DONE
    assert ran("party", "suspend", MAKER, "--reason", "again")[0] == REFUSED
    shown = json.loads(ran("party", "show", MAKER)[1])
    assert [each["kind"]["key"] for each in shown["licences"]] == ["production"]
    assert shown["licences"][0]["holds"]
    assert [each["valid_until"] for each in shown["standings"]] == [None]
    assert ran("party", "resume", MAKER, "--reason", "整改完成")[0] == DONE
    assert ran("party", "close", MAKER, "--reason", "歇业")[0] == DONE
    assert json.loads(ran("party", "show", MAKER)[1])["standings"][-1]["kind"]["key"] == "closed"


def test_an_outline_is_measured_and_not_shown(ran: Ran, tmp_path: Path) -> None:
    registered(ran)
    file = tmp_path / "works.geojson"
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    file.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": polygon}))
    outcome, said, remark = ran("place", "outline", "WORKS", str(file), "--declared-mu", "100")
    assert outcome == DONE, remark
    assert "mu)" in said
    assert "10 %" in remark
    shown = ran("place", "show", "WORKS")[1]
    assert json.loads(shown)["outline"]["differs"]
    assert "115.78" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("party", "register", MAKER, "--name", "x", "--type", "astrologer", "--division", "341602"),
        (
            "party",
            "license",
            MAKER,
            "--kind",
            "poetic",
            "--number",
            "1",
            "--issuer",
            "x",
            "--from",
            "2024-01-01",
        ),
        ("party", "license", MAKER, "--kind", "gmp", "--number", "1", "--issuer", "x", "--from", "yesterday"),
    ],
)
def test_what_is_typed_wrongly_is_said_without_a_traceback(ran: Ran, arguments: tuple[str, ...]) -> None:
    outcome, _, said = ran(*arguments)
    assert outcome == MISUSED
    assert "Traceback" not in said


def test_a_file_that_is_no_polygon_is_refused(ran: Ran, tmp_path: Path) -> None:
    registered(ran)
    file = tmp_path / "line.geojson"
    for text in ('{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}', "not json"):
        file.write_text(text)
        assert ran("place", "outline", "WORKS", str(file))[0] == MISUSED
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [SQUARE[::-1]]}))
    assert ran("place", "outline", "WORKS", str(file))[0] == REFUSED  # it runs clockwise
