"""Parties and places are registered once, by a signed statement, and their addresses stay private."""

import pytest
from sqlmodel import select

from ledger.canonical import parse
from ledger.registry import holder
from ledger.tables import PendingRow
from trace.errors import AlreadyRegistered, BadIdentifier, UnknownMarket, UnknownParty, UnknownPlace
from trace.parties import PartyNew, party
from trace.places import PlaceNew, place
from trace.private_values import private_values
from trace.vocabulary import NodeType

from .season import GROWER, MAKER, NAMES, NOON, VAULT, founded, recorder, register_all

STALL = PlaceNew(
    place_id="STALL", name="档口", party=MAKER, division="341602", market="亳州", address="魏武大道一号"
)


def test_registering_again_changes_nothing_and_other_particulars_are_refused(database_url: str) -> None:
    with founded(database_url) as session:
        before = len(session.exec(select(PendingRow)).all())
        register_all(session, recorder("again"))
        assert len(session.exec(select(PendingRow)).all()) == before
        renamed = PartyNew(uscc=GROWER, name="别名", node_types=(NodeType.GROWER,), division="341602")
        with pytest.raises(AlreadyRegistered):
            recorder().register_party(session, renamed, NOON)
        moved = PlaceNew(place_id="PLOT", name="白芍地块", party=GROWER, division="110105")
        with pytest.raises(AlreadyRegistered):
            recorder().register_place(session, moved, NOON)


def test_the_key_of_a_party_is_registered_under_its_credit_code() -> None:
    with founded("sqlite://") as session:
        found = party(session, GROWER)
        assert (found.name, holder(session, found.key_id)) == (NAMES[GROWER], GROWER)


def test_an_address_is_a_digest_in_the_ledger_and_a_disclosure_beside_it() -> None:
    with founded("sqlite://") as session:
        assert recorder().register_place(session, STALL, NOON).market == "bozhou"
        leaves = b"".join(session.exec(select(PendingRow.leaf)).all()).decode()
        assert "魏武大道" not in leaves
        assert "档口" in leaves
        [kept] = private_values(session, VAULT, "place/STALL")
        assert kept.disclosure is not None
        assert (kept.disclosure.value, kept.visibility) == ("魏武大道一号", "regulator")
        logged = [parse(leaf) for leaf in session.exec(select(PendingRow.leaf))]
        assert kept.digest in next(leaf for leaf in logged if leaf["id"] == "place/STALL")["digests"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"party": "91110000600037341L"}, UnknownParty),
        ({"market": "月球"}, UnknownMarket),
        ({"division": "990000"}, BadIdentifier),
    ],
)
def test_a_place_that_cannot_be_is_refused(change: dict[str, str], error: type[Exception]) -> None:
    with founded("sqlite://") as session, pytest.raises(error):
        recorder().register_place(session, STALL.model_copy(update=change), NOON)


def test_what_is_not_registered_is_unknown() -> None:
    with founded("sqlite://") as session:
        assert place(session, "PLOT").party == GROWER
        with pytest.raises(UnknownPlace):
            place(session, "NOWHERE")
        with pytest.raises(UnknownParty):
            party(session, "91110000600037341L")
