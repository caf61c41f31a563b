"""Static trees an operator could serve, and the audit of them."""

from collections.abc import Callable
from pathlib import Path

from api.cli.static_trees import static_tree
from ledger.audits.audit import THOROUGH, AuditReport, Manner, audit_log
from ledger.audits.log_source import StaticTree
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.entry import GENESIS, Entry, sign_statement
from ledger.errors import DaodiError
from ledger.keyring.registration import registration
from ledger.merkle import Frontier, leaf_hashes_of, root_of
from ledger.tree.tiles import TILE_WIDTH, entries_path, extend, tile_path
from tests.ledger.small_log import AT_MS, LOG_KEY, ORIGIN, VKEY, statement


def note_of(size: int, root: bytes = bytes(32)) -> bytes:
    """A checkpoint of any size that the log's key signed."""
    return sign_checkpoint(Checkpoint(ORIGIN, size, root), [LOG_KEY]).text.encode()


def founding() -> bytes:
    """The leaf that registers the log's key."""
    signed = sign_statement(registration(LOG_KEY.public, ORIGIN, AT_MS), ORIGIN, LOG_KEY)
    return Entry(signed=signed, seq=0, prev=GENESIS).leaf_bytes


def stated(name: str, subject: str | None = None) -> bytes:
    """The leaf of a statement by the log's key, the first on its subject."""
    said = statement(name, subject or f"lot/{name}")
    return Entry(signed=sign_statement(said, ORIGIN, LOG_KEY), seq=0, prev=GENESIS).leaf_bytes


def bundle(leaves: list[bytes]) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def files_of(leaves: list[bytes]) -> dict[str, bytes]:
    """The static tree of these leaves, with tiles, root and signature to fit: what an operator can make."""
    hashes = leaf_hashes_of(leaves)
    files = {"checkpoint": note_of(len(leaves), root_of(hashes))}
    for (level, index), joined in extend(Frontier(), hashes, lambda *_: b"").items():
        files[tile_path(level, index, len(joined) // 32)] = joined
    for begin in range(0, len(leaves), TILE_WIDTH):
        some = leaves[begin : begin + TILE_WIDTH]
        files[entries_path(begin // TILE_WIDTH, len(some))] = bundle(some)
    return files


def judged(files: dict[str, bytes] | Callable[[str], bytes | None], manner: Manner = THOROUGH) -> AuditReport:
    return audit_log(StaticTree(files.get if isinstance(files, dict) else files), VKEY, (), manner)


def checked(source: Path | str) -> AuditReport:
    with static_tree(str(source)) as tree:
        return audit_log(tree, VKEY)


def kinds(report: AuditReport) -> set[type[DaodiError]]:
    return {type(fault) for fault in report.faults}
