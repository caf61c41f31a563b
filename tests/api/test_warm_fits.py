"""The processes that fit: one pool for a whole station, none while idle, none left by an ended service."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest

from api.founding import found
from api.index_runs import publish_run
from api.settings import Settings, load_settings
from api.station import Station
from api.warm_fits import WarmFits
from priceindex.forecast.forecast_errors import FitsEnded, FitsSwitchedOff
from priceindex.forecast.panel import SeriesPanel
from tests.api.test_forecast_routes import quoted
from tests.api.two_vintages import take_in

PANEL = SeriesPanel(values=np.exp(np.random.default_rng(1).normal(0, 0.1, (1, 30)).cumsum(axis=1)), season=1)


def used(fits: WarmFits) -> tuple[int, ...]:
    """Fit something; the processes that live afterwards."""
    fits.wanted()(PANEL, 3, ["fitted_theta"])
    return fits.pids


def test_one_process_serves_every_fit_rests_when_idle_and_ends_with_its_holder() -> None:
    fits = WarmFits(1, idle_seconds=0.0)
    assert len(fits.pids) == 0
    seen = [used(fits), used(fits)]
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1
    fits.rest()
    assert len(fits.pids) == 0
    [alive] = used(fits)
    fits.close()
    assert not Path(f"/proc/{alive}").exists()
    with pytest.raises(FitsEnded):
        fits.wanted()(PANEL, 3, ["fitted_theta"])
    fits.close()


def test_processes_in_use_lately_are_not_ended() -> None:
    with WarmFits(1, idle_seconds=600.0) as fits:
        fits.wanted()(PANEL, 3, ["fitted_theta"])
        before = fits.pids
        fits.rest()
        assert fits.pids == before


def test_without_processes_there_are_no_fitted_models() -> None:
    fits = WarmFits(0)
    assert fits.forecaster() is None
    with pytest.raises(FitsSwitchedOff):
        fits.wanted()
    fits.rest()
    fits.close()


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    """A founded service with a year of quotes and their release, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = load_settings(folder=tmp_path / "service", port=port, base_url=f"http://127.0.0.1:{port}")
    found(told)
    today = date.today()  # noqa: DTZ011  any recent day will do
    with Station.open(told, background=False) as station:
        take_in(station, quoted(today - timedelta(days=2), today - timedelta(days=380)))
        publish_run(station, "bozhou", today - timedelta(days=2))
    return told


def test_a_service_told_to_stop_in_the_middle_of_a_fit_leaves_no_process_behind(told: Settings) -> None:
    program = (
        "from pathlib import Path; from api.serving import serve; from api.settings import load_settings;"
        f"serve(load_settings(folder=Path({str(told.folder)!r}), port={told.port},"
        f" base_url={told.base_url!r}))"
    )
    service = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL)
    try:
        asking = threading.Thread(target=ask, args=(told,), daemon=True)
        asking.start()
        fitting = awaited(service.pid)
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) is not None
        deadline = time.monotonic() + 30
        while any(running(pid) for pid in fitting) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [pid for pid in fitting if running(pid)] == []
    finally:
        service.kill()
        service.wait(10)


def ask(told: Settings) -> None:
    """Ask for a fit until the service answers or is gone."""
    for _ in range(600):
        try:
            httpx.get(f"{told.base_url}/v1/forecasts/bozhou/fitted", timeout=60, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return


def awaited(service: int) -> list[int]:
    """Wait until the service has a process that fits; its descendants then."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        below = descendants(service)
        if any(b"spawn_main" in command(pid) for pid in below):
            return below
        time.sleep(0.02)
    pytest.fail("no process that fits was started")


def descendants(pid: int) -> list[int]:
    """The processes below one, at any depth."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and parent(int(entry.name)) == pid:
            found += [int(entry.name), *descendants(int(entry.name))]
    return found


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def running(pid: int) -> bool:
    """Whether a process lives; one that ended and was not waited for by init does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
