"""Several sequencers at once: threads, processes, and a leader that wakes up after its lock is gone."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from ledger.errors import DaodiError
from ledger.writing import outbox
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.leadership import AdvisoryLeader, AloneLeader
from tests.ledger.draining import PAUSED, WHERE, engine_of, writing
from tests.ledger.small_log import SmallLog, signed

ROOT = Path(__file__).resolve().parents[2]


def started(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.draining", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: "subprocess.Popen[str]") -> object:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(output)


def leader_on(log: SmallLog) -> AdvisoryLeader:
    return AdvisoryLeader(lambda: log.engine.connect().execution_options(isolation_level="AUTOCOMMIT"))


def feed(log: SmallLog, count: int, name: str = "s") -> None:
    with log.write() as session:
        said = [signed(f"{name}{number}", f"lot/{number % 7}") for number in range(count)]
        outbox.submit_many(session, said)


def test_processes_that_drain_at_once_make_one_log(
    log_of_two: SmallLog, database_url: str, tmp_path: Path
) -> None:
    feed(log_of_two, 300)
    log_of_two.engine.dispose()
    rivals = [started(database_url, str(tmp_path), "drain", "302") for _ in range(2)]
    shares = [answer(rival) for rival in rivals]
    assert sum(int(str(share)) for share in shares) == 302
    kept = KeptHeads(tmp_path).read()
    assert kept is not None
    assert kept[0] == 302
    report = log_of_two.audit(kept=(kept[1],))
    assert (report.ok, report.entries) == (True, 302), report.faults


def test_threads_that_drain_at_once_make_one_log(
    log_of_two: SmallLog, database_url: str, tmp_path: Path
) -> None:
    feed(log_of_two, 200)
    log_of_two.engine.dispose()
    engine = engine_of(database_url)
    barrier = threading.Barrier(3)
    counts: list[int] = []
    errors: list[DaodiError] = []

    def run() -> None:
        sequencer = log_of_two.sequencer(group=8, kept=KeptHeads(tmp_path))
        object.__setattr__(sequencer, "write", writing(engine))
        barrier.wait()
        try:
            counts.append(sequencer.drain())
        except DaodiError as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert not errors
    assert sum(counts) == 202


@pytest.mark.postgresql
@pytest.mark.parametrize("where", WHERE)
def test_a_leader_paused_past_the_loss_of_its_lock_harms_nothing(
    postgresql_url: str, tmp_path: Path, where: str
) -> None:
    log = SmallLog(postgresql_url)
    kept = KeptHeads(tmp_path)
    feed(log, 5)
    paused = started(postgresql_url, str(tmp_path), "pause", where)
    assert os.WIFSTOPPED(os.waitpid(paused.pid, os.WUNTRACED)[1])
    successor = leader_on(log)
    assert not successor.held()
    log.value(  # what the server does when the network to it is gone
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = :name",
        name=PAUSED,
    )
    assert successor.held()
    feed(log, 5, "t")
    log.sequencer(kept=kept).drain()
    before = kept.read()
    assert before is not None
    assert before[0] == 12
    paused.send_signal(signal.SIGCONT)
    told = answer(paused)
    assert isinstance(told, dict)
    assert (told["led"], told["leads"]) == (True, False)
    assert told["drained"] in (0, "OperationalError")
    assert kept.read() == before
    assert log.sequencer(kept=kept).drain() == 0
    report = log.audit(kept=(before[1],))
    successor.release()
    log.engine.dispose()
    assert (report.ok, report.entries) == (True, 12), report.faults


@pytest.mark.postgresql
def test_one_leads_until_it_lets_go_or_its_connection_ends(postgresql_url: str) -> None:
    log = SmallLog(postgresql_url)
    first, second = leader_on(log), leader_on(log)
    assert (first.held(), second.held(), first.held()) == (True, False, True)
    first.release()
    assert (second.held(), first.held()) == (True, False)
    assert log.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1
    log.value(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_locks"
        " WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
    )
    assert first.held()
    assert not second.held()
    for leader in (first, second):
        leader.release()
    log.engine.dispose()


@pytest.mark.postgresql
def test_nobody_leads_without_the_server(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url.replace("/t", "/absent-t", 1))
    leader = AdvisoryLeader(lambda: engine.connect())
    assert not leader.held()
    leader.release()
    engine.dispose()


def test_the_one_process_on_sqlite_leads_always() -> None:
    leader = AloneLeader()
    leader.release()
    assert leader.held()
