"""Ending a service under load: what it acknowledged is kept and in the log, and it ends by itself in time."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from api import operator_token
from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from ledger.tables import PendingRow
from tests.trace.season import register_all, white_peony
from trace.tables import LotRow

SEED = white_peony()[0][0].model_dump(mode="json", exclude_none=True)


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "service"
    url = f"sqlite:///{folder / 'daodi.sqlite'}"
    told = load_settings(folder=folder, port=port, database_url=url, base_url=f"http://127.0.0.1:{port}")
    found(told)
    with Station.open(told, background=False) as station:
        station.writer.submit(lambda session: register_all(session, station.recorder))
    return told


@pytest.fixture
def serving(told: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", _program(told)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", told.port)) == 0:
                break
        time.sleep(0.05)
    yield process
    process.kill()
    process.wait(10)


def _program(told: Settings) -> str:
    return (
        "from pathlib import Path; from api.serving import serve; from api.settings import load_settings;"
        f"serve(load_settings(folder=Path({str(told.folder)!r}), port={told.port},"
        f" database_url={told.database_address!r}, base_url={told.base_url!r}))"
    )


def _write(port: int, token: str, number: int, acknowledged: list[str]) -> None:
    """Record lots until the service is gone."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    for turn in range(10_000):
        lot = f"LOAD-{number}-{turn}"
        body = {**SEED, "outputs": [{**SEED["outputs"][0], "lot": lot}]}
        try:
            connection.request("POST", "/v1/steps", json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return
        if answer.status == 202:
            acknowledged.append(lot)


def test_nothing_acknowledged_is_lost_when_the_service_is_told_to_stop(
    told: Settings, serving: "subprocess.Popen[bytes]"
) -> None:
    token = operator_token.read(told.folder)
    assert token is not None
    acknowledged: list[str] = []
    senders = [
        threading.Thread(target=_write, args=(told.port, token, number, acknowledged)) for number in range(16)
    ]
    for sender in senders:
        sender.start()
    time.sleep(1.5)
    with socket.create_connection(("127.0.0.1", told.port)) as idler:
        idler.sendall(b"POST /v1/steps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
        serving.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        status = serving.wait(20)
    assert time.monotonic() - begun < 12  # 10 on a quiet machine
    assert status == 0, "the signal ended the process before it had closed"
    for sender in senders:
        sender.join(20)
    assert len(acknowledged) > 10
    with Station.open(told, background=False) as station, station.database.read() as session:
        kept = set(session.exec(select(col(LotRow.lot_id))).all())
        assert session.exec(select(func.count()).select_from(PendingRow)).one() == 0
    assert set(acknowledged) <= kept


STOPPED_EARLY = """
import signal, api.serving
made = api.serving.create_app
def create_app(station):
    signal.raise_signal(signal.SIGTERM)
    return made(station)
api.serving.create_app = create_app
"""


def test_a_service_told_to_stop_while_it_starts_does_not_go_on(told: Settings) -> None:
    program = STOPPED_EARLY + _program(told)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL) as process:
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()
