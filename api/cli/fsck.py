"""`daodi fsck`: replay a whole log, kept here, in a folder or behind an address, and name what is wrong."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment, files
from api.cli.audit_faults import show_faults
from api.cli.errors import OptionUseless, ProofFailed
from api.cli.sm_fsck import check_sm_tree
from api.cli.timestamps import with_timestamps
from api.cli.trust import trusted
from ledger.errors import Said

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.audits.audit import AuditReport, Manner

_NOT_WITH_SM3 = Said(
    "国密树没有见证方，也不核对单条签名", "the SM3 tree has no witnesses, and single entries are not judged"
)
_OWN_TRUST = Said("本机的账本用自己的公钥", "the log kept here is checked with its own key")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("fsck", help="help.fsck")(fsck)


def fsck(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="option.log_source", metavar="DIR|URL")] = None,
    trust: Annotated[str | None, typer.Option("--trust", help="option.trust", metavar="VKEY")] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="option.policy", metavar="FILE")] = None,
    kept: Annotated[list[Path] | None, typer.Option("--kept", help="option.kept", metavar="FILE")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="option.quick")] = False,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="option.processes")] = None,
    sm3: Annotated[bool, typer.Option("--sm3", help="option.sm3")] = False,
) -> None:
    """Check every entry, link, key, signature, tile and checkpoint, believing nothing but a key."""
    screen = context.obj
    if sm3:
        _refuse_with_sm3(("--policy", policy), ("--quick", quick), ("--processes", processes))
        check_sm_tree(screen, source, trust, kept or ())
        return
    watched = None if policy is None else trusted(None, policy)
    notes = [files.read(path).decode("utf-8", "replace") for path in kept or ()]
    workers = 1 if quick else processes or os.cpu_count() or 1
    with _executor(workers) as executor, screen.progress("fsck.running", total=0) as bar:
        from ledger.audits.audit import Manner

        manner = Manner(
            quick=quick,
            executor=executor,
            policy=watched,
            told=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
        )
        if source is None:
            report = _here(notes, manner, trust)
        else:
            # The key the log was founded with may be another than those a policy names by now.
            key = trusted(trust, None if trust else policy).log
            report = _there(source, notes, manner, key.to_vkey())
    if source is None:
        report = with_timestamps(screen, report)
    _tell(screen, report, manner)


def _refuse_with_sm3(*options: tuple[str, object]) -> None:
    """Refuse options that an audit of the SM3 tree has no use for."""
    for name, given in options:
        if given:
            raise OptionUseless(option=name, why=_NOT_WITH_SM3)


def _here(notes: list[str], manner: "Manner", trust: str | None) -> "AuditReport":
    """Audit the log in the database of the service here."""
    from ledger.audits.audit import audit

    if trust is not None:
        raise OptionUseless(option="--trust", why=_OWN_TRUST)
    chosen = deployment.settings()
    with deployment.reading(chosen) as session:
        return audit(session, deployment.trusted_key(chosen), notes, manner)


def _there(source: str, notes: list[str], manner: "Manner", vkey: str) -> "AuditReport":
    """Audit a static tree: the files below a folder or an address."""
    from api.cli.static_trees import static_tree
    from ledger.audits.audit import audit_log

    with static_tree(source) as tree:
        return audit_log(tree, vkey, notes, manner)


@contextmanager
def _executor(processes: int) -> Iterator[Executor | None]:
    """Give a pool of processes; none for one, whose work is done here."""
    if processes == 1:
        yield None
        return
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield pool


def _tell(screen: "Screen", report: "AuditReport", manner: "Manner") -> None:
    """Say what was checked and what was found; raises `ProofFailed` when anything is wrong."""
    checked = (
        ("fsck.entries", f"{report.entries:,}"),
        ("fsck.signatures", screen.words("fsck.left_out") if manner.quick else f"{report.signatures:,}"),
        ("fsck.keys", f"{report.keys:,}"),
        ("fsck.checkpoints", f"{report.checkpoints:,}"),
        ("fsck.witnesses", _witnesses(screen, manner)),
        ("fsck.root", report.root.hex()),
    )
    screen.table(("fsck.checked", "fsck.count"), [(screen.words(key), count) for key, count in checked])
    if report.ok:
        screen.show("fsck.clean", count=report.entries)
        return
    show_faults(screen, report.faults)
    raise ProofFailed(reason=screen.words("fsck.faulty", count=len(report.faults)))


def _witnesses(screen: "Screen", manner: "Manner") -> str:
    if manner.policy is None or not manner.policy.witnesses:
        return screen.words("fsck.no_policy")
    return screen.words("fsck.quorum", count=manner.policy.fewest, total=len(manner.policy.witnesses))
