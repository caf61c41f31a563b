"""A season full of attacks comes to the same rows on both databases, and to the same when it is rebuilt."""

from pathlib import Path

from sqlmodel import Session

from tests.trace.book import Book, dried, opened
from tests.trace.rebuilt import differences
from tests.trace.season import COOP, GROWER, MAKER, PHARMACY, at, lot, recorder, step, white_peony
from trace.corrections.correcting import Corrector
from trace.corrections.correction_words import CorrectionNew, Reason
from trace.registers.transfers import transfer_business
from trace.replaying.projection_tables import projected

OVER = [{"measurand": "二氧化硫", "value": "1762", "unit": "mg/kg"}]
WITHIN = [{"measurand": "铅", "value": "1", "unit": "mg/kg"}]
FIELDS = {"report_number": "1"}


def attacked(url: str) -> dict[str, list[tuple[str, ...]]]:
    """The season with goods counted up, results told late, packs sold twice, corrections, a business gone."""
    with opened(url) as book:
        for new, recorded_ms in white_peony():
            book.by.record_step(book.session, new, recorded_ms)
        dried(book, "H", 1_000, day=930)
        fields = {"reason": "盘点差异", "old_grams": 1_000}
        book.record(step("stock_adjust", 931, lots=[lot("H", 1_030)], fields=fields), 931)
        book.record(step("split", 932, inputs=[lot("H", 500)], outputs=[lot("I", 500)]), 932)
        packed = book.record(step("pack", 933, inputs=[lot("I")], packs=9, grams_per_pack=50), 933)
        book.record(step("test", 934, lots=[lot("H")], results=WITHIN, fields=FIELDS), 934)
        book.record(step("test", 933, lots=[lot("H")], results=OVER, fields=FIELDS), 935)
        book.record(step("sale", 937, lots=[lot("I", 100)]), 937)
        book.record(step("sale", 938, codes=packed.codes[:2]), 938)
        care = book.record(step("storage", 938, lots=[lot("H")], fields={"care": "通风"}, minute=3), 938)
        book.record(step("ship", 939, "COUNTER", lots=[lot("YP-1")], counterparty=MAKER), 939)
        transfer_business(book.session, book.declarer, GROWER, COOP, reason="合并", at_ms=at(940), by=GROWER)
        transfer_business(book.session, book.declarer, MAKER, COOP, reason="合并", at_ms=at(941), by=MAKER)
        book.record(step("receive", 942, "PLOT-D", lots=[lot("YP-1")], counterparty=PHARMACY), 942)
        _corrected(book, care.step_id)
        assert differences(book.session) == []
        return _rows(book.session)


def _corrected(book: Book, step_id: str) -> None:
    corrector = Corrector(recorder=recorder("two"), by=None, supervising=True)
    corrector.correct(book.session, step_id, CorrectionNew(reason=Reason.DID_NOT_OCCUR), at(943))


def _rows(session: Session) -> dict[str, list[tuple[str, ...]]]:
    return {
        table.name: sorted(tuple(map(str, row)) for row in session.connection().execute(table.select()))
        for table in projected()
    }


def test_a_season_full_of_attacks_comes_to_the_same_on_both_databases(
    tmp_path: Path, postgresql_url: str
) -> None:
    here, there = attacked(f"sqlite:///{tmp_path / 'attacked.sqlite'}"), attacked(postgresql_url)
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []
    assert sum(map(len, here.values())) > 100
