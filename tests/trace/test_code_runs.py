"""Runs of serials: whatever is done to ranges, every serial has the state it should, in as few rows."""

from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlmodel import Session, select

from tests.made_tables import make_tables
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.coding.runs import (
    CodeRun,
    Range,
    add_runs,
    change_runs,
    changed,
    merged,
    runs_in,
    set_frozen,
)

from .season import GROWER, founded

SIZE = 40
BATCHES = (range(25), range(30, SIZE))
"""Serials 25 to 29 were never issued."""

ranges = st.tuples(st.integers(0, SIZE - 1), st.integers(0, 12)).map(
    lambda pair: (pair[0], min(SIZE - 1, pair[0] + pair[1]))
)
edits = st.tuples(st.lists(ranges, min_size=1, max_size=4), st.sampled_from(["lot", "box", "hold"]))

CHANGES = {
    "lot": lambda run: replace(run, lot_id="A", status=CodeStatus.ACTIVATED),
    "box": lambda run: replace(run, parent_serial=7 if run.parent_serial is None else None),
    "hold": lambda run: replace(run, frozen=not run.frozen),
}


def untouched(serials: range, batch: str) -> CodeRun:
    return CodeRun(
        first_serial=serials[0],
        last_serial=serials[-1],
        batch_id=batch,
        status=CodeStatus.RESERVED,
        status_ms=5,
    )


def model_of(runs: list[CodeRun]) -> dict[int, CodeRun]:
    """The state of each serial by itself, which is what a row for each code would hold."""
    return {
        serial: replace(run, first_serial=serial, last_serial=serial)
        for run in runs
        for serial in range(run.first_serial, run.last_serial + 1)
    }


def edited(model: dict[int, CodeRun], wanted: list[Range], name: str) -> dict[int, CodeRun]:
    serials = {serial for first, last in wanted for serial in range(first, last + 1)}
    return {serial: CHANGES[name](run) if serial in serials else run for serial, run in model.items()}


def shortest(model: dict[int, CodeRun]) -> int:
    """How few runs can hold the model: neighbours in one state of one batch are one."""

    def key(pair: tuple[int, int]) -> tuple[int, CodeRun]:
        place, serial = pair
        return serial - place, replace(model[serial], first_serial=0, last_serial=0)

    return len(list(groupby(enumerate(sorted(model)), key=key)))


@settings(max_examples=150)
@given(st.lists(edits, max_size=6))
def test_any_changes_leave_each_serial_in_its_state_and_the_fewest_runs(
    steps: list[tuple[list[Range], str]],
) -> None:
    runs = [untouched(serials, str(number)) for number, serials in enumerate(BATCHES)]
    model = model_of(runs)
    for wanted, name in steps:
        runs = changed(runs, merged(wanted), CHANGES[name])
        model = edited(model, wanted, name)
        assert model_of(runs) == model
        assert len(runs) == shortest(model)


@given(st.lists(ranges, max_size=6))
def test_merged_ranges_hold_the_same_serials_and_never_touch(wanted: list[Range]) -> None:
    found = merged(wanted)
    serials = {serial for first, last in wanted for serial in range(first, last + 1)}
    assert {serial for first, last in found for serial in range(first, last + 1)} == serials
    assert all(left[1] + 1 < right[0] for left, right in pairwise(found))


@settings(max_examples=25)
@given(st.lists(edits, min_size=1, max_size=5))
def test_the_table_holds_what_the_model_holds(steps: list[tuple[list[Range], str]]) -> None:
    engine = create_engine("sqlite://")
    make_tables(engine)
    with Session(engine) as session:
        begun = [untouched(serials, str(number)) for number, serials in enumerate(BATCHES)]
        add_runs(session, begun)
        model = model_of(begun)
        for wanted, name in steps:
            change_runs(session, wanted, CHANGES[name])
            model = edited(model, wanted, name)
        stored = runs_in(session, [(0, SIZE)])
        assert model_of(stored) == model
        assert len(stored) == shortest(model)
    engine.dispose()


def test_a_range_is_read_with_the_runs_it_cuts_and_no_others(database_url: str) -> None:
    with founded(database_url) as session:
        batches(session)
        change_runs(session, [(10, 12)], CHANGES["lot"])
        assert [run.first_serial for run in runs_in(session, [(12, 20)])] == [10, 13]
        assert [run.first_serial for run in runs_in(session, [(11, 11)])] == [10]
        assert runs_in(session, [(26, 28)]) == []
        assert runs_in(session, []) == []


def test_a_hold_on_one_code_splits_its_run_and_lifting_joins_it_again(database_url: str) -> None:
    with founded(database_url) as session:
        batches(session)
        before = runs_in(session, [(0, SIZE)], held=True)
        set_frozen(session, 9, 9, frozen=True)
        assert [run.frozen for run in runs_in(session, [(0, 24)])] == [False, True, False]
        set_frozen(session, 9, 9, frozen=False)
        assert runs_in(session, [(0, SIZE)]) == before


def test_changing_what_nobody_issued_changes_nothing(database_url: str) -> None:
    with founded(database_url) as session:
        batches(session)
        before = runs_in(session, [(0, SIZE)])
        change_runs(session, [(26, 28)], CHANGES["lot"])
        assert runs_in(session, [(0, SIZE)]) == before
        assert len(session.exec(select(CodeRunRow)).all()) == len(BATCHES)


@pytest.mark.parametrize("first", [0, 3])
def test_joining_stops_at_the_border_of_a_batch(first: int) -> None:
    one, two = untouched(range(5), "a"), untouched(range(5, 9), "b")
    assert changed([one, two], [(first, 8)], CHANGES["lot"])[-1] == CHANGES["lot"](two)


def batches(session: Session) -> None:
    for number, serials in enumerate(BATCHES):
        session.add(
            CodeBatchRow(
                batch_id=str(number),
                party=GROWER,
                count=len(serials),
                first_serial=serials[0],
                key_version=0,
                level="pack",
                issued_ms=5,
                statement_id=f"codes/{number}",
            )
        )
    session.flush()
    add_runs(session, [untouched(serials, str(number)) for number, serials in enumerate(BATCHES)])
