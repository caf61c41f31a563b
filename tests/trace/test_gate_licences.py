"""The licence gates: who may make slices, trade them, gather what is protected, trade what is toxic."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.findings import Severity
from trace.registers.gate_settings import gate_rules, set_gate
from trace.registers.licences import LicenceNew, register_licence, withdraw_licence
from trace.registers.register_errors import UnknownGateRule
from trace.registers.register_words import LicenceKind
from trace.rulebook import rulebook
from trace.standards.licence_needs import all_licence_needs, needs
from trace.steps import StepNew
from trace.vocabulary import Form, Stage

from .book import Book, dried, gathered, opened
from .season import COOP, GROWER, MAKER, NOON, PHARMACY, at, lot, step

FIRST_DAY = date(2024, 3, 1)
"""Day 0 of the season, in Beijing."""


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def sliced(name: str, source: str, day: int, **rest: object) -> StepNew:
    fields = {"method": "切薄片", "standard": "中国药典"}
    return step("paozhi", day, inputs=[lot(source, 100)], outputs=[lot(name, 90)], fields=fields, **rest)


def licence(kind: LicenceKind, number: str, first: date, last: date | None = None) -> LicenceNew:
    return LicenceNew(kind=kind, number=number, issuer="药监局", valid_from=first, valid_until=last)


def goods_of_the_cooperative(book: Book) -> None:
    """A herb in the hands of the cooperative, which has no licence of any kind."""
    new = step("gathering", 1, "PLOT-D", outputs=[lot("DG", 300, "当归")], fields={"area_name": "岷山"})
    book.record(new, 1)
    new = step(
        "primary_processing", 1, "PLOT-D", inputs=[lot("DG")], outputs=[lot("DG-H", 100)],
        fields={"method": "晒"}, minute=5,
    )  # fmt: skip
    book.record(new, 1)


def test_slices_made_without_a_production_licence_are_flagged(book: Book) -> None:
    goods_of_the_cooperative(book)
    [found] = book.findings(sliced("S", "DG-H", 2, place="PLOT-D"), 2)
    assert found.rule.code == "licence.missing"
    assert "药品生产许可证" in found.message("zh")
    assert "待核" in found.message("zh")


def test_a_licence_registered_later_for_that_day_meets_the_need(book: Book) -> None:
    goods_of_the_cooperative(book)
    register_licence(
        book.session, book.declarer, COOP, licence(LicenceKind.PRODUCTION, "甘1", FIRST_DAY), at(2)
    )
    assert book.flags(sliced("S", "DG-H", 2, place="PLOT-D"), 2) == []


@pytest.mark.parametrize(("day", "expected"), [(9, []), (10, []), (11, ["licence.expired"])])
def test_a_licence_holds_to_the_end_of_its_last_day(book: Book, day: int, expected: list[str]) -> None:
    goods_of_the_cooperative(book)
    last = FIRST_DAY + timedelta(days=10)
    register_licence(
        book.session, book.declarer, COOP, licence(LicenceKind.PRODUCTION, "甘1", FIRST_DAY, last), at(2)
    )
    assert book.flags(sliced("S", "DG-H", day, place="PLOT-D"), day) == expected


def test_a_withdrawn_licence_allows_nothing_from_that_day_on(book: Book) -> None:
    dried(book, "H", 1000)
    assert book.flags(sliced("S1", "H", 3), 3) == []
    withdraw_licence(
        book.session, book.declarer, GROWER, LicenceKind.PRODUCTION, "皖20200001",
        day=FIRST_DAY + timedelta(days=4), reason="停产", at_ms=at(4), by=None,
    )  # fmt: skip
    assert book.flags(sliced("S2", "H", 4), 4) == ["licence.withdrawn"]
    assert book.flags(sliced("S3", "H", 3, minute=5), 4) == []  # done the day before


def test_slices_sold_by_who_may_not_trade_drugs_are_flagged(book: Book) -> None:
    dried(book, "H", 1000)
    book.record(sliced("S", "H", 3), 3)
    sale = step("sale", 4, lots=[lot("S", 10)])
    assert "licence.missing" in book.flags(sale, 4)  # a maker's licence covers no retail
    wholesale = step("sale", 4, lots=[lot("S", 10)], counterparty=PHARMACY, minute=5)
    assert "licence.missing" not in book.flags(wholesale, 4)  # but sale to another firm


def test_herbs_are_sold_without_a_drug_licence(book: Book) -> None:
    goods_of_the_cooperative(book)
    assert book.flags(step("sale", 2, "PLOT-D", lots=[lot("DG-H", 10)]), 2) == []


def test_a_gmp_certificate_was_needed_until_december_2019() -> None:
    kinds = {
        day: [need.kinds for need in needs(Stage.PAOZHI, [Form.SLICE], towards_party=False, day=day)]
        for day in (date(2019, 11, 30), date(2019, 12, 1))
    }
    assert kinds[date(2019, 11, 30)] == [(LicenceKind.PRODUCTION,), (LicenceKind.GMP,)]
    assert kinds[date(2019, 12, 1)] == [(LicenceKind.PRODUCTION,)]


def test_a_protected_wild_herb_needs_a_permit(book: Book) -> None:
    gatherings = {"area_name": "山里"}
    wild = step("gathering", 1, outputs=[lot("GC", 10, "甘草")], fields=gatherings)
    assert "licence.protected" in book.flags(wild, 1)
    permitted = step(
        "gathering", 1, outputs=[lot("GC-2", 10, "甘草")], fields={**gatherings, "permit": "采1"}
    )
    assert "licence.protected" not in book.flags(permitted, 1)
    register_licence(
        book.session, book.declarer, GROWER, licence(LicenceKind.GATHERING, "采2", FIRST_DAY), at(1)
    )
    registered = step("gathering", 2, outputs=[lot("GC-3", 10, "甘草")], fields=gatherings)
    assert "licence.protected" not in book.flags(registered, 2)


def test_a_toxic_raw_herb_is_not_sold_by_just_anybody(book: Book) -> None:
    gathered(book, "BX", 1000, "半夏")
    sale = step("sale", 2, lots=[lot("BX", 10)])
    assert book.flags(sale, 2) == ["toxic.handling"]
    register_licence(book.session, book.declarer, GROWER, licence(LicenceKind.TOXIC, "毒1", FIRST_DAY), at(2))
    assert book.flags(step("sale", 3, lots=[lot("BX", 10)]), 3) == []


def test_the_regulator_makes_a_gate_refuse_and_switches_it_off_again(book: Book) -> None:
    goods_of_the_cooperative(book)

    def setting(strictness: str, day: int) -> None:
        set_gate(
            book.session, book.declarer, "licence.missing", strictness,
            reason="专项整治", at_ms=at(day), by=None,
        )  # fmt: skip

    setting("refuse", 2)
    assert book.refusals(sliced("S", "DG-H", 3, place="PLOT-D"), 3) == ["licence.missing"]
    setting("off", 3)
    assert book.flags(sliced("S", "DG-H", 4, place="PLOT-D"), 4) == []
    setting("note", 4)
    [found] = book.findings(_again(), 5)
    assert found.rule.severity is Severity.NOTE


def _again() -> StepNew:
    fields = {"method": "切薄片", "standard": "中国药典"}
    return step("paozhi", 5, "PLOT-D", inputs=[lot("S", 50)], outputs=[lot("S-2", 40)], fields=fields)


def test_what_makes_a_history_impossible_cannot_be_set(book: Book) -> None:
    for rule, strictness in (
        ("order.time", "off"),
        ("standing.suspended", "flag"),
        ("licence.missing", "mild"),
    ):
        with pytest.raises(UnknownGateRule):
            set_gate(book.session, book.declarer, rule, strictness, reason="x", at_ms=NOON, by=None)
    assert set(gate_rules()) < set(rulebook())


@given(st.sampled_from(list(Stage)), st.sampled_from(list(Form)), st.booleans(), st.dates(date(2000, 1, 1)))
def test_needs_are_those_of_the_table_and_no_others(
    stage: Stage, form: Form, towards_party: bool, day: date
) -> None:
    found = needs(stage, [form], towards_party=towards_party, day=day)
    for need in all_licence_needs():
        fits = need.stage is stage and (not need.forms or form in need.forms)
        fits &= (need.first_day or day) <= day <= (need.last_day or day)
        fits &= need.counterparty in ("", "party" if towards_party else "nobody")
        assert (need in found) == fits


def test_the_maker_s_licence_is_not_the_pharmacy_s(book: Book) -> None:
    dried(book, "H", 1000)
    withdraw_licence(
        book.session, book.declarer, MAKER, LicenceKind.PRODUCTION, "皖20200001",
        day=None, reason="停产", at_ms=at(2), by=None,
    )  # fmt: skip
    assert book.flags(sliced("S", "H", 3), 3) == []  # the grower's stands


def test_slices_sold_pack_by_pack_need_the_licence_as_much_as_by_the_lot(book: Book) -> None:
    goods_of_the_cooperative(book)
    book.record(sliced("S", "DG-H", 2, place="PLOT-D"), 2)
    packing = step("pack", 3, "PLOT-D", inputs=[lot("S", 90)], packs=9, grams_per_pack=10)
    code = book.record(packing, 3).codes[0]
    assert "licence.missing" in book.flags(step("sale", 4, "PLOT-D", lots=[lot("S", 10)]), 4)
    assert "licence.missing" in book.flags(step("sale", 5, "PLOT-D", codes=[code]), 5)


def test_slices_dispensed_pack_by_pack_need_a_licence_as_much(book: Book) -> None:
    goods_of_the_cooperative(book)
    book.record(sliced("S", "DG-H", 2, place="PLOT-D"), 2)
    code = book.record(step("pack", 3, "PLOT-D", inputs=[lot("S", 90)], packs=9, grams_per_pack=10), 3).codes[
        0
    ]
    given = step("dispense", 4, "PLOT-D", codes=[code], fields={"purpose": "decoction"})
    assert "licence.missing" in book.flags(given, 4)
