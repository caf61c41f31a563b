"""Scans add up on both databases: how often, since when, from how many places and devices."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, create_engine

from tests.made_tables import make_tables
from trace.scanning.pin_attempts import MOST_WRONG, WINDOW_MS, PinOutcome, try_pin
from trace.scanning.scan_marks import add_scans, forget_scans, scan_state
from trace.scanning.scans import NEVER, Scan, add_up

from .season import founded


def scan(serial: int, at_ms: int, city: str | None, device: str, network: str | None = None) -> Scan:
    return Scan(serial=serial, at_ms=at_ms, city=city, device=device, network=network or device)


SCANS = [
    scan(1, 30, "341600", "x"),
    scan(1, 10, "341600", "y"),
    scan(1, 20, None, "x"),
    scan(2, 5, "110100", "z"),
]


def test_scans_add_up(database_url: str) -> None:
    with founded(database_url) as session:
        assert scan_state(session, 1) == NEVER
        assert add_scans(session, SCANS) == add_scans(session, []) == 0
        state = scan_state(session, 1)
        assert (state.count, state.first_ms, state.last_ms) == (3, 10, 30)
        assert (state.cities, state.devices, state.copied) == (1, 2, False)
        assert (scan_state(session, 2).count, scan_state(session, 2).first_city) == (1, "110100")


def test_a_thousand_scans_of_one_phone_are_no_copy(database_url: str) -> None:
    with founded(database_url) as session:
        add_scans(session, [scan(1, n, "341600", "x") for n in range(1000)])
        state = scan_state(session, 1)
        assert (state.count, state.devices, state.copied) == (1000, 1, False)


def test_one_person_with_many_browsers_cannot_make_a_pack_doubtful(sqlite_url: str) -> None:
    with founded(sqlite_url) as session:
        add_scans(session, [scan(1, n, "341600", f"browser-{n}", "home") for n in range(100)])
        assert not scan_state(session, 1).copied


def test_five_phones_of_five_networks_do(sqlite_url: str) -> None:
    with founded(sqlite_url) as session:
        assert add_scans(session, [scan(1, n, None, f"phone-{n}") for n in range(4)]) == 0
        assert not scan_state(session, 1).copied
        assert add_scans(session, [scan(1, 9, None, "phone-9"), scan(2, 9, None, "phone-9")]) == 1
        assert scan_state(session, 1).copied
        assert add_scans(session, [scan(1, 10, None, "phone-10")]) == 0


def test_forgetting_single_scans_keeps_their_sum(database_url: str) -> None:
    with founded(database_url) as session:
        add_scans(session, SCANS)
        before = scan_state(session, 1)
        assert forget_scans(session, 25) == 3
        assert forget_scans(session, 25) == 0
        assert scan_state(session, 1) == before


ONE = st.builds(
    scan,
    st.just(1),
    st.integers(0, 50),
    st.sampled_from([None, "110100", "310100", "341600", "440100"]),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["home", "shop", "street"]),
)


@settings(max_examples=40)
@given(st.lists(st.lists(ONE, max_size=6), max_size=5))
def test_adding_batch_by_batch_is_adding_up_at_once(batches: list[list[Scan]]) -> None:
    """The kept sum is that of all scans, while no more are distinct than are kept."""
    engine = create_engine("sqlite://")
    make_tables(engine)
    with Session(engine) as session:
        for batch in batches:
            add_scans(session, batch)
        together, found = add_up([each for batch in batches for each in batch]), scan_state(session, 1)
    engine.dispose()
    assert (found.count, found.first_ms, found.last_ms) == (
        together.count,
        together.first_ms,
        together.last_ms,
    )
    assert (found.cities, found.devices) == (together.cities, together.devices)


def test_a_pin_is_closed_after_five_wrong_attempts_even_to_the_right_one(database_url: str) -> None:
    with founded(database_url) as session:
        for left in range(MOST_WRONG - 1, -1, -1):
            answer = try_pin(session, 7, right=False, at_ms=1000)
            assert (answer.outcome, answer.left) == (PinOutcome.WRONG, left)
        assert try_pin(session, 7, right=True, at_ms=2000).outcome is PinOutcome.CLOSED
        assert try_pin(session, 8, right=True, at_ms=2000).outcome is PinOutcome.MATCHES
        assert try_pin(session, 7, right=True, at_ms=1000 + WINDOW_MS).outcome is PinOutcome.MATCHES


def test_a_second_match_says_when_the_first_was(sqlite_url: str) -> None:
    with founded(sqlite_url) as session:
        first = try_pin(session, 7, right=True, at_ms=1000)
        again = try_pin(session, 7, right=True, at_ms=5000)
    assert (first.matched_before, first.first_match_ms) == (0, None)
    assert (again.matched_before, again.first_match_ms) == (1, 1000)
