"""What is stated of documents can be replayed, and nothing private is in it."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session, select

from ledger.entry import parse_leaf
from ledger.tables import PendingRow
from tests.trace.rebuilt import differences
from trace.documents.document_errors import DocumentErased, DocumentRepeated, UnknownDocument
from trace.documents.document_reading import PUBLIC, Reader, documents_of_lot, statements_of
from trace.documents.document_store import Kept
from trace.documents.documents import (
    DocumentKind,
    DocumentNew,
    document_statement,
    is_live,
    state_document,
    state_erased,
)
from trace.errors import UnknownLot, UnknownParty
from trace.identifiers import make_uscc
from trace.profiles import Visibility
from trace.sensors.raw_series import summary_of_file
from trace.sensors.sensing import Quantity
from trace.sensors.series import stated

from .files import PDF, series
from .season import GROWER, MAKER, at, founded, recorder, white_peony

REPORT = Kept(sha256=hashlib.sha256(PDF).hexdigest(), media_type="application/pdf", size=len(PDF))


@contextmanager
def grown(url: str) -> Iterator[Session]:
    with founded(url) as opened:
        by = recorder()
        for new, recorded_ms in white_peony()[:5]:
            by.record_step(opened, new, recorded_ms)
        yield opened


@pytest.fixture
def session() -> Iterator[Session]:
    with grown("sqlite://") as opened:
        yield opened


def new(**changes: object) -> DocumentNew:
    said = {"party": GROWER, "kind": DocumentKind.TEST_REPORT, "title": "张三丰的报告", "lots": ["BS-HERB"]}
    return DocumentNew.model_validate(said | changes)


def state(session: Session, said: DocumentNew, kept: Kept = REPORT, seed: str = "d", **rest: object) -> str:
    by = recorder(seed).declarer
    return state_document(session, by, said, kept, at(910), **rest).statement_id  # type: ignore[arg-type]


def test_the_tables_can_be_made_again_from_what_was_stated(database_url: str) -> None:
    body = series(30)
    raw = Kept(sha256=hashlib.sha256(body).hexdigest(), media_type="text/csv", size=len(body))
    sums = stated(summary_of_file(io.BytesIO(body), "text/csv", Quantity.TEMPERATURE))
    with grown(database_url) as session:
        state(session, new())
        erased = state(session, new(party=MAKER, visibility=Visibility.PUBLIC, lots=[]), seed="e")
        state(session, new(kind=DocumentKind.SERIES), raw, "f", series=sums)
        state_erased(session, recorder("g").declarer, erased, "court-order", at(911), None)
        session.flush()
        assert differences(session) == []


def test_the_statement_names_the_file_and_hides_the_title(session: Session) -> None:
    said = state(session, new())
    leaf = session.exec(select(PendingRow.leaf).where(PendingRow.statement_id == said)).one()
    entry = parse_leaf(leaf).signed.statement
    assert entry.kind == "document.kept"
    assert entry.subject == f"document/{GROWER}/{REPORT.sha256}"
    assert entry.public["sha256"] == REPORT.sha256
    assert "title" not in entry.public
    assert len(entry.digests) == 4
    assert "张三丰".encode() not in leaf


def test_a_document_stated_twice_is_stated_once(session: Session) -> None:
    assert state(session, new()) == state(session, new(), seed="e")
    with pytest.raises(DocumentRepeated):
        state(session, new(kind=DocumentKind.OTHER))


def test_what_a_document_speaks_of_must_exist(session: Session) -> None:
    for changes, refusal in (
        ({"lots": ["NONE"]}, UnknownLot),
        ({"step": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, UnknownDocument),
        ({"party": make_uscc("9", "1", "110105", "MA0N0NEX")}, UnknownParty),
    ):
        with pytest.raises(refusal):
            state(session, new(**changes))


def test_once_erased_nobody_vouches_for_the_bytes_any_more(session: Session) -> None:
    mine, theirs = state(session, new()), state(session, new(party=MAKER), seed="e")
    state_erased(session, recorder("g").declarer, mine, "subject-request", at(911), GROWER)
    assert is_live(session, REPORT.sha256)
    state_erased(session, recorder("h").declarer, theirs, "court-order", at(912), None)
    assert not is_live(session, REPORT.sha256)
    for said in (new(), new(party=MAKER)):
        with pytest.raises(DocumentErased):
            state(session, said)
    with pytest.raises(DocumentErased):
        state_erased(session, recorder("i").declarer, mine, "again", at(913), None)
    with pytest.raises(UnknownDocument):
        state_erased(session, recorder("i").declarer, document_statement(MAKER, "0" * 64), "x", at(913), None)


def test_the_public_sees_no_trace_of_what_is_not_public(session: Session) -> None:
    state(session, new())
    assert statements_of(session, REPORT.sha256, PUBLIC) == []
    assert documents_of_lot(session, "BS-HERB", PUBLIC) == []
    (seen,) = documents_of_lot(session, "BS-HERB", Reader(party=GROWER))
    assert (seen.title, seen.lots) == (None, ("BS-HERB",))
    assert len(documents_of_lot(session, "BS-HERB", Reader(sees_all=True))) == 1
