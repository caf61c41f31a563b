"""A small log in each database; whatever a test did to it, the whole log is audited afterwards."""

from collections.abc import Iterator

import pytest

from ledger.errors import LogNotFounded
from ledger.log import receipt
from tests.ledger.small_log import SmallLog


@pytest.fixture
def log_of_two(database_url: str, request: pytest.FixtureRequest) -> Iterator[SmallLog]:
    """A log whose own key and one grower's key are registered, nothing integrated; on both databases."""
    log = SmallLog(database_url)
    yield log
    _audit(log, request)
    log.engine.dispose()


@pytest.fixture
def sqlite_log(sqlite_url: str, request: pytest.FixtureRequest) -> Iterator[SmallLog]:
    """The same on SQLite alone, for tests that are not about the database."""
    log = SmallLog(sqlite_url)
    yield log
    _audit(log, request)
    log.engine.dispose()


@pytest.fixture(scope="session")
def receipt_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The receipt file of the third entry of four, whose key the second registered."""
    log = SmallLog(f"sqlite:///{tmp_path_factory.mktemp('log') / 'log.sqlite'}")
    log.grow(2)
    with log.read() as session:
        made = receipt(session, "s0").to_text()
    log.engine.dispose()
    return made


def _audit(log: SmallLog, request: pytest.FixtureRequest) -> None:
    """Audit the log as the test left it: sound, or at fault where the test says that it damaged it."""
    damaged = request.node.get_closest_marker("damages_log") is not None
    try:
        report = log.audit()
    except LogNotFounded:
        assert damaged
    else:
        assert report.ok is not damaged, report.faults
