"""A 300 MB body: refused within a small memory, by its declared length and when it comes in chunks."""

import contextlib
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MB = 1024 * 1024
SIZE = 300 * MB
PIECE = b'"' + b"x" * (MB - 3) + b'",'
HEAD = b"POST /names HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
ROOT = Path(__file__).resolve().parents[2]


class _Server:
    def __init__(self, kind: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.trial_server", kind, str(self.port), str(folder)], cwd=ROOT
        )
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), self.connect():
                return
            time.sleep(0.05)
        raise TimeoutError("the trial server did not listen")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    @property
    def rss(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module", params=["ours"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    started = _Server(request.param, tmp_path_factory.mktemp("trial"))
    yield started
    started.stop()


def _declared() -> Iterator[bytes]:
    yield f"Content-Length: {SIZE}\r\n\r\n".encode()
    yield b"["
    for _ in range(300):
        yield PIECE


def _chunked(first: bytes = b"[") -> Iterator[bytes]:
    yield b"Transfer-Encoding: chunked\r\n\r\n1\r\n" + first + b"\r\n"
    for _ in range(300):
        yield f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n"
    yield b"0\r\n\r\n"


def _post(server: _Server, parts: Iterator[bytes]) -> tuple[int, bytes]:
    """Send until everything is sent or the server answers; return its status and body."""
    with server.connect() as connection:
        connection.sendall(HEAD)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                connection.sendall(part)
                if select.select([connection], [], [], 0)[0]:
                    break
        return _read(connection)


def _read(connection: socket.socket) -> tuple[int, bytes]:
    answer = b""
    while b"\r\n\r\n" not in answer and (piece := connection.recv(65536)):
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length and (piece := connection.recv(65536)):
        body += piece
    return int(head.split()[1]), body


@pytest.mark.parametrize("parts", [_declared, _chunked])
def test_a_300_mb_body_is_refused_and_costs_no_memory(
    server: _Server, parts: Callable[[], Iterator[bytes]]
) -> None:
    before = server.rss
    status, body = _post(server, parts())
    assert (status, json.loads(body)["type"]) == (413, "/problems/request-too-large")
    assert server.rss - before < 30 * MB


def test_a_body_that_does_not_come_is_given_up(server: _Server) -> None:
    with server.connect() as connection:
        connection.sendall(HEAD + b"Content-Length: 9\r\n\r\n[")
        status, body = _read(connection)
    assert (status, json.loads(body)["type"]) == (408, "/problems/body-too-slow")


def test_an_ordinary_body_is_answered(server: _Server) -> None:
    body = b'["a", "b"]'
    assert _post(server, iter([f"Content-Length: {len(body)}\r\n\r\n".encode(), body])) == (200, b"2")


@pytest.mark.parametrize("server", ["stock"], indirect=True)
def test_stock_fastapi_takes_the_300_mb_into_memory(server: _Server) -> None:
    before = server.rss
    _post(server, _chunked(b"x"))  # not JSON, so that the test need not wait for its parsing
    assert server.rss - before > 250 * MB
