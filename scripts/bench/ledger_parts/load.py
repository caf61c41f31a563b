"""Sends prepared requests to a local service from a process of its own, and says how long answers took.

`python load.py PORT FILE CLIENTS [RATE]` with requests in FILE, each after its length in four bytes. Without
a rate each client sends its next request when it has the last answer; with one, requests start at that many
a second whatever the answers, and their time counts from when they should have started.
"""

import asyncio
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import uvloop

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load."""

    seconds: float
    """From the first request to the last answer."""
    latencies_ms: tuple[float, ...]
    statuses: dict[int, int]
    """How many answers had each HTTP status."""
    cpu_seconds: float
    """Processor time the generator took: on two cores it is taken from the service."""

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies_ms) / self.seconds

    @property
    def cpu_share(self) -> float:
        """The share of one core the generator took."""
        return self.cpu_seconds / self.seconds


def put_down(file: Path, requests: Iterable[bytes]) -> None:
    """Write requests in the form the generator reads."""
    file.write_bytes(b"".join(len(each).to_bytes(4, "big") + each for each in requests))


def run(port: int, file: Path, clients: int, rate: float | None = None) -> Load:
    """Run the generator as a process of its own and return what it measured."""
    command = [sys.executable, __file__, str(port), str(file), str(clients)]
    done = subprocess.run(
        command if rate is None else [*command, str(rate)], check=True, capture_output=True, text=True
    )
    said = json.loads(done.stdout)
    return Load(
        said["seconds"],
        tuple(said["latencies_ms"]),
        {int(status): count for status, count in said["statuses"].items()},
        said["cpu_seconds"],
    )


def post(path: str, body: bytes, token: str, *, prefer: str | None = None) -> bytes:
    """Return the bytes of one POST on a connection that is kept."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if prefer is not None:
        lines.append(f"Prefer: {prefer}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class _Client(asyncio.Protocol):
    """One kept connection with one request under way at a time."""

    transport: Any = None
    received: bytearray = field(default_factory=bytearray)
    answer: "asyncio.Future[int] | None" = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0 or self.answer is None:
            return
        length = _LENGTH.search(self.received, 0, head + 2)
        if length is None:
            raise ValueError("an answer without a length")
        if len(self.received) >= head + 4 + int(length[1]):
            status = int(self.received[9:12])
            self.received.clear()
            self.answer.set_result(status)

    def send(self, request: bytes) -> "asyncio.Future[int]":
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answer


async def _connected(port: int, count: int) -> list[_Client]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(_Client, "127.0.0.1", port))[1] for _ in range(count)]


async def _in_turn(clients: Sequence[_Client], requests: "deque[bytes]", told: "_Told") -> None:
    async def one(client: _Client) -> None:
        while requests:
            request = requests.popleft()
            begun = time.perf_counter()
            told.add(begun, await client.send(request))

    await asyncio.gather(*(one(client) for client in clients))


async def _at_rate(clients: Sequence[_Client], requests: "deque[bytes]", rate: float, told: "_Told") -> None:
    free: asyncio.Queue[_Client] = asyncio.Queue()
    for client in clients:
        free.put_nowait(client)

    async def one(due: float, request: bytes) -> None:
        client = await free.get()
        told.add(due, await client.send(request))
        free.put_nowait(client)

    started = time.perf_counter()
    under_way = []
    for number, request in enumerate(requests):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.create_task(one(due, request)))
    await asyncio.gather(*under_way)


class _Told:
    """The answers so far."""

    def __init__(self) -> None:
        self.latencies_ms: list[float] = []
        self.statuses: Counter[int] = Counter()

    def add(self, begun: float, status: int) -> None:
        self.latencies_ms.append(round((time.perf_counter() - begun) * 1000, 3))
        self.statuses[status] += 1


async def _load(port: int, file: Path, count: int, rate: float | None) -> None:
    content = memoryview(file.read_bytes())
    requests: deque[bytes] = deque()
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        requests.append(bytes(content[at + 4 : at + 4 + length]))
        at += 4 + length
    clients = await _connected(port, count)
    told = _Told()
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    if rate is None:
        await _in_turn(clients, requests, told)
    else:
        await _at_rate(clients, requests, rate, told)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {
                "seconds": seconds,
                "latencies_ms": told.latencies_ms,
                "statuses": told.statuses,
                "cpu_seconds": cpu,
            }
        )
    )
    for client in clients:
        client.transport.close()


if __name__ == "__main__":
    port, file, clients, *rate = sys.argv[1:]
    uvloop.run(_load(int(port), Path(file), int(clients), float(rate[0]) if rate else None))
