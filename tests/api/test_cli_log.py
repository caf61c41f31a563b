"""`daodi log`: the tree as files, and the subject index, by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import REFUSED, run
from ledger.subjects.subject_index import KIND
from tests.ledger import plain_tree

Told = Callable[..., str]


def test_the_log_is_indexed_and_written_out_and_written_on(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    assert "1 entries, 4 files written, 0 kept" in told("log", "export", str(folder))
    assert "1 subjects of the first 1 entries" in told("log", "index-subjects")
    assert "2 entries, 4 files written, 0 kept" in told("log", "export", str(folder))
    assert "2 entries, 2 files written, 2 kept" in told("log", "export", str(folder))
    bundle = (folder / "tile/entries/000.p/2").read_bytes()
    first = int.from_bytes(bundle[:2], "big")
    leaves = [bundle[2 : 2 + first], bundle[4 + first :]]
    assert KIND.encode() in leaves[1]
    for path, content in plain_tree.files(leaves).items():
        assert (folder / path).read_bytes() == content
    assert (folder / "checkpoint").read_text().splitlines()[1] == "2"
    assert (folder / "vkey").read_text().strip() in told("keys", "list")


def test_indexing_goes_on_with_every_state_and_not_twice(told: Told) -> None:
    told("log", "index-subjects")
    assert "2 subjects of the first 2 entries" in told("log", "index-subjects")


def test_a_folder_that_says_otherwise_is_refused_in_words(
    told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "static"
    told("log", "export", str(folder))
    (folder / "tile/0/000.p/1").write_bytes(bytes(32))
    assert run(["log", "export", str(folder)]) == REFUSED
    assert "the tiles of one log never change" in capsys.readouterr().err


def test_a_folder_is_checked_with_the_key_of_the_service_here(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    told("log", "export", str(folder))
    assert "the log is clean: 1 entries" in told("fsck", str(folder))
