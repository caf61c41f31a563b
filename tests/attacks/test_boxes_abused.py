"""Other people's boxes and batches: things put into them, codes taken from them, one pack sold many times."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from ledger.errors import DaodiError
from tests.api.conftest import ON_BOTH_DATABASES
from tests.trace.season import GROWER, MAKER, PHARMACY, at, founded, lot, register_all, step
from tests.trace.test_code_packs import Packed
from trace.coding.code_words import CodeStatus, Level
from trace.coding.status_changes import change_status, ranges_named
from trace.errors import UnknownCodeBatch

Issue = Callable[..., str]


@pytest.fixture
def packed(database_url: str) -> Iterator[Packed]:
    with founded(database_url) as session:
        yield Packed(session)


def _makers_packs(packed: Packed) -> list[str]:
    """Two packs of the maker's own lot."""
    by, session = packed.by, packed.session
    sent = step("split", 2, minute=5, inputs=[lot("H", 100)], outputs=[lot("M", 100)])
    shipped = step("ship", 2, minute=6, lots=[lot("M")], counterparty=MAKER)
    taken = step("receive", 2, "WORKS", minute=7, lots=[lot("M")])
    for new in (sent, shipped, taken):
        by.record_step(session, new, at(2))
    packing = step("pack", 2, "WORKS", minute=8, inputs=[lot("M")], packs=2, grams_per_pack=10)
    return list(by.record_step(session, packing, at(2)).codes)


def test_nobody_puts_packs_into_anothers_full_box(packed: Packed) -> None:
    """The code of a box is printed on it. A stranger's pack in it would stop every step of its owner."""
    strange = _makers_packs(packed)
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    refused = packed.refused("nest", strange[:1], "WORKS", party=MAKER, container=packed.boxes[0])
    assert "pack.not_holder" in refused
    own = packed.issued(MAKER, Level.BOX, 1)
    packed.do("nest", strange[:1], "WORKS", party=MAKER, container=own[0])


def test_nobody_puts_anothers_packs_into_its_own_box(packed: Packed) -> None:
    box = packed.issued(MAKER, Level.BOX, 1)[0]
    refused = packed.refused("nest", packed.codes[:1], "WORKS", party=MAKER, container=box)
    assert "pack.not_holder" in refused
    assert "pack.not_holder" in packed.refused("nest", packed.codes[:1], container=box)


def test_a_box_with_held_goods_takes_no_more(packed: Packed) -> None:
    """Held goods hide among others where a box may be filled further."""
    from tests.trace.holding import hold

    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    hold(packed.session, packed.by, "code", packed.codes[0], "破损", at(4))
    assert packed.refused("nest", packed.codes[2:3], container=packed.boxes[0]) == {"freeze.frozen"}


def test_nobody_packs_with_anothers_batch(packed: Packed) -> None:
    batch = packed.by.issue_codes(packed.session, MAKER, 5, at(1)).batch_id
    new = step("pack", 4, inputs=[lot("H")], packs=1, grams_per_pack=10, batch=batch)
    with pytest.raises(UnknownCodeBatch), packed.session.begin_nested():
        packed.by.record_step(packed.session, new, at(4))


def test_a_box_in_a_box_is_not_turned_inside_out(packed: Packed) -> None:
    box, bulk = packed.boxes[0], packed.bulk
    packed.do("nest", packed.codes[:1], container=box)
    packed.do("nest", [box], container=bulk)
    for inner, outer in (([bulk], box), ([box], box), ([bulk], bulk), (packed.codes[:1], bulk)):
        assert packed.refused("nest", inner, container=outer) & {"pack.level", "pack.nested"}


def test_a_part_of_a_box_is_not_shipped_without_unpacking(packed: Packed) -> None:
    packed.do("nest", packed.codes[:2], container=packed.boxes[0])
    assert packed.refused("ship", packed.codes[:1], counterparty=PHARMACY) == {"pack.nested"}


@pytest.mark.postgresql
def test_a_pack_is_not_sold_by_itself_and_with_its_box_by_two_writers_at_once(postgresql_url: str) -> None:
    """Two services write to one database: the second waits for the first, and then sees what it did."""
    with founded(postgresql_url) as session:
        packed = Packed(session)
        packed.do("nest", packed.codes[:2], container=packed.boxes[0])
        session.commit()
        packed.do("sale", packed.codes[:1])  # not committed yet
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(_sell, session, packed, packed.boxes[:1])
            _until_somebody_waits(postgresql_url)
            session.commit()
            assert second.result(30) == "sold", "the box, with the one pack that is left in it"
        assert packed.lot().packed_grams == 40


@pytest.mark.postgresql
def test_a_label_is_not_spoiled_while_it_is_put_on_a_pack(postgresql_url: str) -> None:
    with founded(postgresql_url) as session:
        packed = Packed(session)
        batch = packed.by.issue_codes(session, GROWER, 2, at(1))
        codes = packed.by.issuer.codes(batch)
        session.commit()
        new = step("pack", 4, inputs=[lot("H")], packs=2, grams_per_pack=10, batch=batch.batch_id)
        packed.by.record_step(session, new, at(4))
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(_spoil, session, packed, codes[0])
            _until_somebody_waits(postgresql_url)
            session.commit()
            assert second.result(30) == "code-cannot-become"


def _sell(session: Session, packed: Packed, codes: list[str]) -> str:
    with Session(session.get_bind()) as other:
        new = step("sale", 3, minute=50, codes=codes)
        try:
            packed.by.record_step(other, new, at(4))
        except DaodiError as fault:
            return str(fault.parts["rule"])
        other.commit()
    return "sold"


def _spoil(session: Session, packed: Packed, code: str) -> str:
    keys = packed.by.code_keys
    with Session(session.get_bind()) as other:
        try:
            named = ranges_named(other, [code], keys)
            change_status(other, packed.by.declarer, keys, CodeStatus.SPOILED, named, by=GROWER, at_ms=at(5))
        except DaodiError as fault:
            return fault.key()
        other.commit()
    return "spoiled"


def _until_somebody_waits(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as watching:
        for _ in range(500):
            if watching.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                break
            time.sleep(0.02)
    engine.dispose()


@ON_BOTH_DATABASES
def test_one_pack_is_sold_once_by_thirty_two_at_once(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    def grown(session: Session) -> list[str]:
        register_all(session, station.recorder)
        gathered = step("gathering", 1, outputs=[lot("H", 1000, "白芍")], fields={"area_name": "山里"})
        packing = step("primary_processing", 1, minute=1, inputs=[lot("H")], outputs=[lot("D", 900)],
                       fields={"method": "晒"})  # fmt: skip
        packed = step("pack", 2, inputs=[lot("D")], packs=2, grams_per_pack=10)
        return list(
            [station.recorder.record_step(session, new, at(2)) for new in (gathered, packing, packed)][
                -1
            ].codes
        )

    codes = station.writer.submit(grown)
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}"}

    def sale(number: int) -> int:
        new = step("sale", 5, minute=number, codes=codes[:1]).model_dump(mode="json", exclude_none=True)
        return client.post("/v1/steps", json=new, headers=headers).status_code

    with ThreadPoolExecutor(32) as pool:
        sent = list(pool.map(sale, range(32)))
    assert sent.count(202) == 1
    assert set(sent) <= {202, 409, 422}


@ON_BOTH_DATABASES
def test_one_code_is_put_on_one_pack_by_eight_packings_at_once(
    client: TestClient, station: Station, token_with: Issue
) -> None:
    def grown(session: Session) -> str:
        register_all(session, station.recorder)
        fresh = step("gathering", 1, outputs=[lot("H", 1000, "白芍")], fields={"area_name": "山里"})
        names = [f"D{number}" for number in range(8)]
        herb = step("primary_processing", 1, minute=1, inputs=[lot("H")], outputs=[lot("D", 900)],
                    fields={"method": "晒"})  # fmt: skip
        parts = step("split", 1, minute=2, inputs=[lot("D")], outputs=[lot(name, 100) for name in names])
        for new in (fresh, herb, parts):
            station.recorder.record_step(session, new, at(2))
        return station.recorder.issue_codes(session, GROWER, 8, at(2)).batch_id

    batch = station.writer.submit(grown)
    headers = {"Authorization": f"Bearer {token_with('steps:write', party=GROWER)}"}

    def pack(number: int) -> list[str]:
        new = step("pack", 5, inputs=[lot(f"D{number}")], packs=1, grams_per_pack=10, batch=batch)
        sent = client.post("/v1/steps", json=new.model_dump(mode="json", exclude_none=True), headers=headers)
        assert sent.status_code == 202, sent.text
        return list(sent.json()["codes"])

    with ThreadPoolExecutor(8) as pool:
        codes = [code for given in pool.map(pack, range(8)) for code in given]
    assert len(set(codes)) == len(codes) == 8
