"""Parties and places over HTTP: who may state what, and what everybody may see."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import NOW_MS
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import COOP, GROWER, MAKER

Issue = Callable[..., str]
RING = [["115.78", "33.84"], ["115.79", "33.84"], ["115.79", "33.85"], ["115.78", "33.84"]]
PARTY = {"uscc": MAKER, "name": "亳州饮片厂", "node_types": ["slice_maker"], "division": "341602"}
PLACE = {"place_id": "WORKS", "name": "车间", "party": MAKER, "division": "341602", "address": "工业路一号"}
LICENCE = {"kind": "production", "number": "皖1", "issuer": "省药监局", "valid_from": "2024-01-01"}


class Spoken:
    """Sends as one party, as the regulator or as the operator."""

    def __init__(self, client: TestClient, token_with: Issue) -> None:
        self.client = client
        self.tokens = {
            "maker": token_with("steps:write", party=MAKER),
            "other": token_with("steps:write", party=COOP),
            "operator": token_with("operator"),
        }

    def post(self, who: str, path: str, body: dict[str, object]) -> tuple[int, dict]:
        answer = self.client.post(path, json=body, headers={"Authorization": f"Bearer {self.tokens[who]}"})
        return answer.status_code, answer.json()

    def get(self, path: str, who: str | None = None) -> tuple[int, dict]:
        headers = {} if who is None else {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = self.client.get(path, headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture
def spoken(client: TestClient, station: Station, token_with: Issue) -> Spoken:
    """The maker with one place, and a registered regulator."""
    spoken = Spoken(client, token_with)
    station.writer.submit(lambda session: register_regulator(session, station.recorder, NOW_MS))
    spoken.tokens["regulator"] = token_with("supervise", party=REGULATOR)
    assert spoken.post("maker", "/v1/parties", PARTY)[0] == 201
    assert spoken.post("maker", "/v1/places", PLACE)[0] == 201
    return spoken


def test_a_party_states_its_own_registers_and_no_other_s(spoken: Spoken) -> None:
    stem = f"/v1/parties/{MAKER}"
    member = {"staff": "M-01", "role": "paozhi_master", "name": "王老师傅", "valid_from": "2024-01-01"}
    for path, body in (
        (f"{stem}/licences", LICENCE),
        (f"{stem}/staff", member),
        (f"{stem}/changes", {"name": "亳州新饮片厂"}),
        ("/v1/places/WORKS/changes", {"name": "一车间"}),
        ("/v1/places/WORKS/outlines", {"coordinates": [RING], "declared_mu": "770"}),
    ):
        assert spoken.post("other", path, body)[0] == 403, path
        assert spoken.post("maker", path, body)[0] == 201, path
    status, shown = spoken.get(stem)
    assert status == 200
    assert shown["name"] == "亳州新饮片厂"
    assert [each["holds"] for each in shown["licences"]] == [True]
    assert [each["role"]["key"] for each in shown["staff"]] == ["paozhi_master"]
    assert len(shown["versions"]) == 2
    assert "王老师傅" not in str(shown)


def test_only_supervision_suspends_and_withdraws(spoken: Spoken) -> None:
    stem = f"/v1/parties/{MAKER}"
    assert spoken.post("maker", f"{stem}/licences", LICENCE)[0] == 201
    gone = {"kind": "production", "number": "皖1", "reason": "吊销"}
    for path, body in (
        (f"{stem}/suspensions", {"reason": "抽检不合格"}),
        (f"{stem}/resumptions", {"reason": "整改完成"}),
        (f"{stem}/licences/withdrawals", gone),
        ("/v1/places/WORKS/suspensions", {"reason": "x"}),
        ("/v1/places/WORKS/resumptions", {"reason": "x"}),
        ("/v1/gates", {"rule": "licence.missing", "strictness": "refuse", "reason": "专项整治"}),
    ):
        assert spoken.post("maker", path, body)[0] == 403, path
        assert spoken.post("regulator", path, body)[0] == 201, path
    assert spoken.post("regulator", f"{stem}/resumptions", {"reason": "x"})[0] == 409
    shown = spoken.get(stem)[1]
    assert [each["by"] for each in shown["standings"]] == [REGULATOR]
    assert not shown["licences"][0]["holds"]
    gates = {each["rule"]: each for each in spoken.get("/v1/gates")[1]["gates"]}
    assert (gates["licence.missing"]["strictness"], gates["licence.missing"]["set_here"]) == ("refuse", True)
    assert (gates["season.out"]["strictness"], gates["season.out"]["set_here"]) == ("flag", False)


def test_the_exact_outline_and_the_address_are_for_the_regulator(spoken: Spoken) -> None:
    assert spoken.post("maker", "/v1/places/WORKS/outlines", {"coordinates": [RING]})[0] == 201
    public = spoken.get("/v1/places/WORKS")[1]
    assert public["outline"]["area_m2"] > 0
    assert "115.78" not in str(public)
    assert "工业路" not in str(public)
    assert spoken.get("/v1/places/WORKS/outline")[0] == 401
    assert spoken.get("/v1/places/WORKS/outline", "maker")[0] == 403
    status, exact = spoken.get("/v1/places/WORKS/outline", "regulator")
    assert (status, exact["coordinates"][0][0]) == (200, ["115.7800000", "33.8400000"])


def test_closing_lists_what_is_left_and_a_business_goes_on_elsewhere(spoken: Spoken) -> None:
    assert spoken.post("operator", "/v1/parties", PARTY | {"uscc": GROWER, "name": "承接方"})[0] == 201
    moved = {"to": GROWER, "reason": "并购"}
    assert spoken.post("maker", f"/v1/parties/{MAKER}/transfers", moved)[0] == 201
    assert spoken.get(f"/v1/parties/{MAKER}")[1]["successor"] == GROWER
    assert spoken.get(f"/v1/parties/{GROWER}")[1]["places"] == ["WORKS"]
    status, answer = spoken.post("operator", f"/v1/parties/{GROWER}/closings", {"reason": "歇业"})
    assert (status, answer["holdings"]["places"]) == (201, ["WORKS"])
    assert spoken.get(f"/v1/parties/{GROWER}/holdings", "maker")[0] == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/v1/parties/{MAKER}/licences", LICENCE | {"kind": "poetic"}, 422),
        (f"/v1/parties/{MAKER}/licences", LICENCE | {"valid_until": "2020-01-01"}, 422),
        (f"/v1/parties/{MAKER}/changes", {"division": "430521"}, 422),
        (f"/v1/parties/{MAKER}/changes", {"name": "亳州饮片厂"}, 409),
        ("/v1/places/WORKS/outlines", {"coordinates": [RING[::-1]]}, 422),
        ("/v1/places/WORKS/outlines", {"coordinates": [[["NaN", "1"]] * 4]}, 422),
        ("/v1/places/NOWHERE/changes", {"name": "x"}, 404),
    ],
)
def test_what_cannot_be_is_a_problem_with_a_remedy(
    spoken: Spoken, path: str, body: dict[str, object], status: int
) -> None:
    found, answer = spoken.post("operator", path, body)
    assert found == status, answer
    assert answer["remedy"]


def test_parties_come_in_pages(spoken: Spoken) -> None:
    first = spoken.get("/v1/parties?limit=1")[1]
    assert len(first["parties"]) == 1
    rest = spoken.get(f"/v1/parties?limit=1&next={first['next']}")[1]
    assert rest["parties"][0]["uscc"] > first["parties"][0]["uscc"]
    regulators = spoken.get("/v1/parties?node_type=regulator")[1]["parties"]
    assert [each["uscc"] for each in regulators] == [REGULATOR]


def test_a_herb_shows_every_standard_with_how_sure_it_is(client: TestClient) -> None:
    shown = client.get("/v1/herbs/当归").json()
    assert {each["confidence"]["key"] for each in shown["slice_forms"]} == {"recalled"}
    assert {each["regime"] for each in shown["limits"]} == {"drug"}
    assert {each["confidence"]["key"] for each in shown["yields"]} == {"assumption"}
    assert client.get("/v1/herbs/月亮草").status_code == 404
    methods = {each["key"]: each for each in client.get("/v1/methods").json()["methods"]}
    assert methods["wine_zhi"]["ratio"] == {"excipient": "黄酒", "kg_low": "10", "kg_high": "20"}


def test_nobody_makes_itself_a_regulator(spoken: Spoken) -> None:
    types = {"node_types": ["slice_maker", "regulator"]}
    assert spoken.post("maker", f"/v1/parties/{MAKER}/changes", types)[0] == 403
    assert spoken.post("other", "/v1/parties", PARTY | {"uscc": COOP} | types)[0] == 403
    assert spoken.post("operator", f"/v1/parties/{MAKER}/changes", types)[0] == 201
