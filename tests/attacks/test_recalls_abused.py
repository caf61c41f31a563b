"""Holds and recalls turned against others: goods that are not one's own, one person as two, two at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.station import Station
from ledger.tables import EntryRow
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.trace.bad_field import grow
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import COOP, GROWER, MAKER, PHARMACY, register_all
from trace.tables import LotRow

Issue = Callable[..., str]


@pytest.fixture(autouse=True)
def grown(station: Station) -> None:
    def work(session: Session) -> None:
        register_all(session, station.recorder)
        register_regulator(session, station.recorder, NOW_MS)
        grow(session, station.recorder, packs=2)

    station.writer.submit(work)


@pytest.fixture
def own(token_with: Issue) -> Callable[..., dict[str, str]]:
    def bearer(party: str | None, scope: str = "steps:write", name: str = "甲") -> dict[str, str]:
        return {"Authorization": f"Bearer {token_with(scope, party=party, name=name)}"}

    return bearer


Own = Callable[..., dict[str, str]]


def _recall(*lots: str) -> dict[str, object]:
    return {"lots": lots, "class": 3, "reason": "x"}


def _key(answer: object) -> str:
    return str(answer.json()["type"]).split("/")[-1]  # type: ignore[attr-defined]  an httpx answer


def _held(station: Station) -> int:
    with station.database.read() as session:
        return len(session.exec(select(LotRow.lot_id).where(col(LotRow.frozen))).all())


@pytest.mark.parametrize("party", [COOP, PHARMACY])
def test_nobody_holds_or_recalls_goods_they_neither_made_nor_have(
    client: TestClient, station: Station, own: Own, party: str
) -> None:
    product = f"白芍/slice/{MAKER}"
    for kind, target in (("lot", "S1"), ("party", MAKER), ("product", product)):
        sent = client.post(
            "/v1/holds", json={"kind": kind, "target": target, "reason": "x"}, headers=own(party)
        )
        assert (sent.status_code, _key(sent)) == (403, "not-your-goods"), sent.text
    for lots in (("S1",), ("S2", "S1")):
        sent = client.post("/v1/recalls", json=_recall(*lots), headers=own(party))
        assert (sent.status_code, _key(sent)) == (403, "not-your-goods"), sent.text
    assert _held(station) == 0


def test_a_token_of_no_party_and_a_false_regulator_place_nothing(client: TestClient, own: Own) -> None:
    body = {"kind": "lot", "target": "S1", "reason": "x"}
    for headers in (own(None), own(None, "supervise"), own(MAKER, "supervise")):
        assert client.post("/v1/holds", json=body, headers=headers).status_code == 403


def test_a_lot_that_does_not_exist_is_recalled_by_nobody(client: TestClient, own: Own) -> None:
    sent = client.post("/v1/recalls", json=_recall("S1", "NO-SUCH"), headers=own(REGULATOR, "supervise"))
    assert (sent.status_code, _key(sent)) == (404, "unknown-lot")
    assert client.get("/v1/recalls").json()["recalls"] == []


def test_one_person_with_a_second_token_of_the_same_name_lifts_nothing(
    client: TestClient, station: Station, own: Own
) -> None:
    first, again, other = (own(MAKER, name=name) for name in ("质量部", " 质量部", "仓储部"))
    body = {"kind": "lot", "target": "S1", "reason": "自查"}
    hold = client.post("/v1/holds", json=body, headers=first).json()["hold"]
    client.post(f"/v1/holds/{hold}/lift-requests", json={"reason": "合格"}, headers=first)
    for headers in (first, again):
        refused = client.post(f"/v1/holds/{hold}/lifts", headers=headers)
        assert (refused.status_code, _key(refused)) == (403, "same-person")
    assert _held(station) == 1
    assert client.post(f"/v1/holds/{hold}/lifts", headers=own(GROWER, name="别人")).status_code == 403
    assert client.post(f"/v1/holds/{hold}/lifts", headers=other).status_code == 201
    assert _held(station) == 0


def test_the_hold_of_a_recall_cannot_be_lifted_past_the_recall(client: TestClient, own: Own) -> None:
    regulator = own(REGULATOR, "supervise")
    recall = client.post("/v1/recalls", json=_recall("FIELD"), headers=regulator).json()["recall"]
    sent = client.post(f"/v1/holds/{recall}/lift-requests", json={"reason": "x"}, headers=regulator)
    assert (sent.status_code, _key(sent)) == (409, "hold-of-recall")


def test_no_name_of_a_person_stands_in_the_log(client: TestClient, station: Station, own: Own) -> None:
    regulator = own(REGULATOR, "supervise", "赵铁柱")
    client.post("/v1/holds", json={"kind": "lot", "target": "S1", "reason": "抽检"}, headers=regulator)
    station.settle()
    with station.database.read() as session:
        leaves = b"".join(session.exec(select(EntryRow.leaf)))
    token = regulator["Authorization"].split("_")[1]
    assert b"hold.placed" in leaves
    assert "赵铁柱".encode() not in leaves
    assert token.encode() not in leaves


@ON_BOTH_DATABASES
def test_of_two_recalls_of_one_lot_at_once_one_is_opened(client: TestClient, own: Own) -> None:
    headers = [own(REGULATOR, "supervise", name) for name in ("甲", "乙", "丙", "丁")]
    with ThreadPoolExecutor(4) as pool:
        sent = list(
            pool.map(lambda each: client.post("/v1/recalls", json=_recall("FIELD"), headers=each), headers)
        )
    assert sorted(answer.status_code for answer in sent) == [201, 409, 409, 409]


def test_no_rival_is_named_responsible_for_goods_it_never_made(client: TestClient, own: Own) -> None:
    """A public notice of grave harm under a competitor's name would cost one own lot."""
    for named, status in ((COOP, 403), (MAKER, 403), (GROWER, 201)):
        body = _recall("REST") | {"class": 1, "responsible": named}
        sent = client.post("/v1/recalls", json=body, headers=own(GROWER))
        assert sent.status_code == status, sent.text
    assert [each["responsible"] for each in client.get("/v1/recalls").json()["recalls"]] == [GROWER]


def test_nobody_counts_a_rivals_goods_by_a_mock_recall(client: TestClient, own: Own) -> None:
    for party, status in ((COOP, 403), (PHARMACY, 201), (MAKER, 201), (GROWER, 201)):
        sent = client.post("/v1/drills", json={"lots": ["FIELD"]}, headers=own(party))
        assert sent.status_code == status, (party, sent.text)


def test_notices_and_holders_are_told_to_nobody_else(client: TestClient, own: Own) -> None:
    recall = client.post("/v1/recalls", json=_recall("FIELD"), headers=own(REGULATOR, "supervise")).json()[
        "recall"
    ]
    [notice] = client.get("/v1/notices", headers=own(PHARMACY)).json()["notices"]
    stranger = own(COOP)
    assert client.get(f"/v1/notices?party={PHARMACY}", headers=stranger).status_code == 403
    assert client.post(f"/v1/notices/{notice['notice']}/readings", headers=stranger).status_code == 404
    for name in ("holders.csv", "codes.csv"):
        listed = client.get(f"/v1/recalls/{recall}/{name}", headers=stranger)
        assert listed.text.count("\n") == 1, "the headings alone"
        assert client.get(f"/v1/recalls/{recall}/{name}").status_code == 401
    theirs = client.get(f"/v1/recalls/{recall}/holders.csv", headers=own(PHARMACY)).text
    assert MAKER not in theirs
    assert PHARMACY in theirs
