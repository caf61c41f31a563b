"""How fast an audit goes through a log: 600-byte entries in a static tree of files, one core."""

import os
import tempfile
from base64 import b64encode
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import orjson
from figures.measure import rates
from figures.row import Row

from ledger.audits.audit import Manner, audit_log
from ledger.audits.log_source import StaticTree
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import GENESIS, Entry, Statement, sign_statement
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.merkle import Frontier, leaf_hash
from ledger.note import NoteKey
from ledger.tree.tiles import TILE_WIDTH, entries_path, extend, tile_path

_ORIGIN = "log.example/bench"
_KEY = SigningKey.from_seed(bytes(range(32)))
_PER_LOT = 20
_TARGET = 300_000


def rows(*, quick: bool) -> list[Row]:
    """Measure a quick audit of a large tree, and a thorough one of a small tree in one and in all cores."""
    entries, signed = (100_000, 2_000) if quick else (500_000, 20_000)
    runs = 3 if quick else 5
    return [_quick_row(entries, runs), *_thorough_rows(signed, runs)]


def _quick_row(entries: int, runs: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), _leaves(entries, signed=False))
        speed = rates(lambda: _audited(Path(folder), Manner(quick=True)), entries, runs)
    return Row(
        what="fsck --quick, entries/s a core",
        ours=speed.text("/s"),
        target=f"{_TARGET:,}/s",
        met=speed.median >= _TARGET,
        note="every entry re-hashed; chains, ids, keys, tiles, checkpoint; forms and signatures left out",
    )


def _thorough_rows(entries: int, runs: int) -> list[Row]:
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), _leaves(entries, signed=True))
        alone = rates(lambda: _audited(Path(folder), Manner()), entries, runs)
        with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as executor:
            _audited(Path(folder), Manner(executor=executor))
            helped = rates(lambda: _audited(Path(folder), Manner(executor=executor)), entries, runs)
    return [
        Row(
            what=what,
            ours=speed.text("/s"),
            note="and every leaf read to the last byte, every Ed25519 signature verified",
        )
        for what, speed in (("fsck, one core", alone), (f"fsck, {cores} processes", helped))
    ]


def _audited(folder: Path, manner: Manner) -> None:
    def fetch(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    report = audit_log(StaticTree(fetch), NoteKey(_ORIGIN, _KEY.public).to_vkey(), (), manner)
    if not report.ok:
        raise SystemExit(f"the benchmark's own log is faulty: {report.faults[0]}")


def _leaves(count: int, *, signed: bool) -> list[bytes]:
    """Return a registration and steps of 600 bytes, twenty to a lot; unsigned ones bear 64 zero bytes."""
    founding = Entry(
        signed=sign_statement(registration(_KEY.public, _ORIGIN, 0), _ORIGIN, _KEY), seq=0, prev=GENESIS
    )
    leaves = [founding.leaf_bytes]
    prev = GENESIS
    for number in range(count - 1):
        lot, seq = divmod(number, _PER_LOT)
        said = Statement(
            id=f"step/{number}",
            kind="step",
            subject=f"lot/{lot}",
            at_ms=number,
            public={"herb": "白芍", "grams": number, "text": "x" * 180},
        )
        prev = prev if seq else GENESIS
        leaf = (
            Entry(signed=sign_statement(said, _ORIGIN, _KEY), seq=seq, prev=prev).leaf_bytes
            if signed
            else _unsigned(said, seq, prev)
        )
        leaves.append(leaf)
        prev = leaf_hash(leaf).hex()
    return leaves


def _unsigned(said: Statement, seq: int, prev: str) -> bytes:
    return orjson.dumps(
        {
            "actor": _KEY.public.key_id,
            "at_ms": said.at_ms,
            "digests": [],
            "id": said.id,
            "kind": said.kind,
            "log": _ORIGIN,
            "prev": prev,
            "public": said.public,
            "refs": [],
            "seq": seq,
            "sig": b64encode(bytes(64)).decode(),
            "subject": said.subject,
            "v": 1,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _write(folder: Path, leaves: list[bytes]) -> None:
    frontier = Frontier()
    for (level, index), hashes in extend(
        frontier, [leaf_hash(leaf) for leaf in leaves], lambda *_: b""
    ).items():
        _put(folder / tile_path(level, index, len(hashes) // 32), hashes)
    for begin in range(0, len(leaves), TILE_WIDTH):
        bundle = leaves[begin : begin + TILE_WIDTH]
        raw = b"".join(len(leaf).to_bytes(2) + leaf for leaf in bundle)
        _put(folder / entries_path(begin // TILE_WIDTH, len(bundle)), raw)
    head = Checkpoint(_ORIGIN, len(leaves), frontier.root())
    _put(folder / "checkpoint", sign_checkpoint(head, [_KEY]).text.encode())


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
