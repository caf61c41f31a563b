"""The disk after a power failure: only what a sync covered is certain, everything else may be anything."""

import random

import pytest

from crash.folder_images import small_files_at
from crash.power_images import Mood, image_at
from crash.power_trace import (
    Delete,
    FileSynced,
    FolderSynced,
    Opened,
    Removed,
    Renamed,
    Sync,
    SyncFailed,
    Trace,
    Truncate,
    Write,
)

DB = "daodi.sqlite"


def content_of(trace: Trace, mood: Mood, seed: int = 0, cut: int | None = None) -> bytes | None:
    cut = len(trace.events) if cut is None else cut
    return image_at(trace, cut, mood, random.Random(seed)).files.get(DB)


def written(*texts: bytes, synced: int = 0) -> Trace:
    """Writes at 0, 512, …, the first `synced` of them followed by a sync."""
    trace = Trace(before={DB: b""})
    for number, text in enumerate(texts):
        if number == synced and synced:
            trace.add(lambda begun: Sync(DB, begun))
        trace.add(lambda _, number=number, text=text: Write(DB, 512 * number, text))
    return trace


@pytest.mark.parametrize("mood", Mood)
def test_what_a_sync_covered_is_on_every_image(mood: Mood) -> None:
    trace = written(b"a" * 512, b"b" * 512, synced=1)
    for seed in range(20):
        assert (content_of(trace, mood, seed) or b"")[:512] == b"a" * 512


def test_what_no_sync_covered_is_dropped_kept_or_torn() -> None:
    trace = written(b"a" * 4096)
    assert content_of(trace, Mood.DROPPED) == b""
    assert content_of(trace, Mood.KEPT) == b"a" * 4096
    torn = {content_of(trace, Mood.TORN, seed) for seed in range(60)}
    assert len(torn) > 5
    for content in torn:
        sectors = {(content or b"")[at : at + 512] for at in range(0, len(content or b""), 512)}
        assert sectors <= {b"a" * 512, bytes(512)}, "a sector is old or new, never half"


def test_a_later_write_may_arrive_without_the_one_before() -> None:
    trace = written(b"a" * 512, b"b" * 512)
    contents = {content_of(trace, Mood.MIXED, seed) for seed in range(60)}
    assert bytes(512) + b"b" * 512 in contents


def test_a_write_after_the_sync_began_is_not_covered_by_it() -> None:
    trace = Trace(before={DB: b""})
    trace.add(lambda _: Write(DB, 0, b"early"))
    trace.add(lambda _: Write(DB, 5, b"late"))
    trace.add(lambda _: Sync(DB, 1))
    assert content_of(trace, Mood.DROPPED) == b"early"


def test_a_sync_after_one_that_failed_makes_nothing_of_its_pages_durable() -> None:
    trace = Trace(before={DB: b"old"})
    trace.add(lambda _: Write(DB, 0, b"new"))
    trace.add(lambda begun: SyncFailed(DB, begun))
    trace.add(lambda begun: Sync(DB, begun))
    assert {content_of(trace, Mood.MIXED, seed) for seed in range(40)} == {b"old", b"new"}


def test_a_truncation_waits_for_a_sync_too() -> None:
    trace = Trace(before={DB: b"abcdef"})
    trace.add(lambda _: Truncate(DB, 2))
    assert content_of(trace, Mood.DROPPED) == b"abcdef"
    assert content_of(trace, Mood.KEPT) == b"ab"
    trace.add(lambda begun: Sync(DB, begun))
    assert content_of(trace, Mood.DROPPED) == b"ab"


def test_events_after_the_failure_never_happened() -> None:
    assert content_of(written(b"a" * 512, b"b" * 512, synced=1), Mood.KEPT, cut=1) == b"a" * 512


def test_a_deleted_file_may_come_back_unless_its_folder_was_synced() -> None:
    for synced, expected in ((True, {None}), (False, {None, b"x"})):
        trace = Trace(before={DB: b"x"})
        trace.add(lambda _, synced=synced: Delete(DB, synced))
        assert {content_of(trace, Mood.MIXED, seed) for seed in range(30)} == expected


def kept_head(*, synced: bool, folder_synced: bool) -> Trace:
    """A draft that takes the place of an older file, with or without the syncs that make it certain."""
    trace = Trace(before={"keys/head": b"old"})
    trace.add(lambda _: Opened("keys/.draft"))
    if synced:
        trace.add(lambda _: FileSynced("keys/.draft", b"new"))
    trace.add(lambda _: Renamed("keys/.draft", "keys/head"))
    if folder_synced:
        trace.add(lambda begun: FolderSynced("keys", begun))
    return trace


def heads_left(trace: Trace) -> set[bytes | None]:
    chance = random.Random(1)
    count = len(trace.events)
    return {
        small_files_at(trace, count, share / 4, chance).get("keys/head")
        for share in range(5)
        for _ in range(9)
    }


def test_a_small_file_is_certain_once_it_and_its_folder_were_synced() -> None:
    assert heads_left(kept_head(synced=True, folder_synced=True)) == {b"new"}
    assert heads_left(kept_head(synced=True, folder_synced=False)) == {b"old", b"new"}


def test_a_small_file_renamed_before_it_was_synced_may_hold_anything() -> None:
    left = heads_left(kept_head(synced=False, folder_synced=True))
    assert b"" in left
    assert len(left) > 3


def test_a_removed_small_file_may_come_back_until_its_folder_is_synced() -> None:
    trace = Trace(before={"keys/head": b"old"})
    trace.add(lambda _: Removed("keys/head"))
    assert heads_left(trace) == {b"old", None}
    trace.add(lambda begun: FolderSynced("keys", begun))
    assert heads_left(trace) == {None}
