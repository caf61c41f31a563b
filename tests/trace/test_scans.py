"""Scans add up on both databases: how often, since when, from how many places and devices."""

from trace.scans import NEVER, Scan, add_scans, scan_state

from .season import founded

SCANS = [
    Scan(code="A", at_ms=30, city="341600", device="x"),
    Scan(code="A", at_ms=10, city="341600", device="y"),
    Scan(code="A", at_ms=20, city=None, device="x"),
    Scan(code="B", at_ms=5, city="110100", device="z"),
]


def test_scans_add_up(database_url: str) -> None:
    with founded(database_url) as session:
        assert scan_state(session, "A") == NEVER
        assert add_scans(session, SCANS) == 4
        assert add_scans(session, []) == 0
        state = scan_state(session, "A")
        assert (state.count, state.first_ms, state.last_ms) == (3, 10, 30)
        assert (state.cities, state.devices, state.copied) == (1, 2, False)
        assert scan_state(session, "B").count == 1


def test_a_thousand_scans_of_one_phone_are_no_copy(database_url: str) -> None:
    with founded(database_url) as session:
        add_scans(session, [Scan(code="A", at_ms=n, city="341600", device="x") for n in range(1000)])
        state = scan_state(session, "A")
        assert (state.count, state.devices, state.copied) == (1000, 1, False)
