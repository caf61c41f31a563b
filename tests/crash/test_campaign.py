"""The one command: it runs what it is told, says what it left out, and its exit code can be trusted."""

import subprocess
import sys

import pytest

from crash import campaign
from crash.judge import Breach, Violation
from crash.outcome import Outcome
from crash.strace import most_calls

LOST = Violation(Breach.LOST, "statement-3")


def run(monkeypatch: pytest.MonkeyPatch, outcome: Outcome, *words: str) -> int:
    monkeypatch.setitem(campaign.SORTS, "kills", lambda *_: outcome)
    monkeypatch.setattr(sys, "argv", ["campaign", "kills", "--seed", "1", *words])
    return campaign.main()


def test_the_exit_code_is_0_only_when_everything_held(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, Outcome("kills", trials=3)) == 0
    assert "held" in capsys.readouterr().out
    assert run(monkeypatch, Outcome("kills", trials=3, violations=[LOST])) == 1
    assert "BROKEN" in capsys.readouterr().out
    assert run(monkeypatch, Outcome("kills")) == 1, "no trial at all proves nothing"
    assert run(monkeypatch, Outcome("kills", left_out="strace is not installed")) == 1
    assert "LEFT OUT: strace is not installed" in capsys.readouterr().out


def test_a_restart_beyond_three_seconds_is_a_breach() -> None:
    slow = campaign._judged_slow(Outcome("kills", trials=1, slowest_start_ms=3001))
    assert [violation.breach for violation in slow.violations] == [Breach.SLOW]
    assert campaign._judged_slow(Outcome("kills", trials=1, slowest_start_ms=3000)).ok


def test_the_counts_are_those_of_the_claims() -> None:
    assert campaign.FULL["kills"] >= 200
    assert campaign.FULL["power"] >= 1500
    assert campaign.FULL["postmaster"] >= 20
    assert campaign.FULL["deliveries"] >= 10_000


def test_the_command_runs_from_the_shell() -> None:
    command = [sys.executable, "-m", "crash", "deliveries", "--count", "12", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "held" in done.stdout
    assert "seed 3" in done.stdout


def test_calls_are_counted_for_each_thread() -> None:
    lines = ["7  fsync(3) = 0", "8  fsync(3) = 0", "7  fsync(3 <unfinished ...>", "7  write(1, 2) = 0"]
    assert (most_calls(lines, "fsync"), most_calls(lines, "write"), most_calls(lines, "link")) == (2, 1, 0)
