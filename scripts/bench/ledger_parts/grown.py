"""A log of any size in an SQLite file, put straight into its rows: only its checkpoint is signed."""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import SQLModel, create_engine

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.keys import SigningKey
from ledger.merkle import Frontier, leaf_hash
from ledger.note import NoteKey
from ledger.tree.tiles import TileId, extend

ORIGIN = "bench.example/log"
KEY = SigningKey.from_seed(bytes(32))
_AT_ONCE = 65_536


def leaf(number: int) -> bytes:
    """Bytes that stand for an entry: its length is that of a short one."""
    return hashlib.shake_128(number.to_bytes(8, "big")).digest(300)


def grown_log(file: Path, size: int) -> str:
    """Write a log of `size` entries into `file`; return its address."""
    url = f"sqlite:///{file}"
    engine = create_engine(url)
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name.startswith("ledger_")]
    SQLModel.metadata.create_all(engine, tables=tables)
    engine.dispose()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    frontier, tiles = Frontier(), {}
    for begin in range(0, size, _AT_ONCE):
        rows = list(_entries(begin, min(begin + _AT_ONCE, size)))
        connection.executemany("INSERT INTO ledger_entry VALUES (?, ?, ?, ?, ?, ?)", rows)
        tiles |= _extended(frontier, [row[4] for row in rows], tiles)
    connection.executemany(
        "INSERT INTO ledger_tile VALUES (?, ?, ?)", ((*at, joined) for at, joined in tiles.items())
    )
    vkey = NoteKey(ORIGIN, KEY.public).to_vkey()
    connection.execute(
        "INSERT INTO ledger_state VALUES (1, ?, ?, ?, ?)", (ORIGIN, vkey, size, frontier.root())
    )
    note = sign_checkpoint(Checkpoint(ORIGIN, size, frontier.root()), [KEY]).text
    connection.execute("INSERT INTO ledger_checkpoint VALUES (?, ?)", (size, note))
    connection.execute("COMMIT")
    connection.close()
    return url


def _entries(begin: int, end: int) -> Iterator[tuple[int, str, str, int, bytes, bytes]]:
    for number in range(begin, end):
        content = leaf(number)
        yield number, f"s{number}", f"lot/{number:07d}", 0, leaf_hash(content), content


def _extended(frontier: Frontier, hashes: list[bytes], tiles: dict[TileId, bytes]) -> dict[TileId, bytes]:
    return extend(frontier, hashes, lambda level, index: tiles.get((level, index), b""))
