"""Whatever a signed-in caller is answered, no cache on the way may keep, and no other caller may be given."""

import re

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.callers import Clerk, Visitor
from api.rights import rights
from api.station import Station
from tests.api.accounts_of import Somebody, somebody
from tests.api.conftest import HOST
from tests.trace.season import MAKER, register_all

BY_STATEMENT = {"/v1/statements", "/v1/statements/batch"}
"""Its bearer is looked at only after what was handed in was read."""


@pytest.fixture
def operator(station: Station) -> Somebody:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    return somebody(station, "operator", name="op.one")


def _said(headers: object) -> set[str]:
    return {each.strip().lower() for each in str(headers).split(",")}


def test_no_closed_route_lets_anybody_but_the_caller_keep_its_answer(
    app: FastAPI, client: TestClient, operator: Somebody
) -> None:
    answered, wrong = 0, []
    for right in rights(app.routes):
        if right.public or right.path in BY_STATEMENT or right.path.startswith("/sign-"):
            continue
        path = re.sub(r"{[^}]+}", "x", right.path)
        sent = client.request(right.method, path, headers=operator.headers, follow_redirects=False)
        answered += sent.status_code == 200
        kept = _said(sent.headers.get("cache-control"))
        varied = _said(sent.headers.get("vary"))
        if (
            not ("no-store" in kept or {"private", "no-cache"} <= kept)
            or not {
                "cookie",
                "authorization",
            }
            <= varied
        ):
            wrong.append((right.method, right.path, sent.status_code, kept, varied))
    assert wrong == []
    assert answered >= 25


def test_a_page_for_all_is_private_only_where_somebody_is_signed_in(station: Station) -> None:
    router = APIRouter(prefix="/trial")

    @router.get("/both")
    def both(caller: Visitor) -> str:
        return caller.name or "the public"

    @router.get("/own")
    def own(caller: Clerk) -> str:
        return caller.party or ""

    clerk = somebody(station, "clerk", party=MAKER)
    with TestClient(create_app(station, [router]), base_url=f"http://{HOST}") as client:
        assert "cache-control" not in client.get("/trial/both").headers
        for path in ("/trial/both", "/trial/own"):
            answer = client.get(path, headers=clerk.headers)
            assert answer.headers.get_list("cache-control") == ["private, no-cache"]
            assert _said(answer.headers["vary"]) == {"cookie", "authorization"}
