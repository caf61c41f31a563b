"""A real server in this process: uvicorn on a loopback port, set up as `daodi serve` sets it up."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.clock import system_clock
from api.connections import Connection
from api.founding import found
from api.settings import load_settings
from api.station import Station
from ledger.clock import Clock

START_SECONDS = 20


@contextmanager
def serving(folder: Path, *, clock: Clock = system_clock, **chosen: object) -> Iterator[Station]:
    """Found a service in `folder`, answer on a free port, and end both afterwards; `chosen` are settings."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        settings = load_settings(
            folder=folder / "daodi",
            origin="journeys.example/log",
            base_url=f"http://127.0.0.1:{port}",
            port=port,
            trusted_hosts=("127.0.0.1",),
            scan_flush_seconds=0.05,
            **chosen,
        )
        found(settings, clock=clock)
        with Station.open(settings, clock=clock) as station:
            station.renew_operator_token()
            with answering(station, listening):
                yield station


@contextmanager
def answering(station: Station, listening: socket.socket) -> Iterator[None]:
    """Answer for an open station on a bound socket."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(station),
            http=Connection,
            proxy_headers=True,
            forwarded_allow_ips=",".join(station.settings.trusted_proxies),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        _await_start(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=START_SECONDS)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            pytest.fail(f"the service did not start within {START_SECONDS} seconds")
        time.sleep(0.02)
