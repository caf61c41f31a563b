"""Erasing private values: the value goes, its proofs and everything else stay."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session, select

from ledger import log
from ledger.entry import parse_leaf
from ledger.errors import UnknownKey
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.private.disclosure import check
from ledger.private.private_errors import BadReason, NoPrivateValue
from ledger.private.private_tables import PrivateKeyRow
from ledger.proofs.bundle import verify_receipt
from ledger.tables import PendingRow
from ledger.witnessing.policy import Policy
from ledger.writing.sequencer import Sequencer
from trace.erasure import Erased, erase
from trace.private_values import private_values
from trace.service import RecordedStep, turnover
from trace.story import story
from trace.tables import DisclosureRow

from .season import NOON, ORIGIN, VAULT, at, founded, recorder, signer_of, white_peony

LOG_KEY = SigningKey.from_seed(b"log" + bytes(29))


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with founded(database_url) as opened:
        yield opened


def recorded(session: Session) -> dict[str, RecordedStep]:
    by = recorder()
    return {new.stage: by.record_step(session, new, recorded_ms) for new, recorded_ms in white_peony()}


def gone(session: Session, step: RecordedStep, *names: str, reason: str = "subject-request") -> Erased:
    return erase(
        session, VAULT, step.statement_id, names, reason, origin=ORIGIN, key=LOG_KEY, at_ms=at(1_000)
    )


def values(session: Session, step: RecordedStep) -> dict[str, object]:
    kept = private_values(session, VAULT, step.statement_id)
    return {each.name: each.disclosure and each.disclosure.value for each in kept}


def test_one_field_goes_and_the_others_stay(session: Session) -> None:
    planting = recorded(session)["planting"]
    before = session.exec(select(PrivateKeyRow.wrapped).where(PrivateKeyRow.subject == "lot/BS-PLANT")).one()
    erased = gone(session, planting, "phone")
    assert (erased.names, erased.key_gone) == (("phone",), False)
    assert values(session, planting) == {"phone": None, "responsible": "张三丰"}
    row = session.get(DisclosureRow, (planting.statement_id, "phone"), populate_existing=True)
    assert row is not None
    assert (row.sealed, row.erased_ms, row.reason) == (None, at(1_000), "subject-request")
    after = session.exec(select(PrivateKeyRow.wrapped).where(PrivateKeyRow.subject == "lot/BS-PLANT")).one()
    assert after != before


def test_the_key_goes_with_the_last_value_of_its_subject(session: Session) -> None:
    steps = recorded(session)
    assert not gone(session, steps["planting"]).key_gone  # the field work on the same lot keeps a value
    assert gone(session, steps["field_work"]).key_gone
    assert session.get(PrivateKeyRow, "lot/BS-PLANT") is None
    assert values(session, steps["paozhi"]) == {"technician": "赵六"}


def test_the_log_says_what_was_erased_when_and_why(session: Session) -> None:
    planting = recorded(session)["planting"]
    erased = gone(session, planting, "phone")
    leaf = session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == erased.redaction_id)).one()
    said = parse_leaf(leaf).statement
    assert (said.kind, said.subject, said.refs) == ("redacted", "lot/BS-PLANT", (planting.statement_id,))
    assert said.public == {"names": ["phone"], "reason": "subject-request"}
    assert b"13800138000" not in leaf


def test_every_proof_stays_valid(session: Session) -> None:
    planting = recorded(session)["planting"]
    digests = parse_leaf(
        session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == planting.statement_id)).one()
    ).statement.digests
    gone(session, planting)
    session.commit()
    _drain(session)
    receipt = log.receipt(session, planting.statement_id)
    verified = verify_receipt(receipt, Policy.of_log(log.vkey(session)))
    assert verified.entry.statement.digests == digests


def test_a_remaining_value_still_answers_to_its_digest(session: Session) -> None:
    planting = recorded(session)["planting"]
    gone(session, planting, "phone")
    leaf = session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == planting.statement_id)).one()
    [kept] = [each for each in private_values(session, VAULT, planting.statement_id) if each.disclosure]
    assert kept.disclosure is not None
    check(kept.disclosure, parse_leaf(leaf).statement.digests)


def test_the_story_says_what_was_erased_and_the_way_stays_whole(session: Session) -> None:
    steps = recorded(session)
    [code, *_] = steps["pack"].codes
    before = story(session, code, recorder().code_keys)
    gone(session, steps["planting"], "phone")
    after = story(session, code, recorder().code_keys)
    assert [step.step_id for step in after.steps] == [step.step_id for step in before.steps]
    [told] = [each for step in after.steps for each in step.erased]
    assert (told.name, told.zh, told.erased_ms, told.reason) == (
        "phone",
        "联系电话",
        at(1_000),
        "subject-request",
    )
    assert [each for step in before.steps for each in step.erased] == []


def test_an_erased_price_counts_in_no_turnover(session: Session) -> None:
    sale = recorded(session)["sale"]
    assert [each.fen for each in turnover(session, VAULT, 0, at(2_000))] == [12_345]
    gone(session, sale, "price_fen_per_kg")
    assert turnover(session, VAULT, 0, at(2_000)) == []


def test_a_step_sent_again_after_erasure_brings_nothing_back(session: Session) -> None:
    by = recorder()
    new, recorded_ms = white_peony()[1]
    new = new.model_copy(update={"id": "planting-1"})
    by.record_step(session, *white_peony()[0])
    planting = by.record_step(session, new, recorded_ms)
    gone(session, planting)
    again = by.record_step(session, new, recorded_ms)
    assert again.replayed
    assert values(session, again) == {"phone": None, "responsible": None}


def test_what_is_not_there_cannot_be_erased_and_nothing_is_written(session: Session) -> None:
    steps = recorded(session)
    before = len(session.exec(select(PendingRow)).all())
    for step, names in (
        (steps["planting"], ["nothing"]),
        (steps["pack"], []),
        (steps["planting"], ["phone", "x"]),
    ):
        with pytest.raises(NoPrivateValue):
            gone(session, step, *names)
    gone(session, steps["planting"], "phone")
    with pytest.raises(NoPrivateValue):
        gone(session, steps["planting"], "phone")
    with pytest.raises(BadReason):
        gone(session, steps["planting"], "responsible", reason="张三 asked")
    assert values(session, steps["planting"])["responsible"] == "张三丰"
    assert len(session.exec(select(PendingRow)).all()) == before + 1


def test_a_stranger_s_key_erases_nothing(session: Session) -> None:
    planting = recorded(session)["planting"]
    stranger = SigningKey.from_seed(os.urandom(32))
    with pytest.raises(UnknownKey), session.begin_nested():
        erase(session, VAULT, planting.statement_id, [], "because", origin=ORIGIN, key=stranger, at_ms=NOON)
    assert values(session, planting) == {"phone": "13800138000", "responsible": "张三丰"}


def test_the_party_that_stated_it_may_sign_the_erasure(session: Session) -> None:
    new, _ = white_peony()[1]
    planting = recorded(session)["planting"]
    key = signer_of(new.party)
    erased = erase(
        session, VAULT, planting.statement_id, [], "subject-request", origin=ORIGIN, key=key, at_ms=NOON
    )
    leaf = session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == erased.redaction_id)).one()
    assert parse_leaf(leaf).signed.actor == key.public.key_id


def _drain(session: Session) -> None:
    @contextmanager
    def write() -> Iterator[Session]:
        with Session(session.get_bind()) as opened, opened.begin():
            yield opened

    Sequencer(write, ORIGIN, fixed(LOG_KEY)).drain()
