"""The tables say what the log says: built again from it they are equal, and what is not is named."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel

import api.tables  # noqa: F401  registers every table of the service
from trace.appliers import APPLIERS
from trace.replaying.projection_tables import NOT_PROJECTED, projected
from trace.steps import StepNew

from .rebuilt import differences, rebuilt
from .season import GROWER, MAKER, PHARMACY, at, founded, lot, recorder, step, white_peony


def record_season(session: Session) -> None:
    by = recorder()
    for new, recorded_ms in white_peony():
        by.record_step(session, new, recorded_ms)


def oversold() -> StepNew:
    """A sale of more than there is: it is flagged, so that a finding is rebuilt too."""
    return step("sale", 920, "COUNTER", lots=[lot("YP-1", 900_000)], fields={"price_fen_per_kg": 1})


def test_the_rebuilt_tables_are_equal_row_for_row(database_url: str) -> None:
    with founded(database_url) as session:
        record_season(session)
        recorder("more").record_step(session, oversold(), at(920))
        session.commit()
        found = rebuilt(session)
        assert differences(session) == []
        assert found.equal
        rows = {table.table: table.rows for table in found.tables}
        assert rows["trace_step"] == 16
        assert rows["trace_party"] == rows["trace_place"] == 4
        assert rows["trace_finding"] > 0
        live = session.execute(text("SELECT count(*) FROM trace_lot")).scalar_one()
        assert rows["trace_lot"] == live == 8


def test_one_gram_changed_by_hand_is_found_and_named(database_url: str) -> None:
    with founded(database_url) as session:
        record_season(session)
        session.execute(text("UPDATE trace_lot SET grams = grams + 1 WHERE lot_id = 'BS-B'"))
        session.commit()
        assert differences(session) == [("trace_lot", "BS-B", "differs", {"grams": (300_001, 300_000)})]


def test_a_row_that_is_gone_and_one_that_nobody_stated_are_named(database_url: str) -> None:
    with founded(database_url) as session:
        record_season(session)
        session.execute(text("DELETE FROM trace_edge WHERE target = 'BS-M' AND source = 'BS-B'"))
        session.execute(
            text(
                "INSERT INTO trace_place (place_id, name, party, division, statement_id, registered_ms)"
                " SELECT 'GHOST', 'x', party, division, 'place/GHOST', 0 FROM trace_place"
                " WHERE place_id = 'PLOT'"
            )
        )
        session.commit()
        found = differences(session)
        assert [(table, fault) for table, _, fault, _ in found] == [
            ("trace_place", "extra"),
            ("trace_edge", "missing"),
        ]
        assert found[0][1] == "GHOST"
        assert found[1][1].endswith(",BS-B,BS-M")


def test_writing_puts_the_rebuilt_rows_in_place(database_url: str) -> None:
    with founded(database_url) as session:
        record_season(session)
        session.execute(text("UPDATE trace_lot SET grams = 0"))
        session.execute(text("DELETE FROM trace_sale"))
        session.commit()
        assert not rebuilt(session, write=True).equal
        session.commit()
        assert rebuilt(session).equal
        # The living go on from there.
        later = step("sale", 921, "COUNTER", lots=[lot("YP-1", 500)], fields={"price_fen_per_kg": 9})
        recorder("later").record_step(session, later, at(921))
        assert rebuilt(session).equal


def test_comparing_leaves_the_tables_as_they_were(database_url: str) -> None:
    with founded(database_url) as session:
        record_season(session)
        session.execute(text("UPDATE trace_lot SET grams = 7 WHERE lot_id = 'BS-B'"))
        rebuilt(session)
        assert session.execute(text("SELECT grams FROM trace_lot WHERE lot_id = 'BS-B'")).scalar_one() == 7


def test_every_table_of_the_trace_is_a_projection_or_says_why_not() -> None:
    names = {name for name in SQLModel.metadata.tables if name.startswith("trace_")}
    assert {table.name for table in projected()} | NOT_PROJECTED.keys() == names
    assert all(NOT_PROJECTED.values())


def test_nothing_that_is_no_projection_refers_to_one() -> None:
    """Putting rebuilt rows in place deletes the old ones first."""
    made = {table.name for table in projected()}
    for table in SQLModel.metadata.tables.values():
        if table.name not in made:
            assert {key.column.table.name for key in table.foreign_keys} & made == set(), table.name


@pytest.mark.parametrize("party", [GROWER, MAKER, PHARMACY])
def test_the_kinds_of_this_log_all_have_an_applier(party: str) -> None:
    with founded("sqlite://") as session:
        record_season(session)
        rows = session.execute(text("SELECT leaf FROM ledger_pending")).scalars()
        said = b"".join(rows).decode()
        assert party in said
        kinds = {part.split('"')[0] for part in said.split('"kind":"')[1:]}
        assert kinds - APPLIERS.keys() == {"key.registered"}
