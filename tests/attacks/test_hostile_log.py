"""Whoever serves a log to `daodi fsck` wants it to hang, to fill memory, or to call a false log clean."""

import os
import shutil
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli import static_trees
from api.cli.static_trees import static_tree
from ledger.audits.audit import MOST_FAULTS, THOROUGH, Manner, audit_log
from ledger.audits.faults import AuditStopped, EntryAltered, EntryMissing, HashAltered, IdRepeated
from ledger.audits.fsck_errors import LogUnreadable
from ledger.audits.replay import _outline
from ledger.entry import GENESIS, Entry, Statement, parse_leaf, sign_statement
from ledger.errors import DaodiError
from ledger.keyring import key_changes
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.tree.export import export
from ledger.tree.tiles import TILE_WIDTH, entries_path, tile_path, tile_widths
from ledger.witnessing.publication import published
from ledger.writing.sequencer import Sequencer
from tests.ledger.served_log import bundle, checked, files_of, founding, judged, kinds, note_of, stated
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, SmallLog

QUICK = Manner(quick=True)


@pytest.mark.parametrize("size", [2**63 - 1, 10**18])
def test_a_signed_checkpoint_of_an_absurd_size_is_not_counted_to(size: int) -> None:
    asked: list[str] = []

    def fetch(path: str) -> bytes | None:
        asked.append(path)
        return note_of(size) if path == "checkpoint" else None

    report = judged(fetch)
    assert kinds(report) >= {EntryMissing, AuditStopped}
    assert MOST_FAULTS < len(report.faults) < MOST_FAULTS + 2000
    # One bundle and one tile for each 256 entries: a missing entry costs no request of its own.
    assert len(asked) < 3 * (MOST_FAULTS + 2000) // TILE_WIDTH


def test_faults_without_end_end_the_audit() -> None:
    """Every bundle is there and holds 256 empty entries: cheap to serve, dear to complain about."""

    def fetch(path: str) -> bytes | None:
        return note_of(10**15) if path == "checkpoint" else bytes(512) if "entries" in path else bytes(8192)

    report = judged(fetch, QUICK)
    assert AuditStopped in kinds(report)
    assert report.entries < MOST_FAULTS + 2000


@pytest.mark.parametrize("line", ["-5", "+5", "1_0", " 7", "7 ", "٣", "007", str(2**63), "9" * 5000])
def test_a_size_written_oddly_is_no_size(line: str) -> None:
    note = note_of(7).replace(b"\n7\n", f"\n{line}\n".encode())
    with pytest.raises(LogUnreadable):
        judged({"checkpoint": note})


def test_a_bundle_of_more_entries_than_its_path_says_is_refused() -> None:
    leaves = [founding(), stated("a")]
    files = files_of(leaves)
    assert judged(files).ok
    files[entries_path(0, 2)] = bundle([*leaves, stated("hidden")])
    with pytest.raises(LogUnreadable, match="tile/entries"):
        judged(files)


def test_a_bundle_of_millions_of_empty_entries_is_not_taken_apart() -> None:
    files = files_of([founding(), stated("a")]) | {entries_path(0, 2): bytes(static_trees.LARGEST)}
    with pytest.raises(LogUnreadable, match="tile/entries"):
        judged(files)


def test_an_id_used_twice_is_found_though_the_first_is_never_shown_again() -> None:
    """The server shows the first use once; asked for it again, it shows another entry."""
    leaves = [founding(), *(stated(f"s{number}") for number in range(255))]
    leaves += [stated("twice", "lot/1"), stated("twice", "lot/2")]
    files = files_of(leaves)
    path = entries_path(1, 2)
    decoy = bundle([stated("once", "lot/1"), leaves[-1]])
    shown = iter([files[path], *repeat(decoy, 50)])
    report = judged(lambda name: next(shown) if name == path else files.get(name))
    assert kinds(report) == {IdRepeated}
    assert "entry 256" in report.faults[0].message("en")


@pytest.mark.parametrize("manner", [THOROUGH, QUICK])
def test_a_revocation_with_a_space_too_many_is_not_passed_over_in_silence(manner: Manner) -> None:
    """Read loosely it ends a key, read strictly it is no entry: however read, it must not be clean."""
    key = GROWER.public.key_id
    said = Statement(
        id=f"key.revoked/{key}", kind="key.revoked", subject=f"key/{key}", at_ms=AT_MS, public={"key": key}
    )
    leaf = Entry(signed=sign_statement(said, ORIGIN, LOG_KEY), seq=0, prev=GENESIS).leaf_bytes
    report = judged(files_of([founding(), leaf.replace(b'"v":1', b'"v": 1')]), manner)
    assert [(type(fault), fault.index) for fault in report.faults] == [(EntryAltered, 1)]


_ODD = (
    b'"seq":0', b'"seq":0.0', b'"seq":-0', b'"seq":1e0', b'"seq":18446744073709551616', b'"seq":"0"',
     b'"seq":0,"seq":1', b'"kind":"step","kind":"manifest"', b'"id":"a\\u0000"', b'"id":"\\ud800"',
     b'"manifest":null', b'"public":{"a":NaN}', b'"public":' + b"[" * 20_000, b'"v":1}', b'"v":2', b'"v":true'
)  # fmt: skip


@given(st.integers(0, len(_ODD) - 1), st.integers(0, 400), st.binary(max_size=3))
def test_no_leaf_is_read_in_two_ways(which: int, at: int, junk: bytes) -> None:
    """What the strict reader accepts, the fast one reads the same; what it refuses, an audit names."""
    leaf, odd = stated("a"), _ODD[which]
    member = odd.partition(b":")[0]
    begin = leaf.index(member) if member in leaf else 1
    end = leaf.find(b',"', begin)
    changed = leaf[:begin] + odd + leaf[end:]
    changed = changed[:at] + junk + changed[at:]
    try:
        entry = parse_leaf(changed)
    except DaodiError:
        assert EntryAltered in kinds(judged(files_of([founding(), changed])))
        return
    said = _outline(changed)
    assert (said.id, said.kind, said.subject) == (
        entry.statement.id,
        entry.statement.kind,
        entry.statement.subject,
    )
    assert (said.actor, said.log, said.seq, said.prev) == (
        entry.signed.actor,
        entry.signed.origin,
        entry.seq,
        entry.prev,
    )


def test_bytes_only_the_strict_reader_could_take_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the two readers ever differ, the entry that nothing was checked of is not passed over."""
    leaf = stated("a")
    fast = _outline

    def outline(raw: bytes) -> object:
        return fast(b"{" if raw == leaf else raw)

    monkeypatch.setattr("ledger.audits.replay._outline", outline)
    report = judged(files_of([founding(), leaf]))
    assert [(type(fault), fault.index) for fault in report.faults] == [(EntryAltered, 1)]


def test_a_missing_entry_of_the_last_bundle_is_bridged_by_its_partial_tile() -> None:
    leaves = [founding(), *(stated(f"s{number}") for number in range(300))]
    files = files_of(leaves)
    del files[entries_path(1, 45)]
    report = judged(files)
    # Nothing but the missing entries: root and tiles follow from what the tile keeps.
    assert {fault.index for fault in report.faults} == set(range(256, 301))
    assert kinds(report) == {EntryMissing}


def test_a_fault_planted_at_an_entry_hides_no_altered_tile_above_it() -> None:
    """An id used twice explains no other hash: both are named."""
    leaves = [founding(), stated("twice", "lot/1"), stated("twice", "lot/2")]
    files = files_of(leaves)
    tile = tile_path(0, 0, 3)
    files[tile] = files[tile][:64] + bytes(32)
    assert kinds(judged(files)) == {IdRepeated, HashAltered}


def test_a_full_tile_answers_for_a_partial_one_that_was_removed() -> None:
    leaves = [founding(), *(stated(f"s{number}") for number in range(599))]
    grown, files = files_of(leaves), files_of(leaves[:300])
    for level, index in tile_widths(300):
        files.pop(tile_path(level, index, tile_widths(300)[level, index]))
    del files[entries_path(1, 44)]
    files = grown | files | {tile_path(1, 0, 1): grown[tile_path(1, 0, 2)][:32]}
    assert judged(files).ok
    files[tile_path(0, 1)] = bytes(32) + files[tile_path(0, 1)][32:]
    assert kinds(judged(files)) == {HashAltered}


def test_a_later_key_is_trusted_in_a_log_of_less_than_one_bundle(
    sqlite_log: SmallLog, tmp_path: Path
) -> None:
    later = SigningKey.from_seed(b"l" * 32)
    with sqlite_log.write() as session:
        key_changes.add_log_key(session, ORIGIN, later, LOG_KEY, AT_MS)
    Sequencer(sqlite_log.write, ORIGIN, fixed(LOG_KEY, later)).drain()
    with sqlite_log.read() as session:
        export(session, tmp_path / "tree", published(session))
    with static_tree(str(tmp_path / "tree")) as tree:
        assert audit_log(tree, NoteKey(ORIGIN, later.public).to_vkey()).ok


@pytest.mark.parametrize("path", ["checkpoint", "tile/entries/000.p/2", "tile/0/000.p/2"])
def test_a_pipe_a_device_or_an_endless_file_in_a_folder_neither_waits_nor_fills_memory(
    tmp_path: Path, path: str
) -> None:
    good = tmp_path / "good"
    for name, content in files_of([founding(), stated("a")]).items():
        (good / name).parent.mkdir(parents=True, exist_ok=True)
        (good / name).write_bytes(content)
    assert checked(good).ok
    for number, plant in enumerate((_pipe, _device, _endless, _folder)):
        bad = tmp_path / str(number)
        shutil.copytree(good, bad)
        (bad / path).unlink()
        plant(bad / path)
        with pytest.raises(LogUnreadable, match=path):
            checked(bad)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)  # holes: a terabyte that takes no disk


def _folder(path: Path) -> None:
    path.mkdir()
