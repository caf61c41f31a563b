"""Somebody wants a private value: from the leaf alone, from the whole database, or by passing off another."""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, SQLModel, select

from ledger.canonical import JsonValue, canonical
from ledger.entry import Statement, parse_leaf
from ledger.errors import DisclosureMismatch
from ledger.private.disclosure import Disclosure, check, conceal
from ledger.private.private_errors import SealBroken
from ledger.tables import PendingRow
from tests.trace.season import PLACES, VAULT, Stream, at, founded, lot, recorder, step, white_peony
from trace.places import PlaceNew
from trace.private_values import conceal_all, digests_with_decoys, private_values
from trace.service import RecordedStep
from trace.tables import DisclosureRow

PHONE = "13800138000"
NUMBERS = [f"1380{number:07d}" for number in range(100_000, 200_000)]
"""A hundred thousand numbers of one exchange, the true one among them."""
CANARIES = (PHONE, "张三丰", "李四光", "王五", "皖S12345", "赵六", "钱七", "12345", "魏武大道一号")


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        yield opened


def season(session: Session) -> dict[str, RecordedStep]:
    by = recorder()
    return {new.stage: by.record_step(session, new, recorded_ms) for new, recorded_ms in white_peony()}


def said_in(session: Session, step: RecordedStep) -> Statement:
    wanted = select(PendingRow.leaf).where(PendingRow.statement_id == step.statement_id)
    return parse_leaf(session.exec(wanted).one()).statement


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def guesses(said: Statement) -> dict[str, Callable[[str], bytes]]:
    """Every construction from public parts that an attacker who read our format would try."""

    def disclosure(salt: JsonValue) -> Callable[[str], bytes]:
        return lambda number: encoded(canonical([salt, "phone", number])).encode()

    return {
        "the number": str.encode,
        "base64 of it": lambda number: encoded(number.encode()).encode(),
        "name and number": lambda number: f"phone{number}".encode(),
        "name=number": lambda number: f"phone={number}".encode(),
        "an array": lambda number: canonical(["phone", number]),
        "an object": lambda number: json.dumps({"phone": number}).encode(),
        "no salt": lambda number: encoded(canonical(["phone", number])).encode(),
        "an empty salt": disclosure(""),
        "a zero salt": disclosure(encoded(bytes(16))),
        "the id as salt": disclosure(said.id),
        "the id's hash as salt": disclosure(encoded(hashlib.sha256(said.id.encode()).digest()[:16])),
        "the subject as salt": disclosure(said.subject),
        "the time as salt": disclosure(str(said.at_ms)),
    }


def hunted(said: Statement, digests: tuple[str, ...], *tried: str) -> set[tuple[str, str]]:
    """Construction and number of every hit among `digests`; all constructions unless some are named."""
    wanted = set(digests)
    hits = set()
    for name, made in guesses(said).items():
        if tried and name not in tried:
            continue
        for number in NUMBERS:
            if encoded(hashlib.sha256(made(number)).digest()) in wanted:
                hits.add((name, number))
    return hits


def test_a_phone_number_is_not_found_by_trying_all_of_them(session: Session) -> None:
    said = said_in(session, season(session)["planting"])
    assert PHONE in NUMBERS
    assert hunted(said, said.digests) == set()


@pytest.mark.parametrize("weak", ["the number", "no salt", "the id as salt", "an object"])
def test_the_hunt_finds_a_digest_that_is_not_well_salted(session: Session, weak: str) -> None:
    said = said_in(session, season(session)["planting"])
    unsalted = encoded(hashlib.sha256(guesses(said)[weak](PHONE)).digest())
    assert hunted(said, (*said.digests, unsalted), weak) == {(weak, PHONE)}


def test_the_same_value_leaves_no_common_trace_in_two_statements(session: Session) -> None:
    by = recorder()
    steps = [
        by.record_step(
            session,
            step(
                "planting",
                1,
                outputs=[lot(f"L{number}", herb="白芍")],
                fields={"area_mu": "1", "phone": PHONE},
            ),
            at(1),
        )
        for number in range(2)
    ]
    first, second = (said_in(session, each) for each in steps)
    assert set(first.digests).isdisjoint(second.digests)
    rows = session.exec(select(DisclosureRow.sealed).where(DisclosureRow.name == "phone")).all()
    assert len(rows) == len({*rows}) == 2
    pieces = [{row[place : place + 8] for place in range(len(row) - 7)} for row in rows if row is not None]
    assert pieces[0].isdisjoint(pieces[1])


@pytest.mark.parametrize("count", range(5))
def test_the_number_of_digests_says_nothing_about_the_number_of_fields(count: int) -> None:
    values = dict.fromkeys(("responsible", "phone", "address", "note")[:count], "x")
    digests = digests_with_decoys(conceal_all(values, Stream()), Stream("decoys"))
    assert len(digests) == len(set(digests)) == 4


def test_no_profile_has_more_private_fields_than_digests_are_padded_to() -> None:
    from trace.private_values import DIGESTS
    from trace.profiles import Visibility, profile
    from trace.vocabulary import Stage

    for stage in Stage:
        hidden = [field for field in profile(stage).fields if field.visibility is not Visibility.PUBLIC]
        assert len(hidden) <= DIGESTS


def test_neither_place_nor_form_tells_a_digest_from_a_decoy() -> None:
    """Four hundred statements with one value each: it stands equally often at each of the four places."""
    randomness = Stream("places")
    places: Counter[int] = Counter()
    for number in range(400):
        hidden = conceal_all({"phone": PHONE}, randomness)
        said = Statement(
            id=f"s{number}", kind="step", subject="lot/A", at_ms=0, public={},
            digests=digests_with_decoys(hidden, randomness),
        )  # fmt: skip
        listed = sorted(said.digests)  # as the leaf lists them
        places[listed.index(hidden[0].digest)] += 1
        assert all(re.fullmatch("[A-Za-z0-9_-]{43}", digest) for digest in listed)
    # Binomial(400, 1/4): mean 100, standard deviation 8.7; five of them each way.
    assert all(56 <= places[place] <= 144 for place in range(4)), places


def test_no_table_holds_a_private_value_or_salt_in_any_writing(session: Session) -> None:
    by = recorder()
    season(session)
    new = PlaceNew(
        place_id="STALL", name="档口", party=PLACES["WORKS"][0], division="341602", address="魏武大道一号"
    )
    by.register_place(session, new, at(0))
    kept = [row.statement_id for row in session.exec(select(DisclosureRow))]
    opened = [each for name in kept for each in private_values(session, VAULT, name)]
    words = {each.disclosure.salt for each in opened if each.disclosure} | {*CANARIES}
    words |= {each.disclosure.encoded for each in opened if each.disclosure}
    dump = _dump(session)
    assert "白芍" in dump
    assert [word for word in words if word in dump or encoded(word.encode()) in dump] == []


def test_a_value_that_was_never_committed_to_is_refused(session: Session) -> None:
    said = said_in(session, season(session)["planting"])
    for false in (conceal("phone", "13900139000", Stream()), conceal("phone", PHONE, Stream())):
        with pytest.raises(DisclosureMismatch):
            check(false, said.digests)


def test_a_name_cannot_be_changed_under_its_value(session: Session) -> None:
    planting = season(session)["planting"]
    [phone] = [each for each in private_values(session, VAULT, planting.statement_id) if each.name == "phone"]
    assert phone.disclosure is not None
    renamed = Disclosure(encoded(canonical([phone.disclosure.salt, "responsible", phone.disclosure.value])))
    with pytest.raises(DisclosureMismatch):
        check(renamed, said_in(session, planting).digests)


@pytest.mark.parametrize("moved", ["between fields", "between statements", "between subjects"])
def test_a_ciphertext_put_into_another_row_does_not_open_there(session: Session, moved: str) -> None:
    steps = season(session)
    source = (steps["planting"].statement_id, "phone")
    target = {
        "between fields": (steps["planting"].statement_id, "responsible"),
        "between statements": (steps["field_work"].statement_id, "operator"),
        "between subjects": (steps["sale"].statement_id, "customer"),
    }[moved]
    at_source, at_target = session.get(DisclosureRow, source), session.get(DisclosureRow, target)
    assert at_source is not None
    assert at_target is not None
    session.connection().execute(
        update(DisclosureRow)
        .where(DisclosureRow.statement_id == target[0], DisclosureRow.name == target[1])  # type: ignore[arg-type]  # columns to SQLAlchemy
        .values(sealed=at_source.sealed, subject=at_source.subject)
    )
    session.expire_all()
    with pytest.raises(SealBroken):
        private_values(session, VAULT, target[0])


def _dump(session: Session) -> str:
    """Every cell of every table, bytes as text and in hex."""
    cells: list[str] = []
    for table in SQLModel.metadata.sorted_tables:
        if session.execute(text("SELECT 1 FROM sqlite_master WHERE name = :t"), {"t": table.name}).first():
            for row in session.execute(table.select()):
                for cell in row:
                    if isinstance(cell, bytes):
                        cells += [cell.decode("latin-1"), cell.decode("utf-8", "replace"), cell.hex()]
                    else:
                        cells.append(str(cell))
    return "\n".join(cells)
