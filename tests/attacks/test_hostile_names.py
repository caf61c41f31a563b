"""Names and numbers made to run, to break or to deceive: in names of parties and places, grades, fields."""

import json
from collections.abc import Callable

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from api.station import Station
from ledger.tables import PendingRow
from tests.trace.book import dried, opened
from tests.trace.season import GROWER, MAKER, at, lot, register_all, step
from tests.trace.test_gate_origin import outlined
from trace.identifiers import make_uscc
from trace.integrity.complaints import ComplaintNew, answer, file_complaint
from trace.profiles import Kind, profile
from trace.registers.staff import StaffNew, register_staff
from trace.stored_findings import findings
from trace.vocabulary import Stage

SCRIPT = '<script>alert("1")</script><img src=x onerror=alert(1)>'
FORMULA = '=HYPERLINK("http://x";"y")'
SQL = "'; DROP TABLE trace_party; --"
OTHER = make_uscc("9", "1", "341602", "MA7E21L2")
CANARY = "金丝雀叫三声"

Issue = Callable[..., str]


@pytest.fixture
def headers(station: Station, token_with: Issue) -> dict[str, str]:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    return {"Authorization": f"Bearer {token_with('operator')}"}


def party(name: str, uscc: str = OTHER) -> dict[str, object]:
    return {"uscc": uscc, "name": name, "node_types": ["grower"], "division": "341602"}


@pytest.mark.parametrize("name", [SCRIPT, FORMULA, SQL])
def test_a_name_made_to_run_runs_nowhere(client: TestClient, headers: dict[str, str], name: str) -> None:
    assert client.post("/v1/parties", json=party(name), headers=headers).status_code == 201
    place = {"place_id": "EVIL", "name": name, "party": OTHER, "division": "341602"}
    assert client.post("/v1/places", json=place, headers=headers).status_code == 201
    sent = {
        "stage": "gathering", "party": OTHER, "place": "EVIL", "time": "2024-03-02T12:00:00+08:00",
        "outputs": [{"lot": "E", "grams": 10, "herb": "白芍", "grade": name[:60]}],
        "fields": {"area_name": name},
    }  # fmt: skip
    made = client.post("/v1/steps", json=sent, headers=headers)
    assert made.status_code < 300, made.text
    for address in (f"/parties/{OTHER}", "/lots/E", "/stages", "/stages/gathering", f"/recalls?x={name}"):
        page = client.get(address, headers={"Accept": "text/html"})
        assert page.status_code < 500, address
        assert "<script>alert" not in page.text, address
        assert "<img src=x" not in page.text, address
    table = client.get("/v1/lots/E/lineage?as=csv")
    assert table.status_code == 200, table.text
    assert not [
        cell
        for line in table.text.lstrip("\ufeff").splitlines()
        for cell in line.split(",")
        if cell.strip('"')[:1] in ("=", "@", "+")
    ]
    assert client.get(f"/v1/parties/{GROWER}").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "亳州\u202e厂片饮",
        "亳\u200b州饮片厂",
        "亳州\u2066饮片厂",
        "亳州饮片厂\u0000",
        "\ufeff亳州",
        "\u3164\u3164",
    ],
)
def test_a_name_that_reads_otherwise_than_it_is_is_refused(
    client: TestClient, headers: dict[str, str], name: str
) -> None:
    answer = client.post("/v1/parties", json=party(name), headers=headers)
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize(
    "uscc",
    [
        OTHER.translate({48 + n: 0xFF10 + n for n in range(10)}),
        OTHER[:-1] + "\u0661",
        OTHER[:9] + "O" + OTHER[10:],
    ],
)
def test_a_look_alike_of_a_credit_code_is_none(
    client: TestClient, headers: dict[str, str], uscc: str
) -> None:
    answer = client.post("/v1/parties", json=party("甲", uscc), headers=headers)
    assert answer.status_code in (400, 422), answer.text


def test_a_firm_in_small_letters_is_the_same_firm(client: TestClient, headers: dict[str, str]) -> None:
    """Else one firm would stand in the register twice, with two keys and two scores."""
    assert client.post("/v1/parties", json=party("甲"), headers=headers).status_code == 201
    again = client.post("/v1/parties", json=party("甲", OTHER.lower()), headers=headers)
    assert again.json()["uscc"] == OTHER
    other = client.post("/v1/parties", json=party("乙", OTHER.lower()), headers=headers)
    assert other.status_code == 409, other.text


BOMBS = ["9" * 1_000_000, "1e999999999", "NaN", "Infinity", "-1", "0." + "0" * 100_000, "١٢", "１２"]


@pytest.mark.parametrize(
    "kind",
    [
        Kind.AREA_MU,
        Kind.DECIMAL,
        Kind.GRAMS,
        Kind.INTEGER,
        Kind.DATE,
        Kind.POSITION,
        Kind.MONEY,
        Kind.PRICE,
        Kind.DOCUMENT,
    ],
)
def test_no_number_made_to_explode_gets_into_a_field(
    client: TestClient, headers: dict[str, str], kind: Kind
) -> None:
    stage, field = next(
        (stage, each) for stage in Stage for each in profile(stage).fields if each.kind is kind
    )
    for bomb in BOMBS:
        sent = {
            "stage": stage.value, "party": GROWER, "place": "PLOT",
            "time": "2024-03-02T12:00:00+08:00", "fields": {field.name: bomb},
        }  # fmt: skip
        answer = client.post("/v1/steps", json=sent, headers=headers)
        assert 400 <= answer.status_code < 500, (bomb[:20], answer.text[:200])
        assert bomb[:60] not in answer.text or len(bomb) < 60
        raw = json.dumps({**sent, "fields": {field.name: 0}}).replace(": 0}", f": {'9' * 100_000}}}")
        answer = client.post(
            "/v1/steps", content=raw, headers={**headers, "Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 500


def test_no_private_value_of_the_registers_stands_in_a_row_a_leaf_or_a_finding() -> None:
    """Names of staff, outlines, positions, sums settled, words of complaints and of their answers."""
    with opened() as book:
        outlined(book)
        staff = {
            "staff": "QA-01",
            "role": "qa",
            "name": CANARY,
            "certificate_number": CANARY,
            "valid_from": "2020-01-01",
        }
        register_staff(book.session, book.declarer, MAKER, StaffNew.model_validate(staff), at(1))
        dried(book, "H", 100)
        paid = {"voucher_kind": "收据", "voucher_number": CANARY, "amount_fen": 777_123_457}
        book.record(step("settlement", 2, lots=[lot("H")], counterparty=MAKER, fields=paid), 2)
        where = {"area_name": "山里", "position": "34.7771234,116.7771234"}
        far = step("gathering", 2, outputs=[lot("X", 10, "白芍")], fields=where)
        assert "geofence.outside" in book.flags(far, 2)
        new = ComplaintNew.model_validate(
            {"category": "quality", "words": CANARY, "contact": CANARY, "lot": "H"}
        )
        complaint = file_complaint(book.session, book.declarer, new, at(3))
        answer(book.session, book.declarer, complaint, CANARY, GROWER, at(4))
        shown = _dump(book.session) + repr(findings(book.session))
        for canary in (CANARY, "\\u91d1", "777123457", "7771234", "33.841803", "115.782155"):
            assert canary not in shown


def _dump(session: Session) -> str:
    rows = [
        repr(row)
        for table in SQLModel.metadata.sorted_tables
        for row in session.connection().execute(table.select()).all()
        if table.name not in ("ledger_pending",)
    ]
    leaves = [leaf.decode() for leaf in session.execute(select(PendingRow.leaf)).scalars()]
    assert len(leaves) > 10
    return "\n".join(rows + leaves)
