"""Late quotes: what came after the release that should have used it is marked, and nothing else."""

from sqlmodel import Session

from priceindex import book
from priceindex.calendar import day_number
from priceindex.intake.lateness import with_lateness
from priceindex.intake.taking_in import take_in
from priceindex.releases.release_tables import BundleRow, ReleaseRow
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket, day, quote


def released(session: Session, last_day: str, published_ms: int, ordinal: int) -> None:
    """A release through a day, with nothing in it."""
    sha256 = f"{ordinal:064x}"
    session.add(BundleRow(sha256=sha256, size_bytes=0, body=b""))
    session.flush()
    session.add(
        ReleaseRow(
            release_id=f"r-{ordinal}", family="herbs", ordinal=ordinal, until=day_number(day(last_day)),
            last_day=day_number(day(last_day)), revision=0, status="trial", method_id="herbs@1",
            method_sha256=sha256, bundle_sha256=sha256, values_sha256=sha256, form=2, kept=4,
            final_after_days=0, as_of_ms=published_ms, published_ms=published_ms,
            statement_id=f"release/{ordinal}", headline="1000", summary="{}",
        )
    )  # fmt: skip
    session.flush()


def test_a_quote_is_late_once_any_release_reaching_its_day_was_out(market: SmallMarket) -> None:
    with market.write() as session:
        released(session, "2025-03-02", NOW_MS + 10, 1)
        released(session, "2025-03-05", NOW_MS + 20, 2)
    for on, at_ms in (
        ("2025-03-01", NOW_MS + 10),
        ("2025-03-02", NOW_MS + 11),
        ("2025-03-04", NOW_MS + 15),
        ("2025-03-05", NOW_MS + 21),
        ("2025-03-06", NOW_MS + 30),
    ):
        with market.write() as session:
            take_in(session, [quote(8500, on)], "test", at_ms, known=KNOWN)
    with market.read() as session:
        marked = with_lateness(session, book.quotes(session))
    assert {one.day.isoformat(): one.late for one in marked} == {
        "2025-03-01": False,
        "2025-03-02": True,
        "2025-03-04": False,
        "2025-03-05": True,
        "2025-03-06": False,
    }


def test_without_a_release_nothing_is_late(sqlite_market: SmallMarket) -> None:
    with sqlite_market.write() as session:
        take_in(session, [quote(8500, "2025-03-01")], "test", NOW_MS, known=KNOWN)
    with sqlite_market.read() as session:
        assert not any(one.late for one in with_lateness(session, book.quotes(session)))
