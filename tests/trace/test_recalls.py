"""Recalls: one bad field, everybody who has some of it, and how much came back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session, SQLModel, col, select

from ledger.entry import Statement
from ledger.keys import SigningKey
from trace.appliers import APPLIERS
from trace.coding.code_tables import CodeRunRow
from trace.recalls.drills import DrillFound, find_closure, state_drill
from trace.recalls.effectiveness import Effectiveness
from trace.recalls.notices import notices_to, overdue
from trace.recalls.portions import portions_of
from trace.recalls.recall_ending import acknowledge, ask_to_close, close_recall, remind
from trace.recalls.recall_errors import AlreadyRecalled, LiftNotAsked, RecallClosed, SamePerson
from trace.recalls.recall_progress import Progress, progress_of
from trace.recalls.recall_tables import (
    DrillRow,
    HoldLotRow,
    HoldRow,
    NoticeRow,
    RecallRow,
    RecallShareRow,
)
from trace.recalls.recalls import RecallNew, RecallOpened, open_recall
from trace.said import said_in
from trace.service import Recorder
from trace.stating import state_alone
from trace.tables import LotRow

from .bad_field import season_of_a_bad_field
from .holding import owner, regulator
from .season import GROWER, MAKER, PHARMACY, at, lot, step

Scene = tuple[Session, Recorder]
HOUR = 3_600_000
PROJECTED = (HoldRow, HoldLotRow, RecallRow, RecallShareRow, NoticeRow, DrillRow)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with season_of_a_bad_field("sqlite://", packs=4) as opened:
        yield opened


@pytest.fixture
def both(database_url: str) -> Iterator[Scene]:
    with season_of_a_bad_field(database_url, packs=4) as opened:
        yield opened


def recall(scene: Scene, *lots: str, day: int = 10, kind: int = 1) -> RecallOpened:
    new = RecallNew.model_validate({"lots": lots or ("FIELD",), "class": kind, "reason": "农残超标"})
    return open_recall(scene[0], scene[1].declarer, new, regulator(), at(day))


def send_back(scene: Scene, *, destroy: bool) -> None:
    """The pharmacy returns its 40 kg to the maker, which may destroy them."""
    session, by = scene
    fields = {"reason": "recall"}
    back = step("return", 20, "COUNTER", lots=[lot("S2")], counterparty=MAKER, fields=fields)
    by.record_step(session, back, at(20))
    by.record_step(session, step("receive", 21, "WORKS", lots=[lot("S2")], counterparty=PHARMACY), at(21))
    if destroy:
        gone = step("destroy", 22, "WORKS", lots=[lot("S2")], fields={"reason": "quality"})
        by.record_step(session, gone, at(22))


def had_and_has(found: Progress) -> dict[str, tuple[int, int]]:
    return {each.holder: (each.had_grams, each.has_grams) for each in found.holders}


def test_a_recall_freezes_lists_and_notifies_everybody_at_once(both: Scene) -> None:
    opened = recall(both)
    assert opened.lots == ("FIELD", "HERB", "REST", "S1", "S2", "TO-MAKER")
    assert (opened.packs, opened.grams, opened.holders) == (4, 390_000, 3)
    thawed = both[0].exec(select(LotRow.lot_id).where(col(LotRow.frozen).is_(False))).all()
    assert thawed == []
    for party in (GROWER, MAKER, PHARMACY):
        ((notice, read_ms),) = notices_to(both[0], party, 10)
        assert (notice.due_ms, read_ms) == (at(10) + 24 * HOUR, None)


@pytest.mark.parametrize(("kind", "hours"), [(1, 24), (2, 48), (3, 72)])
def test_each_class_has_its_time_to_notify(scene: Scene, kind: int, hours: int) -> None:
    opened = recall(scene, kind=kind)
    row = scene[0].get_one(RecallRow, opened.recall_id)
    assert row.notify_until_ms - row.opened_ms == hours * HOUR


def test_returns_and_destructions_count_and_what_was_never_handed_on_does_not(both: Scene) -> None:
    opened = recall(both)
    assert progress_of(both[0], opened.recall_id).effectiveness.per_mille == 0
    send_back(both, destroy=True)
    found = progress_of(both[0], opened.recall_id)
    assert had_and_has(found) == {
        GROWER: (100_000, 100_000),
        MAKER: (250_000, 250_000),
        PHARMACY: (40_000, 0),
    }
    assert found.effectiveness == Effectiveness(
        distributed_grams=290_000,
        distributed_packs=4,
        recovered_grams=40_000,
        recovered_packs=0,
        destroyed_grams=40_000,
    )
    assert found.effectiveness.per_mille == 137  # 40 / 290


def test_goods_on_their_way_back_through_a_wholesaler_are_still_out(scene: Scene) -> None:
    opened = recall(scene)
    send_back(scene, destroy=False)
    found = progress_of(scene[0], opened.recall_id)
    assert had_and_has(found)[MAKER] == (250_000, 290_000)
    assert found.effectiveness.recovered_grams == 0


def test_who_acknowledges_is_not_reminded_and_who_does_not_is(scene: Scene) -> None:
    session, by = scene
    opened = recall(scene)
    acknowledge(session, by.declarer, opened.recall_id, owner(MAKER), at(10) + HOUR)
    again, statement = acknowledge(session, by.declarer, opened.recall_id, owner(MAKER), at(11))
    assert (again, statement) == (at(10) + HOUR, None)
    assert remind(session, by.declarer, opened.recall_id, regulator(), at(10) + 2 * HOUR) == ()
    late = remind(session, by.declarer, opened.recall_id, regulator(), at(12))
    assert late == tuple(sorted((GROWER, PHARMACY)))
    assert [row.kind for row, _ in notices_to(session, PHARMACY, 9)] == ["reminder", "opened"]
    assert overdue(session, opened.recall_id, at(12) + HOUR) == ()


def test_closing_takes_two_and_a_completed_recall_keeps_what_is_out_frozen(scene: Scene) -> None:
    session, by = scene
    opened = recall(scene)
    with pytest.raises(LiftNotAsked):
        close_recall(session, by.declarer, opened.recall_id, regulator("科员乙", "eeeeeeee"), at(30))
    ask_to_close(session, by.declarer, opened.recall_id, "completed", "已追回", regulator(), at(30))
    with pytest.raises(SamePerson):
        close_recall(session, by.declarer, opened.recall_id, regulator(), at(31))
    close_recall(session, by.declarer, opened.recall_id, regulator("科员乙", "eeeeeeee"), at(31))
    assert session.exec(select(LotRow.lot_id).where(col(LotRow.frozen).is_(False))).all() == []
    with pytest.raises(RecallClosed):
        remind(session, by.declarer, opened.recall_id, regulator(), at(32))


def test_a_lifted_recall_sets_its_goods_free(scene: Scene) -> None:
    session, by = scene
    opened = recall(scene)
    ask_to_close(session, by.declarer, opened.recall_id, "lifted", "复检合格", regulator(), at(30))
    close_recall(session, by.declarer, opened.recall_id, regulator("科员乙", "eeeeeeee"), at(31))
    assert session.exec(select(LotRow.lot_id).where(col(LotRow.frozen))).all() == []


def test_a_lot_is_recalled_once_and_its_source_may_be_recalled_too(scene: Scene) -> None:
    recall(scene, "TO-MAKER")
    with pytest.raises(AlreadyRecalled):
        recall(scene, "S1", day=11)
    assert len(recall(scene, "FIELD", day=11).lots) == 6


def test_a_lot_made_before_the_recall_and_told_of_later_is_recalled_with_its_mass(scene: Scene) -> None:
    session, by = scene
    opened = recall(scene)
    late = step("split", 8, inputs=[lot("REST", 60_000)], outputs=[lot("LATE", 60_000)])
    by.record_step(session, late, at(11))
    found = progress_of(session, opened.recall_id)
    assert found.hold.lots == 7
    assert had_and_has(found)[GROWER] == (100_000, 100_000)
    assert [row.kind for row, _ in notices_to(session, GROWER, 9)] == ["extended", "opened"]


def test_a_thousand_packs_of_one_field_are_found_by_their_runs() -> None:
    with season_of_a_bad_field("sqlite://", packs=240) as scene:
        opened = recall(scene)
        runs = scene[0].exec(select(CodeRunRow).where(CodeRunRow.lot_id == "S1")).all()
        assert opened.packs == sum(run.last_serial - run.first_serial + 1 for run in runs) == 240


def test_a_drill_writes_its_statement_and_its_row_and_nothing_else(scene: Scene) -> None:
    session, by = scene
    tables = [each for each in SQLModel.metadata.sorted_tables if each.name.startswith("trace_")]
    before = {each.name: session.execute(each.select()).all() for each in tables}
    closure = find_closure(session, ["FIELD"])
    found = DrillFound(named=("FIELD",), closure=closure, portions=tuple(portions_of(session, closure.lots)))
    state_drill(session, by.declarer, found, {"lots": 120, "holders": 300}, regulator(), at(10))
    changed = {each.name for each in tables if session.execute(each.select()).all() != before[each.name]}
    # The person stands beside the statement, sealed; the number is that of the statement.
    assert changed == {"trace_drill", "trace_disclosure", "trace_order"}
    row = session.exec(select(DrillRow)).one()
    assert (row.lots, row.packs, row.grams, row.holders) == (6, 4, 390_000, 3)


def test_the_rows_of_recalls_come_again_from_their_statements_alone(scene: Scene) -> None:
    """Each statement is applied a second time to tables put back to how it found them."""
    session, seen = scene[0], []

    def noted(writing: Session, statement: Statement, origin: str, key: SigningKey) -> None:
        seen.append(said_in(statement, key.public.key_id))
        state_alone(writing, statement, origin, key)

    by = replace(scene[1], stating=noted)
    opened = recall((session, by))
    acknowledge(session, by.declarer, opened.recall_id, owner(MAKER), at(11))
    remind(session, by.declarer, opened.recall_id, regulator(), at(13))
    ask_to_close(session, by.declarer, opened.recall_id, "completed", "已追回", regulator(), at(30))
    close_recall(session, by.declarer, opened.recall_id, regulator("科员乙", "eeeeeeee"), at(31))
    session.flush()
    rows = {table: _rows(session, table) for table in PROJECTED}
    for table in reversed(PROJECTED):
        for row in session.exec(select(table)):
            session.delete(row)
        session.flush()
    for row in session.exec(select(LotRow)):
        row.frozen = False
    session.flush()
    session.expunge_all()
    for said in seen:
        APPLIERS[said.kind](session, said)
    assert {table: _rows(session, table) for table in PROJECTED} == rows
    assert len(seen) == 5


def _rows(session: Session, table: type[SQLModel]) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in session.execute(table.__table__.select())), key=repr)  # type: ignore[attr-defined]
