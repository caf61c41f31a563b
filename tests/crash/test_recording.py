"""The recorder misses nothing: played back whole, a trace gives the very files the run left behind."""

import random
from pathlib import Path

from crash.power import recording
from crash.power_images import DATABASE, Mood, image_at


def content_by_name(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_trace_played_back_gives_the_files_the_run_left() -> None:
    with recording(7, statements=10) as recorded:
        trace = recorded.trace
        image = image_at(trace, len(trace.events), Mood.KEPT, random.Random(1))
        assert image.files[DATABASE] == (recorded.folder / DATABASE).read_bytes()
        assert f"{DATABASE}-wal" not in image.files, "the last connection removes its log"
        keys = {name.removeprefix("keys/"): text for name, text in image.files.items() if "/" in name}
        assert keys == content_by_name(recorded.folder / "keys")
