"""Recording a step: once, with its statement, its private values apart, and its codes."""

from threading import Thread
from time import sleep

import pytest
from sqlmodel import Session, select

from ledger.canonical import parse
from ledger.private.disclosure import check
from ledger.tables import PendingRow
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_tree import batch_root
from trace.coding.trace_code import decode
from trace.errors import RuleRefused, StepConflict, TooFewCodes, UnknownCodeBatch, UnknownParty, UnknownPlace
from trace.private_values import private_values
from trace.service import Recorder, findings, turnover
from trace.steps import StepNew
from trace.tables import DeliveryRow, DisclosureRow, StepRow

from .season import (
    BASE_URL,
    COOP,
    DAY,
    GROWER,
    MAKER,
    NOON,
    VAULT,
    at,
    founded,
    lot,
    recorder,
    step,
    white_peony,
)

CANARIES = ("13800138000", "张三丰", "李四光", "王五", "皖S12345", "赵六", "钱七", "12345")


def record_season(session: Session, by: Recorder) -> list[str]:
    codes: list[str] = []
    for new, recorded_ms in white_peony():
        codes += by.record_step(session, new, recorded_ms).codes
    return codes


def leaves(session: Session) -> list[bytes]:
    return list(session.exec(select(PendingRow.leaf)).all())


def test_a_season_is_stated_once_for_each_step_and_code_batch(database_url: str) -> None:
    with founded(database_url) as session:
        registered = len(leaves(session))
        codes = record_season(session, recorder())
        steps = session.exec(select(StepRow)).all()
        assert len(leaves(session)) == registered + len(steps) + 1
        assert len(codes) == len(set(codes)) == 20
        batch = session.exec(select(CodeBatchRow)).one()
        assert batch.batch_id == batch_root(codes).hex()
        assert [decode(code, recorder().code_keys) for code in codes] == list(range(20))
        statuses = session.exec(select(CodeRunRow.status, CodeRunRow.lot_id, CodeRunRow.grams)).all()
        assert set(statuses) == {("activated", "YP-1", 500)}
        assert turnover(session, VAULT, 0, NOON + 10_000 * DAY)[0].fen_per_kg == 12_345
        assert turnover(session, VAULT, 0, NOON) == []


def test_no_leaf_and_no_step_row_holds_a_private_value() -> None:
    with founded("sqlite://") as session:
        record_season(session, recorder())
        kept = b"".join(leaves(session)).decode()
        kept += "".join(row.public for row in session.exec(select(StepRow)))
        kept += "".join(row.asked for row in session.exec(select(DeliveryRow)))
        assert [canary for canary in CANARIES if canary in kept] == []


def test_each_private_value_answers_to_a_digest_of_its_statement() -> None:
    with founded("sqlite://") as session:
        record_season(session, recorder())
        logged = {leaf["id"]: leaf for leaf in map(parse, leaves(session)) if isinstance(leaf, dict)}
        rows = session.exec(select(DisclosureRow)).all()
        assert {"phone", "price_fen_per_kg", "customer"} <= {row.name for row in rows}
        for row in rows:
            for kept in private_values(session, VAULT, row.statement_id):
                assert kept.disclosure is not None
                check(kept.disclosure, logged[row.statement_id]["digests"])


def test_a_step_sent_twice_is_recorded_once_and_answers_the_same() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        record_season(session, by)
        before = len(leaves(session))
        packing, recorded_ms = next(pair for pair in white_peony() if pair[0].stage == "pack")
        again = by.record_step(session, packing, recorded_ms + DAY)
        assert again.replayed
        assert again.lots == ("YP-1",)
        assert len(again.codes) == 20
        assert again.batch == session.exec(select(CodeBatchRow.batch_id)).one()
        assert len(leaves(session)) == before


@pytest.mark.parametrize("changed", [{"price_fen_per_kg": 101}, {"channel": "批发"}, {}])
def test_the_same_id_with_other_content_is_a_conflict(changed: dict[str, object]) -> None:
    with founded("sqlite://") as session:
        by = recorder()
        gathered(session, by)
        fields = {"price_fen_per_kg": 100, "channel": "零售"}
        sold = step("sale", 2, lots=[lot("A", 5)], fields=fields, id="s-1")
        by.record_step(session, sold, at(2))
        assert by.record_step(session, sold, at(3)).replayed
        other = {**fields, **changed} if changed else {"channel": "零售"}
        with pytest.raises(StepConflict):
            by.record_step(session, sold.model_copy(update={"fields": other}), at(3))


def gathered(session: Session, by: Recorder) -> None:
    new = step("gathering", 1, outputs=[lot("A", 1000, "白芍")], fields={"area_name": "山里"})
    by.record_step(session, new, at(1))


def process(session: Session, by: Recorder) -> None:
    gathered(session, by)
    new = step("primary_processing", 1, inputs=[lot("A")], outputs=[lot("H", 1000)], fields={"method": "晒"})
    by.record_step(session, new, at(1))


def packing(batch: str | None, packs: int = 3) -> StepNew:
    return step("pack", 2, inputs=[lot("H")], packs=packs, grams_per_pack=10, batch=batch)


def test_codes_issued_earlier_are_used_in_order_until_none_is_left(database_url: str) -> None:
    with founded(database_url) as session:
        by = recorder()
        process(session, by)
        batch = by.issue_codes(session, GROWER, 5, at(1))
        assert by.record_step(session, packing(batch.batch_id), at(2)).codes == by.issuer.codes(batch)[:3]
        with pytest.raises(TooFewCodes):
            by.record_step(session, packing(batch.batch_id), at(2))
        left = by.record_step(session, packing(batch.batch_id, packs=2), at(2))
        assert left.codes == by.issuer.codes(batch)[3:]
        assert by.record_step(session, packing(None, packs=1), at(2)).codes[0] not in by.issuer.codes(batch)


def test_codes_of_another_party_are_not_to_be_had() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        process(session, by)
        batch = by.issue_codes(session, COOP, 5, at(1))
        with pytest.raises(UnknownCodeBatch):
            by.record_step(session, packing(batch.batch_id), at(2))


def test_who_and_where_must_be_registered() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        new = step("gathering", 1, outputs=[lot("A", 10, "白芍")], fields={"area_name": "山里"})
        with pytest.raises(UnknownPlace):
            by.record_step(session, new.model_copy(update={"place": "NOWHERE"}), at(1))
        stranger = "91110000600037341L"
        with pytest.raises(UnknownParty):
            by.record_step(session, new.model_copy(update={"party": stranger}), at(1))


def test_the_statement_stands_on_what_it_was_made_from() -> None:
    with founded("sqlite://") as session:
        record_season(session, recorder())
        logged = {leaf["id"]: leaf for leaf in map(parse, leaves(session)) if isinstance(leaf, dict)}
        steps = {row.stage: row for row in session.exec(select(StepRow))}
        paozhi = logged[steps["paozhi"].statement_id]
        assert paozhi["refs"] == [steps["merge"].statement_id]
        assert paozhi["subject"] == "lot/YP-1"
        assert paozhi["public"]["event"]["tcm:party"] == f"{BASE_URL}/party/{MAKER}"
        assert parse(steps["paozhi"].public.encode()) == paozhi["public"]


def test_findings_are_kept_and_listed_by_rule_lot_and_party() -> None:
    with founded("sqlite://") as session:
        by = recorder()
        gathered(session, by)
        by.record_step(session, step("sale", 2, lots=[lot("A", 1001)]), at(2))
        for chosen in ({"rule": "balance.oversold"}, {"lot": "A"}, {"party": GROWER}, {"before_ms": at(3)}):
            found = findings(session, **chosen)
            assert [each.finding.rule.code for each in found] == ["balance.oversold"]
        assert "1001 克" in found[0].finding.message("zh")
        assert findings(session, lot="B") == findings(session, before_ms=at(1)) == []


@pytest.mark.postgresql
def test_two_writers_cannot_both_draw_the_last_of_a_lot(postgresql_url: str) -> None:
    with founded(postgresql_url) as session:
        gathered(session, recorder())
        session.commit()
        outcomes: list[str] = []

        def draw(name: str) -> None:
            with Session(session.get_bind()) as other:
                new = step("split", 2, inputs=[lot("A", 600)], outputs=[lot(name, 600)])
                try:
                    recorder(name).record_step(other, new, at(2))
                    sleep(0.2)
                    other.commit()
                    outcomes.append("drawn")
                except RuleRefused as refusal:
                    outcomes.append(str(refusal.parts["rule"]))

        writers = [Thread(target=draw, args=(name,)) for name in ("B", "C")]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert sorted(outcomes) == ["balance.overdrawn", "drawn"]


@pytest.mark.postgresql
def test_two_writers_never_issue_the_same_codes(postgresql_url: str) -> None:
    with founded(postgresql_url) as session:
        recorder().issue_codes(session, GROWER, 1, at(1))
        session.commit()
        codes: list[str] = []

        def issue(party: str) -> None:
            with Session(session.get_bind()) as other:
                issuing = recorder(party)
                issued = issuing.issuer.codes(issuing.issue_codes(other, party, 50, at(1)))
                sleep(0.1)
                other.commit()
                codes.extend(issued)

        writers = [Thread(target=issue, args=(party,)) for party in (GROWER, MAKER, COOP)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(codes) == len(set(codes)) == 150
