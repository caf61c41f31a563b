"""`daodi fsck --sm3`: recompute the SM3 tree from the leaves, here, in a folder or behind an address."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import deployment, files
from api.cli.audit_faults import show_faults
from api.cli.errors import OptionUseless, ProofFailed, TrustNeeded
from ledger.errors import Said

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.sm.audit import SmReport
    from ledger.sm.checkpoint import Sm2NoteKey

_OWN_TRUST = Said("本机的国密树用自己的公钥", "the SM3 tree kept here is checked with its own key")


def check_sm_tree(screen: "Screen", source: str | None, trust: str | None, kept: Iterable[Path]) -> None:
    """Compare every tile and checkpoint, and say what was found; raises `ProofFailed`."""
    notes = [_kept(path) for path in kept]
    report = _here(notes, trust) if source is None else _there(source, notes, trust)
    screen.table(
        ("fsck.checked", "fsck.count"),
        [
            (screen.words("sm.entries"), f"{report.entries:,}"),
            (screen.words("fsck.checkpoints"), f"{report.checkpoints:,}"),
            (screen.words("sm.root"), report.root.hex()),
        ],
    )
    if report.ok:
        screen.show("sm.clean", count=report.entries)
        return
    show_faults(screen, report.faults)
    raise ProofFailed(reason=screen.words("sm.faulty", count=len(report.faults)))


def own_key() -> "Sm2NoteKey":
    """Return the key of the SM3 tree kept here, read from its file; no passphrase is needed."""
    from api.sm_tree import folder_of
    from ledger.sm.checkpoint import Sm2NoteKey, tree_origin
    from ledger.sm.key_files import load_public

    chosen = deployment.settings()
    return Sm2NoteKey(tree_origin(chosen.origin), load_public(folder_of(chosen)))


def _here(kept: list[tuple[int, str]], trust: str | None) -> "SmReport":
    from api.sm_tree import folder_of
    from ledger.sm.audit import audit_stored
    from ledger.writing.kept_heads import KeptHeads

    if trust is not None:
        raise OptionUseless(option="--trust", why=_OWN_TRUST)
    chosen = deployment.settings()
    beside = KeptHeads(folder_of(chosen)).read()
    with deployment.reading(chosen) as session:
        return audit_stored(session, own_key(), kept if beside is None else [*kept, beside])


def _there(source: str, kept: list[tuple[int, str]], trust: str | None) -> "SmReport":
    from api.cli.static_trees import static_tree
    from ledger.sm.audit import audit_tree
    from ledger.sm.checkpoint import Sm2NoteKey

    if trust is None:
        raise TrustNeeded
    with static_tree(source) as tree:
        return audit_tree(tree, Sm2NoteKey.from_vkey(trust), kept)


def _kept(path: Path) -> tuple[int, str]:
    """Return a kept checkpoint under the size it states; raises `MalformedNote`."""
    from ledger.checkpoint import parse_checkpoint
    from ledger.note import split_note

    note = files.read(path).decode("utf-8", "replace")
    return parse_checkpoint(split_note(note)[0]).size, note
