"""RFC 6962/9162: Certificate Transparency's 8-leaf tree, and every probe of transparency-dev/merkle."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import BadProof
from ledger.merkle import (
    leaf_hash,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_of,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

pytestmark = pytest.mark.shared


def probes(shared: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    folder = shared / "vectors/ledger/rfc6962" / kind
    return [
        (str(file.relative_to(folder)), json.loads(file.read_text()))
        for file in sorted(folder.rglob("*.json"))
    ]


def hashes(encoded: list[str] | None) -> list[bytes]:
    return [b64decode(text) for text in encoded or []]


def holds(verify: Any, *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except BadProof:
        return False
    return True


def test_the_published_tree_has_the_published_roots(shared: Path) -> None:
    tree = json.loads((shared / "vectors/ledger/rfc6962/tree8.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in tree["leaves_hex"]]
    roots = [bytes.fromhex(root) for root in tree["roots_hex"]]
    assert [root_of(leaves[:size]) for size in range(9)] == roots
    assert [tree_root(size, nodes_of(leaves)) for size in range(9)] == roots


def test_every_inclusion_probe_is_judged_as_published(shared: Path) -> None:
    cases = probes(shared, "inclusion")
    assert len(cases) >= 25
    for name, case in cases:
        root, leaf = b64decode(case["root"] or ""), b64decode(case["leafHash"] or "")
        held = holds(verify_inclusion, leaf, case["leafIdx"], case["treeSize"], hashes(case["proof"]), root)
        assert held is not case["wantErr"], name


def test_every_consistency_probe_is_judged_as_published(shared: Path) -> None:
    cases = probes(shared, "consistency")
    assert len(cases) >= 25
    for name, case in cases:
        old, new = b64decode(case["root1"] or ""), b64decode(case["root2"] or "")
        held = holds(verify_consistency, case["size1"], case["size2"], old, new, hashes(case["proof"]))
        assert held is not case["wantErr"], name


def test_the_published_valid_proofs_are_the_ones_we_make(shared: Path) -> None:
    tree = json.loads((shared / "vectors/ledger/rfc6962/tree8.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in tree["leaves_hex"]]
    made = 0
    for _, case in probes(shared, "inclusion"):
        if not case["wantErr"] and b64decode(case["root"]) == root_of(leaves[: case["treeSize"]]):
            assert prove_inclusion(case["leafIdx"], case["treeSize"], nodes_of(leaves)) == hashes(
                case["proof"]
            )
            made += 1
    for _, case in probes(shared, "consistency"):
        if not case["wantErr"] and b64decode(case["root2"]) == root_of(leaves[: case["size2"]]):
            assert prove_consistency(case["size1"], case["size2"], nodes_of(leaves)) == hashes(case["proof"])
            made += 1
    assert made >= 4
