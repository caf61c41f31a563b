"""Signature checks in processes of their own: the verdicts of one process, whatever happens to another."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from ledger.entry import Entry
from ledger.writing.signature_checks import SMALL, Claim, SignatureChecks, Verified
from tests.ledger.small_log import GROWER, STRANGER, signed

ROOT = Path(__file__).resolve().parents[2]


def claims(count: int) -> list[Claim]:
    """Every third of them false: another key, another message, another signature, no key at all."""
    made = []
    for number in range(count):
        message = f"message {number}".encode()
        signature, raw = GROWER.sign(message), GROWER.public.raw
        false = [
            (STRANGER.public.raw, message, signature),
            (raw, message + b"!", signature),
            (raw, message, bytes(64)),
            (b"", message, signature),
            (bytes(32), message, signature),
        ]
        made.append((raw, message, signature) if number % 3 else false[number // 3 % len(false)])
    return made


def of_others() -> set[BaseProcess]:
    """The processes that live before a test starts its own."""
    return set(multiprocessing.active_children())


@pytest.mark.parametrize("count", [0, 1, SMALL, SMALL + 1, 200])
@pytest.mark.parametrize("processes", [0, 2])
def test_every_verdict_stands_at_the_place_of_its_claim(processes: int, count: int) -> None:
    with SignatureChecks(processes) as checks:
        assert checks.check(claims(count)) == [bool(number % 3) for number in range(count)]


def test_a_worker_that_is_killed_is_replaced_and_its_work_done() -> None:
    others = of_others()
    with SignatureChecks(2) as checks:
        expected = checks.check(claims(60))
        for worker in set(multiprocessing.active_children()) - others:
            os.kill(worker.pid or 0, signal.SIGKILL)
        assert checks.check(claims(60)) == expected
        assert checks.check(claims(60)) == expected


def test_closing_ends_every_worker() -> None:
    others = of_others()
    checks = SignatureChecks(2)
    checks.check(claims(60))
    workers = set(multiprocessing.active_children()) - others
    assert len(workers) == 2
    checks.close()
    checks.close()
    assert not any(worker.is_alive() for worker in workers)
    with pytest.raises(RuntimeError):
        checks.check(claims(60))


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent("""
        import multiprocessing, os, signal
        from ledger.writing.signature_checks import SignatureChecks

        if __name__ == "__main__":
            SignatureChecks(2).check([(b"", b"", b"")] * 100)
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        """)
    )
    with subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as parent:
        assert parent.stdout is not None
        output = parent.stdout.read()  # ends when the workers, who share it, have ended
    assert len(output.split()) == 2
    assert parent.returncode == -signal.SIGKILL


def test_the_oldest_verified_entries_are_forgotten_first() -> None:
    memory = Verified(3)
    entries = [Entry(signed=signed(name), seq=0, prev="0" * 64) for name in "abcd"]
    memory.add(entries)
    assert [memory.get(entry.leaf_hash) for entry in entries] == [None, *entries[1:]]
    memory.forget([entries[1].leaf_hash, bytes(32)])
    assert memory.get(entries[1].leaf_hash) is None
    memory.clear()
    assert [memory.get(entry.leaf_hash) for entry in entries] == [None] * 4
