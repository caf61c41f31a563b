"""One small demo city for all tests of a run: whoever comes first loads it, the others copy it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.station import Station
from daodi_city.city import City, build
from daodi_city.folder import DemoFolder
from daodi_city.town import CityClock

from .loaded_city import load_city


@pytest.fixture(scope="session")
def city() -> City:
    return build(small=True)


@pytest.fixture(scope="session")
def loaded(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a loaded city, shared by every process of the run: never written to."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = DemoFolder(shared / "loaded-city")
    with (shared / "loaded-city.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # a load takes half a minute; the kernel ends the lock
        if not folder.holds(city):
            folder.clear()
            folder.begin(city)
            load_city(city, folder.settings())
            folder.finish(city)
    return folder.path


@pytest.fixture
def copied(loaded: Path, tmp_path: Path) -> Path:
    """The folder of a copy of one's own."""
    return shutil.copytree(loaded, tmp_path / "demo")


@pytest.fixture
def station(city: City, copied: Path) -> Iterator[Station]:
    """A copy of the loaded city, open."""
    with Station.open(
        DemoFolder(copied).settings(), clock=CityClock(city.now_ms), background=False
    ) as opened:
        yield opened
