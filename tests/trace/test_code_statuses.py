"""The life of a code: printed, spoiled, retired; every change stated, and none that cannot follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from ledger.canonical import parse
from ledger.tables import PendingRow
from trace.coding.batch_reading import batch_state
from trace.coding.code_errors import (
    CodeCannotBecome,
    CodeRangeWrong,
    CodesNotYours,
    ContainerNotEmpty,
    NoCodesNamed,
    NotPacked,
)
from trace.coding.code_reading import code_state, code_text
from trace.coding.code_words import NEXT, UNUSED, CodeStatus, Level
from trace.coding.issuing import CodeBatch
from trace.coding.runs import runs_in, set_frozen
from trace.coding.status_changes import change_status, mark_printed, range_between, ranges_named
from trace.errors import TooFewCodes, UnknownCode
from trace.service import Recorder

from .season import COOP, GROWER, MAKER, at, founded, lot, recorder, step

LAST = frozenset({CodeStatus.SPOILED, CodeStatus.RETIRED, CodeStatus.DESTROYED})


def change(
    session: Session,
    by: Recorder,
    status: CodeStatus,
    ranges: list[tuple[int, int]],
    party: str | None = GROWER,
) -> None:
    change_status(session, by.declarer, by.code_keys, status, ranges, by=party, at_ms=at(2))


def statuses(session: Session) -> list[tuple[int, int, str]]:
    return [(run.first_serial, run.last_serial, run.status.value) for run in runs_in(session, [(0, 99)])]


def issued(session: Session, by: Recorder, count: int = 20, party: str = GROWER) -> CodeBatch:
    return by.issue_codes(session, party, count, at(1))


def test_ranges_and_single_codes_change_and_the_rest_stays(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        batch = issued(session, by)
        change(session, by, CodeStatus.PRINTED, [(0, 14)])
        change(session, by, CodeStatus.SPOILED, [(3, 3), (5, 6)])
        change(session, by, CodeStatus.RETIRED, [(18, 19)])
        assert statuses(session) == [
            (0, 2, "printed"),
            (3, 3, "spoiled"),
            (4, 4, "printed"),
            (5, 6, "spoiled"),
            (7, 14, "printed"),
            (15, 17, "reserved"),
            (18, 19, "retired"),
        ]
        assert sum(batch_state(session, batch.batch_id, None).counts.values()) == 20


def test_what_is_said_of_codes_is_a_statement_with_its_serials(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        issued(session, by)
        change_status(
            session,
            by.declarer,
            by.code_keys,
            CodeStatus.SPOILED,
            [(4, 4), (2, 3)],
            by=GROWER,
            at_ms=at(2),
            reason="misprint",
        )
        leaf = parse(
            session.exec(select(PendingRow.leaf).order_by(PendingRow.pending_id.desc())).first() or b""
        )
        assert isinstance(leaf, dict)
        assert leaf["kind"] == "codes.spoiled"
        assert leaf["public"].pop("nth") > 0
        assert leaf["public"] == {"party": GROWER, "reason": "misprint", "serials": [[2, 4]]}


@given(st.sampled_from(CodeStatus), st.sampled_from(CodeStatus))
def test_what_is_over_stays_over_and_nothing_is_unused_again(one: CodeStatus, other: CodeStatus) -> None:
    if one in LAST:
        assert not NEXT[one]
    if other is CodeStatus.RESERVED or (other in UNUSED and one not in UNUSED):
        assert other not in NEXT[one]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (CodeStatus.SPOILED, CodeStatus.PRINTED),
        (CodeStatus.RETIRED, CodeStatus.SPOILED),
        (CodeStatus.PRINTED, CodeStatus.PRINTED),
    ],
)
def test_a_change_that_cannot_follow_is_refused_for_all_and_says_which_code(
    first: CodeStatus, then: CodeStatus
) -> None:
    with founded("sqlite://") as session:
        by = recorder()
        issued(session, by)
        change(session, by, first, [(7, 8)])
        before = statuses(session)
        with pytest.raises(CodeCannotBecome) as refused:
            change(session, by, then, [(0, 19)])
        assert refused.value.parts["code"] == code_text(session, 7, by.code_keys)
        assert refused.value.parts["count"] == 2
        assert first.zh in refused.value.message("zh")
        assert statuses(session) == before


def test_codes_of_others_are_left_alone_except_by_the_operator() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        issued(session, by, 5)
        issued(session, by, 5, COOP)
        with pytest.raises(CodesNotYours):
            change(session, by, CodeStatus.RETIRED, [(4, 6)])
        change(session, by, CodeStatus.RETIRED, [(4, 6)], party=None)
        assert statuses(session)[1][2] == "retired"


def test_naming_no_issued_code_is_refused() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        for ranges in ([], [(50, 60)]):
            with pytest.raises(NoCodesNamed):
                change(session, by, CodeStatus.PRINTED, ranges)


def test_a_range_is_given_by_its_first_and_last_printed_code() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        one, two = (by.issuer.codes(issued(session, by, 5)) for _ in range(2))
        assert range_between(session, one[1].lower(), one[3], by.code_keys) == [(1, 3)]
        assert ranges_named(session, [one[4], two[0], one[0]], by.code_keys) == [(0, 0), (4, 5)]
        for first, last in ((one[3], one[1]), (one[0], two[0])):
            with pytest.raises(CodeRangeWrong):
                range_between(session, first, last, by.code_keys)


def test_spoiled_and_retired_codes_are_never_put_on_packs(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        packable(session, by)
        batch = issued(session, by, 10)
        mark_printed(session, by.declarer, by.code_keys, batch.batch_id, 0, 4, by=GROWER, at_ms=at(1))
        change(session, by, CodeStatus.SPOILED, [(1, 1)])
        change(session, by, CodeStatus.RETIRED, [(5, 8)])
        codes = by.issuer.codes(batch)
        packing = step("pack", 2, inputs=[lot("H")], packs=5, grams_per_pack=10, batch=batch.batch_id)
        assert by.record_step(session, packing, at(2)).codes == tuple(codes[n] for n in (0, 2, 3, 4, 9))
        with pytest.raises(TooFewCodes):
            by.record_step(session, packing, at(2))


def test_codes_on_hold_are_passed_over_by_a_packing() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        packable(session, by)
        batch = issued(session, by, 5)
        set_frozen(session, 1, 2, frozen=True)
        codes = by.issuer.codes(batch)
        packing = step("pack", 2, inputs=[lot("H")], packs=3, grams_per_pack=10, batch=batch.batch_id)
        assert by.record_step(session, packing, at(2)).codes == (codes[0], codes[3], codes[4])


def test_a_batch_of_box_codes_is_not_for_packs() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        packable(session, by)
        batch = by.issue_codes(session, GROWER, 10, at(1), Level.BOX)
        packing = step("pack", 2, inputs=[lot("H")], packs=5, grams_per_pack=10, batch=batch.batch_id)
        with pytest.raises(NotPacked) as refused:
            by.record_step(session, packing, at(2))
        assert "箱" in refused.value.message("zh")


def test_a_full_box_is_not_retired_and_a_retired_pack_stands_in_none(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        packable(session, by)
        packing = step("pack", 2, inputs=[lot("H")], packs=3, grams_per_pack=10)
        packs = by.record_step(session, packing, at(2)).codes
        [box] = by.issuer.codes(by.issue_codes(session, GROWER, 1, at(1), Level.BOX))
        by.record_step(session, step("nest", 3, codes=list(packs), container=box), at(3))
        serial = code_state(session, box, by.code_keys).serial
        with pytest.raises(ContainerNotEmpty) as refused:
            change(session, by, CodeStatus.RETIRED, [(serial, serial)])
        assert refused.value.parts["count"] == 3
        change(session, by, CodeStatus.RETIRED, [(1, 1)])
        assert code_state(session, packs[1], by.code_keys).run.parent_serial is None
        assert code_state(session, packs[0], by.code_keys).run.parent_serial == serial


def test_a_code_nobody_issued_has_no_text() -> None:
    with founded("sqlite://") as session, pytest.raises(UnknownCode):
        code_text(session, 3, recorder().code_keys)


def packable(session: Session, by: Recorder) -> None:
    """A dried lot H of the grower."""
    new = step("gathering", 1, outputs=[lot("A", 1000, "白芍")], fields={"area_name": "山里"})
    by.record_step(session, new, at(1))
    new = step("primary_processing", 1, inputs=[lot("A")], outputs=[lot("H", 1000)], fields={"method": "晒"})
    by.record_step(session, new, at(1))


def test_another_partys_codes_are_not_marked_as_printed() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        batch = issued(session, by, 5, MAKER)
        with pytest.raises(CodesNotYours):
            mark_printed(session, by.declarer, by.code_keys, batch.batch_id, 0, 5, by=GROWER, at_ms=at(2))
