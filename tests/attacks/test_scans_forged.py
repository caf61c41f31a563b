"""Scans made up: to hide a copied label, or to throw doubt on a good one."""

from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from tests.trace.season import at, founded, lot, register_all, step
from trace.scanning.scan_marks import add_scans, scan_state
from trace.scanning.scans import Scan


def scan(device: str, network: str, city: str | None = None, at_ms: int = 1) -> Scan:
    return Scan(serial=7, at_ms=at_ms, city=city, device=device, network=network)


def test_a_crowd_from_one_network_does_not_hide_the_copies_that_come_after(database_url: str) -> None:
    """The row of a code keeps few devices: whoever sells copies fills it first, with one phone's browsers."""
    with founded(database_url) as session:
        for number in range(100):
            add_scans(session, [scan(f"browser{number}", "seller")])
        assert not scan_state(session, 7).copied
        for number in range(5):
            add_scans(session, [scan(f"buyer{number}", f"home{number}")])
        assert scan_state(session, 7).copied


def test_crowds_from_a_few_networks_do_not_hide_them_in_one_batch(sqlite_url: str) -> None:
    with founded(sqlite_url) as session:
        crowd = [scan(f"browser{number}", "seller") for number in range(100)]
        add_scans(session, [*crowd, *(scan("phone", f"home{number}", at_ms=2) for number in range(4))])
        assert scan_state(session, 7).copied


def test_a_made_up_address_is_not_believed(client: TestClient, station: Station) -> None:
    """X-Forwarded-For counts from the operator's own proxies alone: here nobody is one."""

    def grown(session: Session) -> str:
        register_all(session, station.recorder)
        fresh = step("gathering", 1, outputs=[lot("H", 900, "白芍")], fields={"area_name": "山里"})
        herb = step(
            "primary_processing", 2, inputs=[lot("H")], outputs=[lot("D", 300)], fields={"method": "晒"}
        )
        packed = step("pack", 3, inputs=[lot("D")], packs=1, grams_per_pack=10)
        return [station.recorder.record_step(session, new, at(3)) for new in (fresh, herb, packed)][-1].codes[
            0
        ]

    code = station.writer.submit(grown)
    for number in range(12):
        headers = {"X-Forwarded-For": f"203.0.{number}.7", "X-Real-IP": f"203.0.{number}.8"}
        assert client.get(f"/v1/codes/{code}", headers=headers).status_code == 200
    station.scans.flush()
    assert client.get(f"/v1/codes/{code}").json()["verdict"]["key"] != "doubtful"
