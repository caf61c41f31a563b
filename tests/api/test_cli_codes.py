"""`daodi codes`: issued, listed, spoiled and retired from the command line, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import MISUSED, REFUSED, run
from tests.trace.season import MAKER

PARTIES = f"uscc,name,node_types,division\n{MAKER},亳州饮片厂,slice_maker,341602\n"
Told = Callable[..., str]


@pytest.fixture
def set_up(told: Told, tmp_path: Path) -> Told:
    file = tmp_path / "parties.csv"
    file.write_text(PARTIES, "utf-8")
    told("import", "steps", str(file))
    return told


def issued(told: Told, *arguments: str) -> tuple[str, str]:
    """Issue codes; return the batch and its first code."""
    said = told("codes", "issue", MAKER, *arguments)
    [batch] = re.findall(r"[0-9a-f]{64}", said)
    [first] = re.findall(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}", said)
    return batch, first


def test_codes_are_issued_listed_and_shown(set_up: Told) -> None:
    batch, _ = issued(set_up, "1500", "--level", "box")
    assert "1,500" in set_up("codes", "list")
    listed = set_up("codes", "list", "--party", MAKER)
    assert batch in listed.replace("\n", "") or batch[:20] in listed
    assert re.search(r"reserved.*1,500", set_up("codes", "state", batch))
    assert re.search(r"已申领.*1,500", set_up("--language", "zh", "codes", "state", batch))


def test_codes_are_printed_spoiled_and_retired(set_up: Told) -> None:
    batch, first = issued(set_up, "10")
    assert "1 codes: printed" in set_up("codes", "printed", first, "--party", MAKER)
    assert "spoiled" in set_up("codes", "spoil", first, "--party", MAKER, "--reason", "misprint")
    shown = set_up("codes", "state", batch)
    assert re.search(r"spoiled\W+1\b", shown)
    assert re.search(r"reserved\W+9\b", shown)


def test_what_cannot_be_is_refused_in_words(set_up: Told, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = issued(set_up, "2")
    set_up("codes", "retire", first)
    assert run(["codes", "spoil", first]) == REFUSED
    assert "is retired and cannot be spoiled" in capsys.readouterr().err
    assert run(["--language", "zh", "codes", "spoil", first]) == REFUSED
    assert "停用，不能改为印废" in capsys.readouterr().err
    assert run(["codes", "issue", MAKER, "5", "--level", "crate"]) == MISUSED
    assert "bulk" in capsys.readouterr().err
    assert run(["codes", "state", "0" * 64]) == REFUSED
