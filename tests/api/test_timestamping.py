"""Timestamps in a service: off unless set up, one a day, listed, fetched, checked on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.cli.app import run
from api.errors import SettingWrong
from api.founding import found
from api.settings import load_settings
from api.station import Station
from ledger import log
from ledger.timestamps.timestamp_errors import CertificatesWrong
from ledger.timestamps.timestamping import kept_timestamps
from tests.ledger.small_authority import SmallAuthority, serving

DAY_MS = 86_400_000
BEGIN_MS = 1_772_000_000_000


class Clock:
    """A clock that stands until it is set."""

    now = BEGIN_MS

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def authority() -> Iterator[tuple[SmallAuthority, str]]:
    small = SmallAuthority()
    with serving(small) as url:
        yield small, url


def test_a_service_has_one_checkpoint_a_day_stamped(
    tmp_path: Path,
    authority: tuple[SmallAuthority, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    small, url = authority
    pem = tmp_path / "authorities.pem"
    pem.write_bytes(small.pem)
    told = {"DAODI_FOLDER": str(tmp_path / "service"), "DAODI_ORIGIN": "log.example/stamps"}
    told |= {"DAODI_TSA_URL": url, "DAODI_TSA_CERTIFICATES": str(pem)}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    found(settings)
    clock = Clock()
    with Station.open(settings, background=False, clock=clock) as station:
        station.settle()
        assert station.timestamping is not None
        assert station.timestamping.run_if_due() is not None
        clock.now += DAY_MS - 1
        assert station.timestamping.run_if_due() is None
        assert small.asked == 1
        client = TestClient(create_app(station), base_url=settings.base_url)
        with client:
            listed = client.get("/v1/log/timestamps").json()
            assert [each["size"] for each in listed["timestamps"]] == [1]
            assert listed["timestamps"][0]["at"] == "2026-03-01T08:30:00Z"
            assert client.get("/v1/log/timestamps/2").status_code == 404
            file = tmp_path / "stamp.json"
            file.write_bytes(client.get("/v1/log/timestamps/1").content)
        vkey = station.vkey
    assert run(["--language", "en", "log", "timestamps"]) == 0
    assert "holds" in capsys.readouterr().out
    assert run(["--language", "en", "fsck", "--quick"]) == 0
    assert "timestamps: 1, of which 1 hold" in " ".join(capsys.readouterr().out.split())
    check = ["--language", "en", "verify", str(file), "--trust", vkey]
    assert run([*check, "--tsa-certificates", str(pem)]) == 0
    assert "existed before 2026-03-01 08:30:00 UTC, says CN=Stamp 1" in " ".join(
        capsys.readouterr().out.split()
    )
    pem.write_bytes(SmallAuthority().pem)
    assert run([*check, "--tsa-certificates", str(pem)]) == 1
    assert run(["fsck", "--quick"]) == 1
    assert run(check) == 1


def test_without_an_authority_nothing_is_asked(tmp_path: Path) -> None:
    settings = load_settings(folder=tmp_path / "service")
    found(settings)
    with Station.open(settings, background=False) as station:
        assert station.timestamping is None


def test_a_setting_that_trusts_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingWrong):
        load_settings(tsa_url="http://tsa.example/")
    folder = tmp_path / "service"
    found(load_settings(folder=folder))
    missing = load_settings(
        folder=folder, tsa_url="http://tsa.example/", tsa_certificates=tmp_path / "no.pem"
    )
    with pytest.raises(CertificatesWrong):
        Station.open(missing, background=False)


def test_a_silent_authority_holds_nothing_up(tmp_path: Path) -> None:
    """Asking it fails alone, and the next look asks again."""
    pem = tmp_path / "authorities.pem"
    pem.write_bytes(SmallAuthority().pem)
    folder = tmp_path / "service"
    settings = load_settings(folder=folder, tsa_url="http://127.0.0.1:9/", tsa_certificates=pem)
    found(settings)
    with Station.open(settings, background=False) as station:
        station.settle()
        assert station.timestamping is not None
        station.timestamping.look()
        with station.database.read() as session:
            assert kept_timestamps(session, 1) == []
            assert log.checkpoint(session).size == 1
