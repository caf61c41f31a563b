"""The last head beside the keys: whole or not at all, and never set back."""

import os
from pathlib import Path

import pytest

from ledger.writing.kept_heads import KeptHeads


def test_the_largest_head_counts_and_smaller_ones_go(tmp_path: Path) -> None:
    heads = KeptHeads(tmp_path)
    assert heads.read() is None
    for size in (3, 257, 1_000_000):
        heads.write(size, f"note {size}\n")
        assert heads.read() == (size, f"note {size}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-0000000000001000000"]


def test_a_late_writer_sets_nothing_back(tmp_path: Path) -> None:
    KeptHeads(tmp_path).write(300, "newer")
    KeptHeads(tmp_path).write(200, "older")
    assert KeptHeads(tmp_path).read() == (300, "newer")
    KeptHeads(tmp_path).write(301, "newest")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_head_before(
    tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeptHeads(tmp_path).write(3, "before")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    owner = os if failing == "fsync" else Path
    monkeypatch.setattr(owner, failing, fails)
    with pytest.raises(OSError, match="No space"):
        KeptHeads(tmp_path).write(4, "after")
    monkeypatch.undo()
    assert KeptHeads(tmp_path).read() == (3, "before")
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-0000000000000000003"]


def test_other_files_of_the_folder_are_passed_over(tmp_path: Path) -> None:
    for name in ("log.key", "checkpoint-9", ".checkpoint-0000000000000000009.7.draft", "checkpoint-x"):
        (tmp_path / name).write_text("no head")
    assert KeptHeads(tmp_path).read() is None
