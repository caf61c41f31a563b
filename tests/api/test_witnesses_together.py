"""A station with three witness processes on loopback: one is killed and comes back, a backup is restored."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import deployment
from api.clock import system_randomness
from api.founding import found
from api.health import readiness
from api.settings import Settings, load_settings
from api.station import Station
from api.witness_setup import set_up
from ledger import store
from ledger.checkpoint import SignedCheckpoint, open_checkpoint
from ledger.errors import NoCheckpointYet
from ledger.witnessing.policy import Policy
from ledger.witnessing.publication import published
from ledger.witnessing.witness_errors import WitnessKnowsMore
from tests.api.witnessed import submit, until

ORIGIN = "log.example/together"


class WitnessProcess:
    """One `daodi witness serve`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait` waits until it listens."""
        command = [sys.executable, "-m", "api", "witness", "serve", "--folder", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self) -> None:
        """Return once it listens."""
        until(lambda: _listens(self.port))

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A founded service whose policy file is not written yet."""
    made = load_settings(folder=tmp_path / "service", origin=ORIGIN, policy_file=None)
    found(made)
    return made


@pytest.fixture
def processes(tmp_path: Path, settings: Settings) -> Iterator[list[WitnessProcess]]:
    """Three witnesses of that service, running, and its policy of two of them."""
    with Station.open(settings, background=False) as station:
        vkey = station.vkey
    made = [WitnessProcess(tmp_path / f"w{at}") for at in (1, 2, 3)]
    lines = [f"log {vkey}"]
    for process in made:
        name = f"{process.folder.name}.example"
        key = set_up(process.folder, name, [vkey], system_randomness)
        lines.append(f"witness {name} {key.to_vkey()} http://127.0.0.1:{process.port}")
    names = " ".join(f"{process.folder.name}.example" for process in made)
    (tmp_path / "policy").write_text("\n".join([*lines, f"group q 2 {names}", "quorum q", ""]))
    for process in made:
        process.start()
    try:
        for process in made:
            process.wait()
        yield made
    finally:
        for process in made:
            process.kill()


def watched(settings: Settings, tmp_path: Path) -> Settings:
    """The same settings under the policy."""
    return settings.model_copy(update={"policy_file": tmp_path / "policy", "witness_seconds": 0.05})


def shown(station: Station) -> SignedCheckpoint | None:
    """What is published, accepted by the policy."""
    assert station.settings.policy_file is not None
    policy = Policy.from_bytes(station.settings.policy_file.read_bytes())
    with station.database.read() as session:
        try:
            return open_checkpoint(published(session).text, policy)
        except NoCheckpointYet:
            return None


def cosigners(station: Station, size: int) -> set[str]:
    """Who has cosigned the published checkpoint, once it has this size."""
    found = shown(station)
    return {each.by.name for each in found.cosigned} if found and found.size == size else set()


def operator(station: Station) -> str:
    """The operator's token, left in the folder whatever state the log is in."""
    station.renew_operator_token()
    return (station.settings.folder / "operator.token").read_text()


def signed_size(station: Station) -> int:
    """Size of the newest signed checkpoint."""
    with station.database.read() as session:
        newest = store.last_checkpoint(session)
    return newest.size if newest else 0


def test_a_killed_witness_holds_nobody_up_and_a_restored_backup_is_refused(
    tmp_path: Path, settings: Settings, processes: list[WitnessProcess]
) -> None:
    everybody = {"w1.example", "w2.example", "w3.example"}
    with Station.open(watched(settings, tmp_path)) as station:
        until(lambda: cosigners(station, 1) == everybody)
    shutil.copytree(settings.folder, tmp_path / "backup")  # with all the cosignatures of its time
    with Station.open(watched(settings, tmp_path)) as station:
        processes[0].kill()
        submit(station, "while-one-is-away")
        until(lambda: cosigners(station, 2) == {"w2.example", "w3.example"})
        assert readiness(station).witnesses == "ok"

        processes[1].kill()
        submit(station, "while-two-are-away")
        until(lambda: signed_size(station) == 3)
        assert shown(station).size == 2  # type: ignore[union-attr]  published above
        assert readiness(station).seconds_without_quorum is not None

        processes[0].start()
        processes[1].start()
        until(lambda: cosigners(station, 3) == everybody)

    shutil.rmtree(settings.folder)
    shutil.copytree(tmp_path / "backup", settings.folder)
    with Station.open(watched(settings, tmp_path), background=False) as station:
        with pytest.raises(WitnessKnowsMore):
            submit(station, "after-the-restore")
        with pytest.raises(WitnessKnowsMore):
            station.settle()
        assert signed_size(station) == 1
        assert readiness(station).witnesses == "failing"
        assert readiness(station).status == "not_ready"
        with TestClient(create_app(station), base_url="http://localhost") as client:
            for answer in (
                client.get("/log/checkpoint"),
                client.get("/v1/log/checkpoint"),
                client.post("/v1/log/keys", headers={"Authorization": f"Bearer {operator(station)}"}),
            ):
                assert (answer.status_code, answer.json()["type"]) == (503, "/problems/witness-knows-more")
    with pytest.raises(WitnessKnowsMore), deployment.writing(watched(settings, tmp_path)):
        raise AssertionError("a command began to write into an old copy")


def test_a_station_whose_witnesses_are_all_away_starts_and_says_so(
    tmp_path: Path, settings: Settings
) -> None:
    with Station.open(settings, background=False) as station:
        vkey = station.vkey
    key = set_up(tmp_path / "w", "w.example", [vkey], system_randomness)
    line = f"witness w {key.to_vkey()} http://127.0.0.1:{_free_port()}\nquorum w\n"
    (tmp_path / "policy").write_text(line)
    late = watched(settings, tmp_path).model_copy(update={"checkpoint_late_seconds": 1e-9})
    with Station.open(late, background=False) as station:
        assert station.witnessing.ask() == ("w",)
        submit(station, "alone")
        station.settle()
        assert signed_size(station) == 2
        assert shown(station) is None
        readiness(station)
        assert readiness(station).witnesses == "degraded"
        assert readiness(station).status == "ready"


def test_the_witness_is_asked_for_no_longer_than_its_patience(tmp_path: Path, settings: Settings) -> None:
    """A witness that accepts connections and never answers does not keep the station from starting."""
    with Station.open(settings, background=False) as station:
        vkey = station.vkey
    key = set_up(tmp_path / "w", "w.example", [vkey], system_randomness)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        (tmp_path / "policy").write_text(f"witness w {key.to_vkey()} http://127.0.0.1:{port}\nquorum w\n")
        patient = watched(settings, tmp_path).model_copy(update={"witness_patience_seconds": 0.2})
        with Station.open(patient, background=False) as station:
            assert station.witnessing.ask() == ("w",)


def test_the_service_answers_before_a_silent_witness_does_and_signs_only_after(
    tmp_path: Path, settings: Settings
) -> None:
    with Station.open(settings, background=False) as station:
        vkey = station.vkey
    key = set_up(tmp_path / "w", "w.example", [vkey], system_randomness)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        (tmp_path / "policy").write_text(f"witness w {key.to_vkey()} http://127.0.0.1:{port}\nquorum none\n")
        patient = watched(settings, tmp_path).model_copy(update={"witness_patience_seconds": 50.0})
        with Station.open(patient) as station:
            held, _ = silent.accept()  # it has been asked, and has not answered
            with TestClient(create_app(station), base_url="http://localhost") as client:
                assert client.get("/livez").status_code == 200
            assert signed_size(station) == 1
            submit(station, "meanwhile")
            station.sequencing.wake()
            assert signed_size(station) == 1
            silent.close()
            held.close()
            until(lambda: signed_size(station) == 2)
