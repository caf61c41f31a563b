"""Codes of other systems: who may link one to what, and what happens when two want the same."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from ledger.entry import Statement
from ledger.keys import SigningKey
from tests.trace.season import GROWER, MAKER, NOON, PHARMACY, founded, recorder, white_peony
from trace.declaring import Declarer
from trace.errors import UnknownLot, UnknownPlace
from trace.links.code_links import (
    LINK_APPLIERS,
    find_link,
    link_code,
    links_to,
    unlink_code,
)
from trace.links.link_errors import (
    NotTheHolder,
    OtherCodeNamesElse,
    OtherCodeTaken,
    UnknownOtherCode,
    UnreadableOtherCode,
)
from trace.links.link_reading import levels, links_up_the_tree, look_up_other
from trace.links.link_tables import OtherCodeRow
from trace.links.link_targets import LinkTarget, lot_target
from trace.links.other_codes import Named, read_other_code, recognise
from trace.said import Said
from trace.tables import table_of

LOT_CODE = "1101273001145961401070059"
GTIN_LOT = "(01)09520123456788(10)A-1"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    with founded(database_url) as opened:
        by = recorder()
        for new, at_ms in white_peony()[:2]:
            by.record_step(opened, new, at_ms)
        yield opened


@pytest.fixture
def declarer() -> Declarer:
    return recorder("links").declarer


def test_a_lot_is_found_by_the_code_of_another_system(session: Session, declarer: Declarer) -> None:
    linked = link_code(session, declarer, "cpc", LOT_CODE, lot_target("BS-PLANT"), by=GROWER, at_ms=NOON)
    [found] = look_up_other(session, f"*CPC*ZYCZS{LOT_CODE}")
    assert (found.link, found.lots, found.named) == (linked, ("BS-PLANT",), "BS-PLANT")
    assert links_to(session, Named.LOT, "BS-PLANT") == (linked,)


def test_linking_again_states_nothing_new(session: Session, declarer: Declarer) -> None:
    first = link_code(session, declarer, "x-old", "YC-7", lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    again = link_code(session, declarer, "x-old", "YC-7", lot_target("BS-SEED"), by=GROWER, at_ms=NOON + 1)
    assert again == first


def test_a_code_found_again_on_another_lot_is_refused(session: Session, declarer: Declarer) -> None:
    link_code(session, declarer, "cpc", LOT_CODE, lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    with pytest.raises(OtherCodeTaken) as caught:
        link_code(session, declarer, "cpc", LOT_CODE, lot_target("BS-PLANT"), by=GROWER, at_ms=NOON)
    assert "BS-SEED" in caught.value.message("zh")
    assert "BS-SEED" in caught.value.message("en")


def test_only_who_holds_a_lot_links_codes_to_it(session: Session, declarer: Declarer) -> None:
    with pytest.raises(NotTheHolder):
        link_code(session, declarer, "cpc", LOT_CODE, lot_target("BS-SEED"), by=MAKER, at_ms=NOON)
    assert find_link(session, read_other_code("cpc", LOT_CODE)) is None


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        (lot_target("NONE"), UnknownLot),
        (LinkTarget(kind=Named.PLACE, name="NONE"), UnknownPlace),
        (LinkTarget(kind=Named.PLACE, name="COUNTER"), NotTheHolder),
        (LinkTarget(kind=Named.PARTY, name=PHARMACY), NotTheHolder),
    ],
)
def test_what_is_not_there_or_not_held_cannot_be_linked(
    session: Session, declarer: Declarer, target: LinkTarget, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        link_code(session, declarer, "x-old", "YC-7", target, by=GROWER, at_ms=NOON)


def test_a_code_names_only_what_its_structure_says(session: Session, declarer: Declarer) -> None:
    with pytest.raises(OtherCodeNamesElse):
        link_code(session, declarer, "cpc", "10127300114596", lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    owner = LinkTarget(kind=Named.PARTY, name=GROWER)
    link_code(session, declarer, "cpc", "10127300114596", owner, by=GROWER, at_ms=NOON)
    [found] = look_up_other(session, "10127300114596")
    assert found.named == "谯城白芍种植合作社"


def test_a_withdrawn_code_leads_nowhere_and_can_be_linked_again(session: Session, declarer: Declarer) -> None:
    link_code(session, declarer, "x-old", "YC-7", lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    with pytest.raises(UnknownOtherCode):
        unlink_code(session, declarer, "x-old", "YC-7", "错录", by=MAKER, at_ms=NOON)
    unlink_code(session, declarer, "x-old", "YC-7", "错录", by=GROWER, at_ms=NOON)
    assert look_up_other(session, "YC-7") == ()
    link_code(session, declarer, "x-old", "YC-7", lot_target("BS-PLANT"), by=GROWER, at_ms=NOON + 1)
    [found] = look_up_other(session, "YC-7")
    assert found.lots == ("BS-PLANT",)


def test_the_statements_alone_give_the_same_rows_again(session: Session, declarer: Declarer) -> None:
    stated: list[Statement] = []

    def noting(_: Session, statement: Statement, _origin: str, _key: SigningKey) -> None:
        stated.append(statement)

    noted = Declarer(
        origin=declarer.origin, signer_of=declarer.signer_of, operator_key=declarer.operator_key,
        randomness=declarer.randomness, vault=declarer.vault, stating=noting,
    )  # fmt: skip
    link_code(session, noted, "cpc", LOT_CODE, lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    link_code(session, noted, "x-old", "YC-7", lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    unlink_code(session, noted, "x-old", "YC-7", "错录", by=GROWER, at_ms=NOON)
    before = session.execute(select(table_of(OtherCodeRow))).all()
    session.execute(table_of(OtherCodeRow).delete())
    for each in stated:
        said = Said(
            statement_id=each.id, kind=each.kind, subject=each.subject, at_ms=each.at_ms, actor="",
            public=each.public,
        )  # fmt: skip
        LINK_APPLIERS[each.kind](session, said)
    assert session.execute(select(table_of(OtherCodeRow))).all() == before
    assert len(before) == 1


def test_a_serial_without_a_link_leads_to_its_lot(session: Session, declarer: Declarer) -> None:
    product = LinkTarget(kind=Named.PRODUCT, name="白芍 500 克")
    link_code(session, declarer, "gs1", "(01)09520123456788", product, by=GROWER, at_ms=NOON)
    link_code(session, declarer, "gs1", GTIN_LOT, lot_target("BS-SEED"), by=GROWER, at_ms=NOON)
    [found] = look_up_other(session, "https://id.gs1.org/01/09520123456788/10/A-1/21/S7?17=271231")
    assert found.lots == ("BS-SEED",)
    path = read_other_code("gs1", f"{GTIN_LOT}(21)S7").path
    assert [level for level, _ in links_up_the_tree(session, path)] == [path[:2], path[:1]]


def test_the_way_up_asks_the_finest_first() -> None:
    path = (("01", "G"), ("22", "V"), ("10", "L"), ("21", "S"))
    asked = ["".join(ai for ai, _ in level) for level in levels(path)]
    assert asked == ["01221021", "011021", "012221", "0121", "012210", "0110", "0122", "01"]


def test_one_thing_has_one_form_however_it_is_written() -> None:
    forms = (
        "(10)A-1(01)09520123456788",
        "https://herbs.example.org/01/09520123456788/10/A-1?17=271231",
        "https://herbs.example.org/01/9520123456788/10/A%2D1",
    )
    assert {read_other_code("gs1", form).value for form in forms} == {GTIN_LOT}


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        ("gs1", "09520123456788"),
        ("cpc", "123"),
        ("drug", "白" * 20),
        ("x-", "A"),
        ("old", "A"),
        ("x-old", ""),
    ],
)
def test_a_code_that_is_not_of_its_scheme_is_refused(scheme: str, code: str) -> None:
    with pytest.raises(UnreadableOtherCode):
        read_other_code(scheme, code)


def test_twenty_digits_may_be_two_things_at_once() -> None:
    assert {each.scheme for each in recognise("10127300114596000040")} == {"cpc", "drug"}
    assert recognise("任何字") == ()
