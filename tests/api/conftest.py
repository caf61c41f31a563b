"""A founded station of its own for each test that asks for one, and clients of its application."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.cli.app import DONE, REFUSED, run
from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from api.tokens import issue_token, parse_scopes
from tests.api.laid_tables import laid_once  # noqa: F401  holds for every test of this folder
from tests.api.private_station import gatherings, planting  # noqa: F401  fixtures of several files
from tests.api.two_vintages import published  # noqa: F401  read by the tests of the published index

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
    cache_logger_on_first_use=False,
)

NOW_MS = 1_760_000_000_000
HOST = "herbs.example.org"


ON_BOTH_DATABASES = pytest.mark.parametrize(
    "service_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
"""Marks a test whose station shall run on SQLite and on PostgreSQL; others run on SQLite."""

ON_POSTGRESQL = pytest.mark.parametrize(
    "service_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def service_url(request: pytest.FixtureRequest) -> str:
    """The address of the station's database."""
    return str(request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url"))


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service in a folder of its own."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        database_pool=8,
    )


@pytest.fixture
def station(settings: Settings) -> Iterator[Station]:
    """A founded station whose clock stands still and whose threads do not run."""
    found(settings, clock=lambda: NOW_MS)
    with Station.open(settings, clock=lambda: NOW_MS, background=False) as opened:
        yield opened


@pytest.fixture
def app(station: Station) -> FastAPI:
    """The whole application around the station."""
    return create_app(station)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A caller without a token, whose faults come back as answers."""
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def token_with(station: Station) -> Callable[..., str]:
    """Issue a token: `token_with("steps:write", party=…, expires_ms=…, name=…)`."""

    def issue(
        *scopes: str,
        party: str | None = None,
        source: str | None = None,
        expires_ms: int | None = None,
        name: str = "test",
    ) -> str:
        return station.writer.submit(
            lambda session: issue_token(
                session,
                name=name,
                scopes=parse_scopes(scopes),
                party=party,
                source=source,
                created_ms=NOW_MS,
                expires_ms=expires_ms,
                randomness=station.randomness,
            )
        )

    return issue


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that must succeed and return what it printed; the service is fresh and set up."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.delenv("DAODI_LANGUAGE", raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def tell(*arguments: str) -> str:
        outcome = run(arguments)
        said = capsys.readouterr()
        assert outcome == DONE, said.err
        return said.out

    tell("init")
    return tell


@pytest.fixture
def refused(
    told: Callable[..., str],  # noqa: ARG001  sets the service up
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., str]:
    """Run a command that must be refused and return what it said on standard error."""

    def tell(*arguments: str) -> str:
        outcome = run(arguments)
        said = capsys.readouterr()
        assert outcome == REFUSED, said.out
        return said.err

    return tell
