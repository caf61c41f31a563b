"""What parties declare of themselves is stated, kept with its days, private where it must be, and rebuilt."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from ledger.tables import PendingRow
from trace.errors import AlreadyRegistered, BadIdentifier, UnknownParty
from trace.identifiers import gs1_check_digit
from trace.parties import PartyNew, party
from trace.places import PlaceNew, place
from trace.private_values import private_values
from trace.registers.changes import (
    PartyChange,
    PlaceChange,
    change_party,
    change_place,
    party_versions,
    place_versions,
)
from trace.registers.days import begin_ms
from trace.registers.gate_settings import set_gate
from trace.registers.licences import LicenceNew, licences, register_licence, withdraw_licence
from trace.registers.outlines import OutlineNew, exact_outline, outline, outline_place
from trace.registers.register_errors import (
    BadValidity,
    DivisionRetired,
    NothingChanged,
    NotItsParty,
    StandingUnchanged,
    UnknownLicence,
    UnknownStaff,
)
from trace.registers.register_reading import parties, party_shown, place_shown
from trace.registers.register_words import DocumentKind, LicenceKind, Registered, StaffRole
from trace.registers.staff import StaffDocument, StaffNew, end_role, register_staff, staff
from trace.registers.standing import close, resume, suspend
from trace.registers.transfers import transfer_business, transfer_place
from trace.tables import PartyRow
from trace.vocabulary import NodeType

from .book import Book, dried, opened
from .rebuilt import differences
from .season import COOP, GROWER, MAKER, NOON, PHARMACY, VAULT, at, lot, step

VIDEO = "sha256:" + "ab" * 32
GLN = "690123456789" + gs1_check_digit("690123456789")
MASTER = StaffNew(
    staff="M-01",
    role=StaffRole.PAOZHI_MASTER,
    name="王老师傅",
    certificate_number="ZS-88",
    valid_from=date(2024, 1, 1),
    documents=(StaffDocument(kind=DocumentKind.VIDEO, document=VIDEO),),
)
PLOT = [
    [Decimal(x), Decimal(y)]
    for x, y in (("115.78", "33.84"), ("115.79", "33.84"), ("115.79", "33.85"), ("115.78", "33.84"))
]


@pytest.fixture
def book() -> Iterator[Book]:
    with opened() as book:
        yield book


def everything(book: Book) -> None:
    """One statement of every kind, and goods that a transfer moves."""
    session, declarer = book.session, book.declarer
    dried(book, "H", 100)
    book.record(step("ship", 2, lots=[lot("H")], counterparty=MAKER), 2)
    gap = LicenceNew(kind=LicenceKind.GAP, number="G1", issuer="x", valid_from=date(2024, 1, 1))
    register_licence(session, declarer, GROWER, gap, at(2))
    withdraw_licence(
        session, declarer, GROWER, LicenceKind.GAP, "G1", day=None, reason="x", at_ms=at(3), by=None
    )
    register_staff(session, declarer, MAKER, MASTER, at(3))
    end_role(session, declarer, MAKER, "M-01", StaffRole.PAOZHI_MASTER, day=None, at_ms=at(4))
    change_party(session, declarer, COOP, PartyChange(name="岷县当归股份合作社"), at_ms=at(4), by=COOP)
    change_place(session, declarer, "PLOT-D", PlaceChange(name="一号地"), at_ms=at(4), by=COOP)
    outline_place(session, declarer, "PLOT", OutlineNew(coordinates=[PLOT]), at_ms=at(4), by=GROWER)
    transfer_place(session, declarer, "PLOT-D", GROWER, day=None, at_ms=at(5), by=COOP)
    for sort, target in ((Registered.PARTY, PHARMACY), (Registered.PLACE, "COUNTER")):
        suspend(session, declarer, sort, target, reason="x", at_ms=at(5), by=None)
        resume(session, declarer, sort, target, reason="x", at_ms=at(6), by=None)
        close(session, declarer, sort, target, reason="x", at_ms=at(7), by=None)
    set_gate(session, declarer, "season.out", "off", reason="x", at_ms=at(7), by=None)
    transfer_business(session, declarer, MAKER, COOP, reason="并购", at_ms=at(8), by=MAKER)


def test_the_registers_are_rebuilt_from_the_log_row_for_row(database_url: str) -> None:
    with opened(database_url) as book:
        everything(book)
        book.session.commit()
        assert differences(book.session) == []


def test_a_gln_is_checked_and_given_once(book: Book) -> None:
    stall = PlaceNew(place_id="STALL", name="档口", party=MAKER, division="341602", gln=GLN)
    assert book.by.register_place(book.session, stall, NOON).gln == GLN
    assert book.by.register_place(book.session, stall, NOON).gln == GLN
    with pytest.raises(AlreadyRegistered):
        book.by.register_place(book.session, stall.model_copy(update={"place_id": "OTHER"}), NOON)
    wrong = stall.model_copy(update={"place_id": "W", "gln": GLN[:-1] + str((int(GLN[-1]) + 1) % 10)})
    with pytest.raises(BadIdentifier):
        book.by.register_place(book.session, wrong, NOON)


def test_a_code_that_ended_names_its_successor_and_holds_before_its_end(book: Book) -> None:
    # 邵东县 430521 [1983-2019], 邵东市 430582 [2019-]: reference/domain.md §2
    old = PlaceNew(place_id="OLD", name="旧地", party=GROWER, division="430521")
    with pytest.raises(DivisionRetired) as caught:
        book.by.register_place(book.session, old, NOON)
    assert "430582（邵东市）" in caught.value.remedy("zh")
    assert book.by.register_place(book.session, old, begin_ms(date(2018, 5, 1))).division == "430521"
    early = old.model_copy(update={"place_id": "EARLY", "division": "430582"})
    with pytest.raises(DivisionRetired):
        book.by.register_place(book.session, early, begin_ms(date(2018, 5, 1)))


def test_a_licence_registered_twice_is_one_and_other_particulars_are_refused(book: Book) -> None:
    new = LicenceNew(kind=LicenceKind.GSP, number="A1", issuer="局", valid_from=date(2024, 1, 1))
    first = register_licence(book.session, book.declarer, MAKER, new, NOON)
    assert register_licence(book.session, book.declarer, MAKER, new, NOON) == first
    with pytest.raises(AlreadyRegistered):
        register_licence(book.session, book.declarer, MAKER, new.model_copy(update={"issuer": "别局"}), NOON)
    backwards = new.model_copy(update={"number": "A2", "valid_until": date(2023, 1, 1)})
    with pytest.raises(BadValidity):
        register_licence(book.session, book.declarer, MAKER, backwards, NOON)
    with pytest.raises(UnknownParty):
        register_licence(book.session, book.declarer, "91110000600037341L", new, NOON)


def test_only_a_licence_in_force_is_withdrawn_and_not_in_the_future(book: Book) -> None:
    def withdrawn(number: str, day: date | None) -> None:
        withdraw_licence(
            book.session, book.declarer, MAKER, LicenceKind.PRODUCTION, number,
            day=day, reason="x", at_ms=NOON, by=None,
        )  # fmt: skip

    with pytest.raises(UnknownLicence):
        withdrawn("没有", None)
    with pytest.raises(BadValidity):
        withdrawn("皖20200001", date(2024, 3, 2))
    withdrawn("皖20200001", date(2024, 3, 1))
    with pytest.raises(UnknownLicence):
        withdrawn("皖20200001", None)
    [known] = licences(book.session, MAKER)
    assert known.withdrawn_ms == begin_ms(date(2024, 3, 1))


def test_the_name_of_staff_is_a_digest_in_the_ledger_and_in_no_row(book: Book) -> None:
    made = register_staff(book.session, book.declarer, MAKER, MASTER, NOON)
    leaves = b"".join(book.session.exec(select(PendingRow.leaf)).all()).decode()
    assert "王老师傅" not in leaves
    assert "ZS-88" not in leaves
    assert VIDEO in leaves
    assert made.documents == ((DocumentKind.VIDEO, VIDEO),)
    kept = {each.name: each for each in private_values(book.session, VAULT, made.statement_id)}
    assert {name: each.visibility for name, each in kept.items()} == {
        "name": "regulator", "certificate_number": "regulator",
    }  # fmt: skip
    end_role(book.session, book.declarer, MAKER, "M-01", StaffRole.PAOZHI_MASTER, day=None, at_ms=at(1))
    [left] = staff(book.session, MAKER)
    assert left.valid_until_ms == at(1)
    with pytest.raises(UnknownStaff):
        end_role(book.session, book.declarer, MAKER, "M-01", StaffRole.PAOZHI_MASTER, day=None, at_ms=at(2))


def test_what_a_party_was_is_kept_with_its_days(book: Book) -> None:
    change = PartyChange(name="亳州新饮片厂", node_types=(NodeType.SLICE_MAKER,))
    change_party(book.session, book.declarer, MAKER, change, at_ms=at(10), by=MAKER)
    now = party(book.session, MAKER)
    assert (now.name, now.node_types) == ("亳州新饮片厂", (NodeType.SLICE_MAKER,))
    history = [
        (row.name, row.valid_from_ms, row.valid_until_ms) for row in party_versions(book.session, MAKER)
    ]
    assert history == [("亳州饮片厂", NOON, at(10)), ("亳州新饮片厂", at(10), None)]
    with pytest.raises(NothingChanged):
        change_party(book.session, book.declarer, MAKER, change, at_ms=at(11), by=MAKER)
    again = PartyChange(division="110101")
    change_party(book.session, book.declarer, MAKER, again, at_ms=at(11), by=None)
    days = [(row.valid_from_ms, row.valid_until_ms) for row in party_versions(book.session, MAKER)]
    assert days == [(NOON, at(10)), (at(10), at(11)), (at(11), None)]
    earlier, later = (PartyChange(name="x", day=day) for day in (date(2024, 3, 2), date(2025, 1, 1)))
    with pytest.raises(BadValidity):  # before the last change
        change_party(book.session, book.declarer, MAKER, earlier, at_ms=at(12), by=MAKER)
    with pytest.raises(BadValidity):  # still to come
        change_party(book.session, book.declarer, MAKER, later, at_ms=at(12), by=MAKER)
    with pytest.raises(DivisionRetired):
        change_party(
            book.session, book.declarer, MAKER, PartyChange(division="430521"), at_ms=at(12), by=None
        )


def test_a_place_that_goes_to_another_party_is_its_from_then_on(book: Book) -> None:
    with pytest.raises(NotItsParty):
        transfer_place(book.session, book.declarer, "WORKS", COOP, day=None, at_ms=at(1), by=GROWER)
    transfer_place(book.session, book.declarer, "PLOT", COOP, day=None, at_ms=at(1), by=GROWER)
    assert place(book.session, "PLOT").party == COOP
    assert [row.party for row in place_versions(book.session, "PLOT")] == [GROWER, COOP]
    new = step("gathering", 2, party=GROWER, outputs=[lot("A", 1, "白芍")], fields={"area_name": "x"})
    assert book.refusals(new, 2) == ["owner.place"]


def test_with_its_business_a_party_hands_over_places_goods_and_what_is_on_the_way(book: Book) -> None:
    dried(book, "H", 100)
    dried(book, "SENT", 50)
    book.record(step("ship", 2, lots=[lot("SENT")], counterparty=MAKER), 2)
    transfer_business(book.session, book.declarer, MAKER, COOP, reason="并购", at_ms=at(3), by=MAKER)
    shown = party_shown(book.session, MAKER)
    assert (shown.successor, shown.places) == (COOP, ())
    received = step("receive", 4, "WORKS", party=COOP, lots=[lot("SENT")])
    assert book.flags(received, 4) == []
    test = step("split", 5, "WORKS", party=MAKER, inputs=[lot("SENT", 10)], outputs=[lot("X", 10)])
    assert "standing.closed" in book.refusals(test, 5)
    with pytest.raises(StandingUnchanged):
        transfer_business(book.session, book.declarer, COOP, MAKER, reason="x", at_ms=at(6), by=COOP)
    assert place_shown(book.session, "WORKS").place.party == COOP


def test_a_suspended_party_cannot_hand_its_goods_to_a_friend(book: Book) -> None:
    suspend(book.session, book.declarer, Registered.PARTY, GROWER, reason="x", at_ms=at(1), by=None)
    with pytest.raises(StandingUnchanged):
        transfer_business(book.session, book.declarer, GROWER, COOP, reason="x", at_ms=at(2), by=GROWER)


def test_a_frozen_party_cannot_hand_its_goods_to_a_friend(book: Book) -> None:
    row = book.session.get_one(PartyRow, GROWER)
    row.frozen = True
    book.session.flush()
    with pytest.raises(StandingUnchanged) as caught:
        transfer_business(book.session, book.declarer, GROWER, COOP, reason="x", at_ms=at(2), by=GROWER)
    assert "冻结" in caught.value.message("zh")


def test_an_outline_is_for_the_regulator_and_its_area_for_everybody(book: Book) -> None:
    new = OutlineNew(coordinates=[PLOT], declared_mu=Decimal("700"))
    made = outline_place(book.session, book.declarer, "PLOT", new, at_ms=at(1), by=GROWER)
    # a right triangle of 0.01 degrees: 925.9 m by 1109.1 m at 33.845° N, by the radii of curvature
    assert made.area_m2 == pytest.approx(925.9 * 1109.1 / 2, rel=0.001)
    assert (made.mu_100, made.differs) == (pytest.approx(77_000, rel=0.01), False)
    ring = exact_outline(book.session, VAULT, made.statement_id)
    assert ring is not None
    assert ring[0] == (1_157_800_000, 338_400_000)
    more = OutlineNew(coordinates=[PLOT], declared_mu=Decimal("850"))
    assert outline_place(book.session, book.declarer, "PLOT", more, at_ms=at(2), by=GROWER).differs
    now = outline(book.session, "PLOT")
    assert now is not None
    assert now.declared_mu_100 == 85_000
    with pytest.raises(NotItsParty):
        outline_place(book.session, book.declarer, "WORKS", new, at_ms=at(3), by=GROWER)


def test_parties_are_listed_by_division_and_type(book: Book) -> None:
    new = PartyNew(
        uscc="91110000600037341L", name="北京市某局", node_types=(NodeType.REGULATOR,), division="110101"
    )
    book.by.register_party(book.session, new, NOON)
    assert [each.uscc for each in parties(book.session, division="11")] == [new.uscc]
    assert [each.uscc for each in parties(book.session, node_type=NodeType.REGULATOR)] == [new.uscc]
    everyone = [each.uscc for each in parties(book.session)]
    assert everyone == sorted(everyone)
    assert [each.uscc for each in parties(book.session, after=everyone[1], limit=2)] == everyone[2:4]
