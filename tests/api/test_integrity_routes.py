"""Integrity and supervision over HTTP and on the command line: what is open, what is not, what is said."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from starlette.testclient import TestClient

from api.station import Station
from api.web.integrity_page import draw_bar
from tests.trace.season import DAY, GROWER, MAKER, NOON, PHARMACY, register_all, white_peony
from tests.trace.supervised import REGULATOR, SEASON
from trace.integrity.drawing import commitment
from trace.integrity.scoring import score_period
from trace.parties import PartyNew
from trace.vocabulary import NodeType

from .conftest import ON_BOTH_DATABASES

Token = Callable[..., str]
AFTER = SEASON.until_ms
SEED = bytes(range(32))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def season(station: Station) -> Station:
    """The season recorded and scored, with a regulator among the parties."""
    recorder = station.recorder

    def work(session: object) -> None:
        register_all(session, recorder)  # type: ignore[arg-type]
        new = PartyNew(
            uscc=REGULATOR, name="谯城区市场监管局", node_types=(NodeType.REGULATOR,), division="341602"
        )
        recorder.register_party(session, new, NOON)  # type: ignore[arg-type]
        for step, recorded_ms in white_peony():
            recorder.record_step(session, step, recorded_ms)  # type: ignore[arg-type]
        score_period(session, recorder.declarer, SEASON, AFTER)  # type: ignore[arg-type]

    station.writer.submit(work)
    station.settle()
    return station


@pytest.fixture
def regulator(season: Station, token_with: Token) -> dict[str, str]:
    assert season
    return bearer(token_with("supervise", party=REGULATOR))


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("season")
def test_a_score_is_explained_to_anyone_down_to_its_statement(client: TestClient) -> None:
    answer = client.get(f"/v1/parties/{MAKER}/integrity", headers={"Accept-Language": "en"}).json()
    assert answer["score"]["period"] == SEASON.name
    assert sum(part["points"] for part in answer["parts"]) == answer["score"]["score"]
    assert {part["component"] for part in answer["parts"]} >= {"tests", "complaints"}
    receipt = client.get(f"/v1/receipts/{answer['score']['statement_id']}")
    assert receipt.status_code == HTTPStatus.OK
    assert answer["trusted_as_source"] is True


@pytest.mark.usefixtures("season")
@pytest.mark.parametrize(("language", "said"), [("zh", "诚信评价"), ("en", "Integrity")])
def test_the_page_of_a_party_shows_stars_bars_and_words(client: TestClient, language: str, said: str) -> None:
    shown = client.get(f"/parties/{MAKER}?lang={language}")
    assert shown.status_code == HTTPStatus.OK
    assert said in shown.text
    assert "★" in shown.text
    assert shown.text.count('<svg class="score-bar"') == 13
    assert client.get(f"/parties/{'0' * 18}?lang={language}").status_code == HTTPStatus.NOT_FOUND


def test_a_party_without_a_score_is_said_to_have_none(client: TestClient, station: Station) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    assert "尚未评分" in client.get(f"/parties/{GROWER}?lang=zh").text
    assert client.get(f"/v1/parties/{GROWER}/integrity").json()["score"] is None


@pytest.mark.usefixtures("season")
def test_scores_are_paged_without_gap_or_repeat(client: TestClient) -> None:
    seen, onward = [], ""
    while True:
        page = client.get(f"/v1/integrity/scores?period={SEASON.name}&limit=2{onward}").json()
        seen += [each["uscc"] for each in page["scores"]]
        if page["next"] is None:
            break
        onward = f"&next={page['next']}"
    assert seen == sorted({GROWER, MAKER, PHARMACY, REGULATOR, *seen})


def test_the_published_formula_adds_up(client: TestClient) -> None:
    method = client.get("/v1/integrity/method").json()
    shares = [each["weight"] for each in method["components"] if each["kind"] == "share"]
    assert sum(shares) == 1000
    assert method["stars"] == [200, 400, 600, 800]


@pytest.mark.usefixtures("season")
def test_nobody_scores_an_unfinished_period(client: TestClient, token_with: Token) -> None:
    answer = client.post(
        "/v1/integrity/scores", json={"period": "2030"}, headers=bearer(token_with("operator"))
    )
    assert answer.status_code == HTTPStatus.CONFLICT


def test_supervision_answers_a_regulator_and_nobody_else(
    client: TestClient, regulator: dict[str, str], token_with: Token
) -> None:
    for path in (
        "coverage",
        "usage",
        "rates",
        "late",
        "codes",
        "scans",
        "oversell?since=1970-01-01T00:00:00Z&until=1970-01-02T00:00:00%2B08:00",
    ):
        address = f"/v1/supervision/{path}"
        assert client.get(address).status_code == HTTPStatus.UNAUTHORIZED
        firm = bearer(token_with("supervise", party=MAKER))
        assert client.get(address, headers=firm).status_code == HTTPStatus.FORBIDDEN
        assert client.get(address, headers=regulator).status_code == HTTPStatus.OK, path


def test_a_table_is_the_same_as_json_and_csv(client: TestClient, regulator: dict[str, str]) -> None:
    address = f"/v1/supervision/codes?period={SEASON.name}"
    [row] = client.get(address, headers=regulator).json()["rows"]
    asked = client.get(address, headers={**regulator, "Accept": "text/csv"})
    heads, line, *_ = asked.content.decode("utf-8-sig").splitlines()
    assert dict(zip(heads.split(","), line.split(","), strict=True)) == {
        name: str(value) for name, value in row.items()
    }
    assert asked.content == client.get(f"{address}&as=csv", headers=regulator).content


def test_a_register_taken_in_becomes_the_denominator(client: TestClient, regulator: dict[str, str]) -> None:
    heads = "编号,类别,名称,行政区划代码,节点类型,起始日期,统一社会信用代码,来源"
    sheet = f"{heads}\nF-1,企业,饮片厂,341602,饮片生产,2024-01-01,{MAKER},名录\n"
    for entered in (1, 0):
        taken = client.post(
            "/v1/supervision/register", files={"file": ("r.csv", sheet.encode())}, headers=regulator
        )
        assert taken.json() == {"units": 1, "entered": entered}, taken.text
    rows = client.get(f"/v1/supervision/coverage?period={SEASON.name}", headers=regulator).json()["rows"]
    [row] = [each for each in rows if each["registered"]]
    assert (row["node_type"], row["active"], row["per_mille"]) == ("slice_maker", 1, 1000)
    assert None in {each["per_mille"] for each in rows}


def test_anyone_complains_a_party_answers_and_a_regulator_decides(
    client: TestClient, regulator: dict[str, str], token_with: Token
) -> None:
    sent = {"category": "weight", "words": "少了整整一两", "lot": "YP-1", "contact": "13900001111"}
    filed = client.post("/v1/complaints", json=sent)
    assert filed.status_code == HTTPStatus.CREATED, filed.text
    address = f"/v1/complaints/{filed.json()['complaint']}"
    maker = bearer(token_with("steps:write", party=MAKER))
    assert client.post(f"{address}/answer", json={"words": "愿意补足"}, headers=maker).is_success
    decision = {"upheld": True, "points": 2, "reason": "复称属实"}
    assert client.post(f"{address}/decision", json=decision, headers=regulator).is_success
    shown = client.get(address)
    assert shown.json()["status"] == "upheld"
    assert "13900001111" not in shown.text


@pytest.mark.usefixtures("season")
def test_one_address_files_only_so_many_complaints(client: TestClient) -> None:
    sent = {"category": "other", "words": "反复提交的内容", "lot": "YP-1"}
    statuses = [client.post("/v1/complaints", json=sent).status_code for _ in range(12)]
    assert statuses == [201] * 10 + [429] * 2


@pytest.mark.usefixtures("season")
def test_a_code_nobody_issued_gives_no_complaint(client: TestClient) -> None:
    sent = {"category": "other", "words": "来历不明的药", "code": "09H0ZN20B1802H6Q95TC"}
    assert client.post("/v1/complaints", json=sent).status_code == HTTPStatus.NOT_FOUND


def test_a_measure_is_repaired_by_two_persons(
    client: TestClient, regulator: dict[str, str], token_with: Token
) -> None:
    now = 1_760_000_000_000
    new = {
        "party": PHARMACY, "measure": "no_index_source", "reason": "多次超售",
        "from_ms": now, "until_ms": now + DAY,
    }  # fmt: skip
    made = client.post("/v1/credit-measures", json=new, headers=regulator).json()["statement_id"]
    integrity = client.get(f"/v1/parties/{PHARMACY}/integrity").json()
    assert integrity["trusted_as_source"] is False
    address = f"/v1/credit-measures/{made}"
    wish = {"evidence": "sha256:" + "0" * 64}
    own = bearer(token_with("steps:write", party=PHARMACY))
    assert client.post(f"{address}/repair-request", json=wish, headers=own).is_success
    assert client.post(f"{address}/repair-decision", headers=regulator).is_success
    again = bearer(token_with("supervise", party=REGULATOR))  # the same name on another token
    for same in (regulator, again):
        assert client.post(f"{address}/repair-decision", headers=same).status_code == HTTPStatus.FORBIDDEN
    other = bearer(token_with("supervise", party=REGULATOR, name="科员乙"))
    assert client.post(f"{address}/repair-decision", headers=other).is_success
    [measure] = client.get(f"/v1/credit-measures?party={PHARMACY}").json()["measures"]
    assert datetime.fromisoformat(measure["repaired"]).timestamp() * 1000 == now


@pytest.mark.parametrize("wrong", ["quarter=2026Q1", "Period=2026Q1", "seit=1"])
def test_a_parameter_nobody_knows_is_refused_and_not_passed_over(
    client: TestClient, regulator: dict[str, str], wrong: str
) -> None:
    """Else another quarter than the one asked for would be answered, unsaid."""
    for path in ("supervision/usage", "supervision/codes", f"parties/{MAKER}/integrity"):
        answer = client.get(f"/v1/{path}?{wrong}", headers=regulator)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert wrong.partition("=")[0] in answer.text
    assert client.get("/v1/supervision/usage?period=2026Q1&lang=en", headers=regulator).is_success


def test_times_are_answered_with_their_offset(client: TestClient, regulator: dict[str, str]) -> None:
    answers = [
        client.get(path, headers=regulator).json()
        for path in (f"/v1/parties/{MAKER}", f"/v1/parties/{MAKER}/integrity", "/v1/inspections")
    ]
    assert "_ms" not in "".join(re.findall(r"\w+_ms", str(answers)))
    registered = datetime.fromisoformat(answers[0]["registered"])
    assert registered.utcoffset() == timedelta()


def test_a_draw_is_announced_and_waits_for_the_log(client: TestClient, regulator: dict[str, str]) -> None:
    new = {
        "period": SEASON.name, "commitment": commitment(SEED), "inspectors": ["J-1", "J-2"], "parties": 1,
    }  # fmt: skip
    announced = client.post("/v1/draws", json=new, headers=regulator)
    assert announced.status_code == HTTPStatus.CREATED, announced.text
    draw_id = announced.json()["draw"]
    early = client.post(f"/v1/draws/{draw_id}/result", json={"seed": SEED.hex()}, headers=regulator)
    assert early.status_code == HTTPStatus.CONFLICT
    assert client.get("/v1/draws").json()["draws"] == [draw_id]
    assert client.get(f"/v1/draws/{draw_id}").json()["seed"] is None


def test_an_inspection_shows_its_role_and_no_name(client: TestClient, regulator: dict[str, str]) -> None:
    new = {
        "party": MAKER, "subjects": [{"subject": "hygiene", "outcome": "failed"}], "points": 2,
        "role": "药品科", "inspectors": "孙八",
    }  # fmt: skip
    assert client.post("/v1/inspections", json=new, headers=regulator).is_success
    shown = client.get(f"/v1/inspections?party={MAKER}")
    assert [each["points"] for each in shown.json()["inspections"]] == [2]
    assert "孙八" not in shown.text


def test_a_bar_says_in_words_what_it_draws_and_escapes_it() -> None:
    drawn = draw_bar(-30, 60, "<召回>")
    assert 'width="150"' in drawn
    assert "&lt;召回&gt;" in drawn
