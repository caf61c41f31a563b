"""`daodi fsck` on a static tree: whatever part of it is changed, the fault is named where it stands."""

import functools
import http.server
import shutil
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from api.cli.static_trees import static_tree
from ledger.audits.audit import THOROUGH, AuditReport, Manner, audit_log
from ledger.audits.faults import (
    AuditFault,
    CheckpointFalse,
    EntryMissing,
    EntrySignatureBad,
    HashAltered,
    OthersDepend,
    SubjectIndexFalse,
    TileHoldsOther,
)
from ledger.audits.fsck_errors import LogUnreadable
from ledger.audits.log_source import split_bundle
from ledger.entry import SignedStatement, Statement, sign_statement
from ledger.keyring.key_errors import NotALogKey
from ledger.log import entry_at
from ledger.subjects.subject_index import SubjectHead, index_of
from ledger.tree.export import export
from ledger.witnessing.publication import published
from ledger.writing import outbox
from ledger.writing.append import append_statements
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, VKEY, SmallLog, signed

SIZE = 600


def written(log: SmallLog, folder: Path) -> Path:
    """The static tree of a log."""
    with log.read() as session:
        export(session, folder, published(session))
    return folder


def checked(source: Path | str, manner: Manner = THOROUGH, kept: tuple[str, ...] = ()) -> AuditReport:
    with static_tree(str(source)) as tree:
        return audit_log(tree, VKEY, kept, manner)


def found(report: AuditReport) -> set[tuple[type[AuditFault], int]]:
    return {(type(fault), fault.index) for fault in report.faults}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static tree of 600 entries: two full tiles and a partial one."""
    folder = tmp_path_factory.mktemp("tree")
    log = SmallLog(f"sqlite:///{folder / 'log.sqlite'}")
    log.grow(SIZE - 2)
    written(log, folder / "tree")
    log.engine.dispose()
    return folder / "tree"


@pytest.fixture
def tree(exported: Path, tmp_path: Path) -> Path:
    """A copy of it to tamper with."""
    return Path(shutil.copytree(exported, tmp_path / "tree"))


def test_an_exported_tree_is_clean_and_every_signature_was_looked_at(exported: Path) -> None:
    report = checked(exported)
    assert report.ok
    assert (report.entries, report.signatures, report.keys, report.checkpoints) == (SIZE, SIZE, 2, 1)


def test_a_changed_gram_in_a_bundle_is_named_at_its_entry(tree: Path) -> None:
    bundle = tree / "tile/entries/001"
    raw = bundle.read_bytes()
    assert raw.count(b'"grams":300}') == 1
    bundle.write_bytes(raw.replace(b'"grams":300}', b'"grams":301}'))
    # s300 is entry 302; the next entry on its lot, seven further, names another one before it.
    faults = found(checked(tree))
    assert {(EntrySignatureBad, 302), (HashAltered, 302), (CheckpointFalse, SIZE)} <= faults
    assert {index for _, index in faults} == {302, 309, SIZE}


def test_a_quick_check_still_finds_a_changed_gram_and_says_it_verified_no_signature(tree: Path) -> None:
    bundle = tree / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(b'"grams":300}', b'"grams":301}'))
    report = checked(tree, Manner(quick=True))
    assert report.signatures == 0
    assert (HashAltered, 302) in found(report)


@pytest.mark.parametrize(
    ("tile", "at", "index"),
    [("tile/0/001", 32 * 7 + 5, 256 + 7), ("tile/0/002.p/88", 0, 512), ("tile/1/000.p/2", 40, 256)],
)
def test_a_changed_byte_of_a_tile_is_named_where_it_stands(
    tree: Path, tile: str, at: int, index: int
) -> None:
    raw = bytearray((tree / tile).read_bytes())
    raw[at] ^= 1
    (tree / tile).write_bytes(raw)
    assert found(checked(tree)) == {(HashAltered, index)}


def test_a_missing_bundle_is_named_entry_by_entry_and_what_follows_is_still_checked(tree: Path) -> None:
    (tree / "tile/entries/001").unlink()
    bundle = tree / "tile/entries/002.p/88"
    bundle.write_bytes(bundle.read_bytes().replace(b'"grams":550}', b'"grams":551}'))
    faults = found(checked(tree))
    assert {index for kind, index in faults if kind is EntryMissing} == set(range(256, 512))
    assert (EntrySignatureBad, 552) in faults


def test_a_missing_tile_is_named(tree: Path) -> None:
    (tree / "tile/0/000").unlink()
    assert found(checked(tree)) == {(HashAltered, 0)}


def test_a_bundle_cut_in_the_middle_of_an_entry_is_refused_by_name(tree: Path) -> None:
    bundle = tree / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes()[:-3])
    with pytest.raises(LogUnreadable, match="tile/entries/001"):
        checked(tree)


def test_a_folder_that_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogUnreadable, match="checkpoint"):
        checked(tmp_path)


def test_an_older_tree_passes_alone_and_fails_against_the_checkpoint_somebody_kept(
    tmp_path: Path, exported: Path
) -> None:
    log = SmallLog(f"sqlite:///{tmp_path / 'log.sqlite'}")
    log.grow(100)
    old = written(log, tmp_path / "tree")
    log.engine.dispose()
    assert checked(old).ok
    kept = (exported / "checkpoint").read_text()
    assert (CheckpointFalse, SIZE) in found(checked(old, kept=(kept,)))


def logged_unchecked(log: SmallLog, *statements: SignedStatement) -> None:
    """What an operator can do: put statements into the log past every check of signatures, and sign it."""
    with log.write() as session:
        append_statements(session, statements, checked=True)
    log.sequencer().drain()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SmallLog]:
    log = SmallLog(f"sqlite:///{tmp_path / 'log.sqlite'}")
    log.grow(20)
    yield log
    log.engine.dispose()


def test_a_signature_that_is_wrong_under_a_right_tree_is_found_by_a_helping_process(
    log: SmallLog, tmp_path: Path
) -> None:
    logged_unchecked(log, signed("true", "lot/a"), replace(signed("forged", "lot/b"), signature=bytes(64)))
    tree = written(log, tmp_path / "tree")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert found(checked(tree, Manner(executor=executor))) == {(EntrySignatureBad, 23)}
    assert checked(tree, Manner(quick=True)).ok


def indexed(log: SmallLog, upto: int, **changed: str | int) -> SignedStatement:
    """A subject index of the log's first `size` entries, with some of its members changed."""
    heads: dict[str, SubjectHead] = {}
    with log.read() as session:
        for index in range(upto):
            entry = entry_at(session, index).entry
            heads[entry.statement.subject] = SubjectHead(
                entry.statement.subject, entry.seq + 1, entry.leaf_hash
            )
    public = {**index_of(heads.values(), upto).to_public(), **changed}
    said = Statement(
        id=f"subjects.indexed/{public['size']}",
        kind="subjects.indexed",
        subject="log/subjects",
        at_ms=AT_MS,
        public=public,
    )
    return sign_statement(said, ORIGIN, LOG_KEY)


@pytest.mark.parametrize("size", [22, 15])
def test_a_true_subject_index_is_recomputed_however_far_back_its_size_lies(log: SmallLog, size: int) -> None:
    logged_unchecked(log, indexed(log, size))
    assert log.audit().ok


@pytest.mark.parametrize("lie", [{"root": "00" * 32}, {"count": 3}, {"size": 24}])
def test_a_subject_index_that_hides_or_invents_something_is_found(
    log: SmallLog, lie: dict[str, str | int]
) -> None:
    logged_unchecked(log, indexed(log, 22, **lie))
    assert found(log.audit()) == {(SubjectIndexFalse, 22)}


def test_a_party_that_states_a_subject_index_is_refused_at_the_gate(log: SmallLog) -> None:
    said = indexed(log, 22).statement
    with pytest.raises(NotALogKey), log.write() as session:
        outbox.submit(session, sign_statement(said, ORIGIN, GROWER))


@pytest.fixture
def address(tree: Path) -> Iterator[str]:
    """The tree behind an address on loopback."""
    handler = functools.partial(QuietFiles, directory=str(tree))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, served without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_tree_behind_an_address_is_judged_like_its_folder(address: str, tree: Path) -> None:
    assert checked(address).ok
    (tree / "tile/entries/001").unlink()
    assert {index for _, index in found(checked(address))} >= set(range(256, 512))


def test_an_address_where_nobody_answers_is_said_so() -> None:
    with pytest.raises(LogUnreadable, match="checkpoint"):
        checked("http://127.0.0.1:9")


def test_entries_of_every_length_come_out_of_a_bundle_as_they_went_in() -> None:
    entries = [b"", b"a", b"b" * 255, b"c" * 256, b"d" * 65_535]
    raw = b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)
    assert split_bundle(raw, "tile/entries/000.p/5") == entries
    for cut in (1, len(raw) - 1, len(raw) - 65_535, len(raw) - 65_536):
        with pytest.raises(LogUnreadable):
            split_bundle(raw[:cut], "tile/entries/000.p/5")


@pytest.mark.parametrize("place", ["kind", "form"])
def test_what_depends_on_a_damaged_key_is_summed_and_the_cause_is_named(tree: Path, place: str) -> None:
    """Entry 1 registers the key of all 598 others; its bundle says something else, or no JSON at all."""
    bundle = tree / "tile/entries/000"
    raw = bundle.read_bytes()
    begin = 2 + int.from_bytes(raw[:2]) + 2
    size = int.from_bytes(raw[begin - 2 : begin])
    entry = raw[begin : begin + size]
    was = b'"holder":"9' if place == "kind" else b'{"actor"'
    assert entry.count(was) == 1
    changed = entry.replace(was, was[:-1] + bytes([was[-1] ^ 1]))
    bundle.write_bytes(raw[:begin] + changed + raw[begin + size :])
    report = checked(tree)
    depending = [fault for fault in report.faults if isinstance(fault, OthersDepend)]
    assert [(fault.index, fault.parts["count"]) for fault in depending] == [(1, SIZE - 2)]
    assert {fault.index for fault in report.faults} <= {1, 256, SIZE}
    other = [fault for fault in report.faults if isinstance(fault, TileHoldsOther)]
    stored = (tree / "tile/0/000").read_bytes()[32:64].hex()
    assert [fault.parts["stored"] for fault in other] == ([] if place == "kind" else [stored])
