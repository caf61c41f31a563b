"""Starting what is measured, and asking it: processes of their own on one machine, and `wrk` between them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scan_parts import served_scans
from scan_parts.grown_codes import GrownCodes

_LUA: Final = """
local file = io.open("{file}", "rb")
local codes = file:read("*a")
file:close()
local count = #codes / 20
math.randomseed({seed})
request = function()
  local at = math.random(0, count - 1) * 20
  return wrk.format("GET", "{stem}" .. codes:sub(at + 1, at + 20))
end
"""
_DONE: Final = """
done = function(summary, latency, requests)
  io.write(string.format('{"requests":%d,"us":%d,"p50":%d,"p99":%d,"refused":%d,"lost":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a serving process says of itself."""

    port: int
    token: str
    pid: int

    @property
    def megabytes(self) -> float:
        """Memory it holds."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    @property
    def cpu_seconds(self) -> float:
        """Processor time it took so far: neighbours on the machine add little to it."""
        told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load."""

    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int
    """Answers outside of 2xx and 3xx."""
    lost: int
    """Connections and requests that came to nothing."""
    cpu_us: float
    """Processor time of the serving process for one answer, all of its threads."""


def have_wrk() -> bool:
    """Whether the generator is on this machine."""
    return shutil.which("wrk") is not None


@contextmanager
def bare() -> Iterator[Told]:
    """The baseline."""
    with _started(["bare"]) as told:
        yield told


@contextmanager
def scans(grown: GrownCodes, redis: str | None = None, folder: Path | None = None) -> Iterator[Told]:
    """One worker of a grown service."""
    with _started([str(folder or grown.folder), grown.url, *([redis] if redis else [])]) as told:
        yield told


def ask(told: Told, codes: Sequence[str] | None, clients: int, seconds: float) -> Load:
    """Send requests for random ones of `codes`, or for the baseline's route when None."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name, "ask.lua")
        if codes is None:
            script.write_text(_DONE)
        else:
            file = Path(name, "codes")
            file.write_text("".join(codes))
            script.write_text(_LUA.format(file=file, seed=1, stem="/s/") + _DONE)
        address = f"http://127.0.0.1:{told.port}/"
        options = ["-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(script)]
        before = told.cpu_seconds
        done = subprocess.run(["wrk", *options, address], check=True, capture_output=True, text=True)
        taken = told.cpu_seconds - before
    said = json.loads(done.stdout[done.stdout.index("{") :])
    return Load(
        said["requests"] / said["us"] * 1e6,
        said["p50"] / 1000,
        said["p99"] / 1000,
        said["refused"],
        said["lost"],
        taken / max(said["requests"], 1) * 1e6,
    )


@contextmanager
def _started(arguments: list[str]) -> Iterator[Told]:
    process = subprocess.Popen(
        [sys.executable, served_scans.__file__, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise TypeError
    try:
        yield Told(**json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=60)
