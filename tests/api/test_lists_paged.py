"""Every list of the API comes in pages that together are the whole: nothing twice, nothing lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.routes.paging import cursor
from api.settings import load_settings
from api.station import Station
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.lists_filled import LOT, QUOTED, Filled, filled
from tests.trace.season import GROWER, MAKER

HISTORY = f"/v1/quotes/history?herb=白芍&grade=统&origin=安徽&market=亳州&day={QUOTED}&source=fair"


@dataclass(frozen=True, slots=True)
class Walk:
    """How one list is walked here."""

    asked: str
    """The address asked for, with a query that meets some rows."""
    by: str = "operator"
    least: int = 3
    """Rows it holds at least, as the station was filled."""


WALKED: Final = {
    "/v1/access": Walk("/v1/access?kind=write"),
    "/v1/accounts": Walk("/v1/accounts"),
    "/v1/api-keys": Walk("/v1/api-keys", by="person"),
    "/v1/code-batches": Walk("/v1/code-batches"),
    "/v1/credit-measures": Walk(f"/v1/credit-measures?party={MAKER}"),
    "/v1/documents": Walk(f"/v1/documents?lot={LOT}", least=5),
    "/v1/documents/{sha256}/statements": Walk("/v1/documents/{sha256}/statements"),
    "/v1/drafts": Walk("/v1/drafts"),
    "/v1/drills": Walk("/v1/drills"),
    "/v1/exchange-rates": Walk("/v1/exchange-rates", least=6),
    "/v1/feeds": Walk("/v1/feeds"),
    "/v1/governance/assessments": Walk("/v1/governance/assessments"),
    "/v1/holds": Walk("/v1/holds"),
    "/v1/index-notices": Walk("/v1/index-notices"),
    "/v1/key-requests": Walk("/v1/key-requests"),
    "/v1/keys": Walk(f"/v1/keys?holder={GROWER}"),
    "/v1/links": Walk(f"/v1/links?lot={LOT}"),
    "/v1/log/keys": Walk("/v1/log/keys"),
    "/v1/log/timestamps": Walk("/v1/log/timestamps"),
    "/v1/names/aliases": Walk("/v1/names/aliases", least=4),
    "/v1/names/waiting": Walk("/v1/names/waiting"),
    "/v1/notices": Walk(f"/v1/notices?party={MAKER}"),
    "/v1/parties": Walk("/v1/parties"),
    "/v1/quarantine": Walk("/v1/quarantine"),
    "/v1/quarantine/rejected": Walk("/v1/quarantine/rejected"),
    "/v1/quotes": Walk("/v1/quotes"),
    "/v1/quotes/history": Walk(HISTORY),
    "/v1/recalls": Walk("/v1/recalls"),
    "/v1/releases": Walk("/v1/releases"),
    "/v1/sources": Walk("/v1/sources"),
    "/v1/supervision/late": Walk("/v1/supervision/late?period=2026Q3"),
    "/v1/supervision/scans": Walk("/v1/supervision/scans?period=2026Q3"),
    "/v1/webhooks": Walk("/v1/webhooks"),
    "/v1/weight-sets": Walk("/v1/weight-sets"),
}
"""Lists walked in this file, each filled with three rows or more, most of them of one moment."""

ELSEWHERE: Final = {
    "/v1/complaints": "test_manners_pages.py",
    "/v1/draws": "test_manners_pages.py",
    "/v1/forecasts": "test_forecast_routes.py",
    "/v1/governance/declarations": "test_manners_pages.py",
    "/v1/index-complaints": "test_manners_pages.py",
    "/v1/indices": "test_index_routes.py",
    "/v1/indices/{family}/forecast/vintages": "test_forecast_routes.py",
    "/v1/indices/{family}/releases": "test_index_routes.py",
    "/v1/indices/{family}/values": "test_index_routes.py",
    "/v1/inspections": "test_manners_pages.py",
    "/v1/integrity/scores": "test_integrity_routes.py",
    "/v1/warnings": "test_warning_routes.py",
    "/v1/webhooks/{endpoint}/deliveries": "webhooks/test_webhook_routes.py",
}
"""Lists whose rows take a whole city: walked where one stands."""

_ONE: Final = "one thing with its parts, bounded by what it is made of"
_TEXT: Final = "ships with the program; grows with a new version of it alone"
_COMPUTED: Final = "one computed table; its lines are what was asked for"
_DIVISIONS: Final = "a table of the divisions and kinds of firms asked for, whole or as CSV"
WHOLE: Final = {
    "/v1/analysis": _COMPUTED,
    "/v1/codes/{code}": _ONE,
    "/v1/drafts/{release_id}": _ONE,
    "/v1/draws/{draw_id}": _ONE,
    "/v1/draws/{draw_id}/verification": _ONE,
    "/v1/families": _TEXT,
    "/v1/families/{family}/calendar": _COMPUTED,
    "/v1/families/{family}/standing": "a handful of declarations in the life of a family, read together",
    "/v1/feeds/{feed}": "one feed with its last twenty polls",
    "/v1/forecasts/{family}/fitted": _COMPUTED,
    "/v1/forecasts/{forecast}": _ONE,
    "/v1/gates": _TEXT,
    "/v1/governance/compliance": _TEXT,
    "/v1/grade-ratios": _COMPUTED,
    "/v1/health-herbs": "one line a herb of the vocabulary; the rules read it whole",
    "/v1/herbs": _TEXT,
    "/v1/herbs/{name}": _TEXT,
    "/v1/indices/{family}/contributions": _COMPUTED,
    "/v1/indices/{family}/forecast": _COMPUTED,
    "/v1/indices/{family}/movers": "the first of a ranking; `limit` says how many",
    "/v1/integrity/method": _TEXT,
    "/v1/lots/{lot}": _ONE,
    "/v1/lots/{lot}/lineage": "one graph, bounded; half of it could not be drawn",
    "/v1/markets": _TEXT,
    "/v1/methods": _TEXT,
    "/v1/parties/{uscc}": _ONE,
    "/v1/parties/{uscc}/holdings": "one balance: what a closing must find empty",
    "/v1/parties/{uscc}/integrity": _ONE,
    "/v1/places/{place_id}": _ONE,
    "/v1/releases/{release_id}": _ONE,
    "/v1/releases/{release_id}/comparison": _COMPUTED,
    "/v1/releases/{release_id}/triangle": "the last periods; `last` says how many",
    "/v1/releases/{release_id}/values": "one series of one release; /v1/indices/{family}/values is paged",
    "/v1/seasonal": _COMPUTED,
    "/v1/seasonal/trades": _COMPUTED,
    "/v1/series/{sha256}": _ONE,
    "/v1/stages": _TEXT,
    "/v1/statements/{statement_id}/disclosures": _ONE,
    "/v1/supervision/codes": _DIVISIONS,
    "/v1/supervision/coverage": _DIVISIONS,
    "/v1/supervision/oversell": "one computation over a window; half of it would hide who is oversold",
    "/v1/supervision/usage": _DIVISIONS,
    "/v1/track-record/{family}": _COMPUTED,
    "/v1/warning-rules": _TEXT,
    "/v1/warnings/digest": "one day's digest",
    "/v1/warnings/{warning}": _ONE,
}
"""Answers that hold several things and are no list that grows by writing, each with why."""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    app = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    found: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    return found


def _named(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _is_several(told: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer is an array, is nothing but one, or has one of things with members of their own."""
    members = {name: each for name, each in answer.get("properties", {}).items() if name != "next"}
    if "items" in answer or (len(members) == 1 and "items" in next(iter(members.values()))):
        return True
    held = [_named(told, each["items"]) for each in members.values() if "items" in each]
    return any({"properties", "additionalProperties"} & each.keys() for each in held)


def _severals(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every reading under /v1 that answers with several things: path, operation, schema of the answer."""
    for path, methods in told["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if not path.startswith("/v1/") or "application/json" not in content:
            continue
        answer = _named(told, content["application/json"].get("schema", {}))
        if _is_several(told, answer):
            yield path, methods["get"], answer


def test_every_reading_of_several_things_is_paged_or_says_why_not(told: dict[str, Any]) -> None:
    found = {path for path, _, _ in _severals(told)}
    known = [*WALKED, *ELSEWHERE, *WHOLE]
    assert len(known) == len(set(known))
    assert sorted(found - set(known)) == [], "page it (api/routes/paging.py) and walk it here"
    assert sorted(set(known) - found) == []


def test_every_list_takes_and_gives_the_same_words(told: dict[str, Any]) -> None:
    paged = [each for each in _severals(told) if each[0] not in WHOLE]
    for path, operation, answer in paged:
        asked = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
        assert {"limit", "next"} <= asked, path
        assert answer.get("type") == "array" or "next" in answer["properties"], path
        assert "422" in operation["responses"], path


def test_what_is_walked_elsewhere_is_walked_there() -> None:
    for path, file in ELSEWHERE.items():
        text = (Path(__file__).parent / file).read_text("utf-8")
        assert "limit" in text, file
        assert path.rpartition("/")[2].strip("{}") in text or path in text, (path, file)


@ON_BOTH_DATABASES
def test_every_list_is_walked_without_gap_or_repeat(
    station: Station, client: TestClient, token_with: Callable[..., str]
) -> None:
    operator = {"Authorization": f"Bearer {token_with('operator')}"}
    there = filled(station, client, operator)
    for path, walk in WALKED.items():
        asked = walk.asked.replace("{sha256}", there.sha256)
        whole, following = _page(there, walk, asked)
        assert following is None, path
        assert len(whole) >= walk.least, (path, len(whole))
        for limit in (1, 2):
            assert _walked(there, walk, asked, limit, len(whole)) == whole, (path, limit)
        for forged in ("x", "bm9uZQ", cursor([]), cursor([[1]]), cursor(["a"] * 5)):
            refused = there.client.get(asked, params=_query(asked, next=forged), headers=_by(there, walk))
            assert refused.status_code == 422, (path, forged, refused.text)
            assert refused.json()["type"] == "/problems/field-wrong", path


def _walked(there: Filled, walk: Walk, asked: str, limit: int, most: int) -> list[Any]:
    seen: list[Any] = []
    following: str | None = None
    while len(seen) <= most:
        rows, following = _page(there, walk, asked, limit=limit, next=following)
        assert len(rows) == limit or following is None, asked
        seen += rows
        if following is None:
            break
    return seen


def _page(there: Filled, walk: Walk, asked: str, **more: object) -> tuple[list[Any], str | None]:
    answer = there.client.get(asked, params=_query(asked, **more), headers=_by(there, walk))
    assert answer.status_code == 200, (asked, answer.text)
    body = answer.json()
    if isinstance(body, list):
        return body, _linked(answer)
    (rows,) = [each for each in body.values() if isinstance(each, list) and each != body.get("columns")]
    return rows, body["next"]


def _linked(answer: Response) -> str | None:
    """The mark in the `Link` header, by another reader than ours."""
    if "next" not in answer.links:
        return None
    (mark,) = parse_qs(urlsplit(answer.links["next"]["url"]).query)["next"]
    return mark


def _query(asked: str, **more: object) -> dict[str, str]:
    kept = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    return kept | {name: str(value) for name, value in more.items() if value is not None}


def _by(there: Filled, walk: Walk) -> dict[str, str]:
    return dict(there.operator) if walk.by == "operator" else there.person.headers
