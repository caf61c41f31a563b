"""Long lists come page by page: nothing twice, nothing left out, whatever was noted at the same moment."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import NOW_MS, ON_BOTH_DATABASES
from tests.api.test_governance_routes import COMPLAINT, DECLARED
from tests.api.test_integrity_routes import SEED, regulator, season  # noqa: F401  fixtures
from tests.trace.season import MAKER
from tests.trace.supervised import SEASON
from trace.integrity.drawing import commitment

LATER_MS = max(NOW_MS, SEASON.until_ms) + 1
MOMENTS = (LATER_MS, LATER_MS, LATER_MS + 1, LATER_MS + 1, LATER_MS + 2)
"""Some at the same moment: a page may end between them."""
INSPECTION = {
    "party": MAKER,
    "subjects": [{"subject": "hygiene", "outcome": "failed"}],
    "points": 2,
    "role": "药品科",
}
DRAW = {"period": SEASON.name, "commitment": commitment(SEED), "inspectors": ["J-1", "J-2"], "parties": 1}
UPSET = {"category": "quality", "words": "饮片有霉味，包装完好", "party": MAKER}


def _walked(client: TestClient, address: str, member: str, headers: dict[str, str]) -> list[object]:
    seen, mark = list[object](), ""
    while True:
        page = client.get(f"{address}?limit=2{mark}", headers=headers).json()
        assert 0 < len(page[member]) <= 2, "no empty page is announced"
        seen += page[member]
        if page["next"] is None:
            return seen
        mark = f"&next={page['next']}"


@ON_BOTH_DATABASES
@pytest.mark.usefixtures("season")
def test_every_register_is_walked_without_gap_or_repeat(
    client: TestClient,
    station: Station,
    regulator: dict[str, str],  # noqa: F811  the fixture imported above
    token_with: Callable[..., str],
) -> None:
    operator = {"Authorization": f"Bearer {token_with('operator')}"}
    filled = (
        ("/v1/inspections", "inspections", INSPECTION, regulator),
        ("/v1/draws", "draws", DRAW, regulator),
        ("/v1/complaints", "complaints", UPSET, regulator),
        ("/v1/index-complaints", "complaints", COMPLAINT, operator),
        ("/v1/governance/declarations", "declarations", DECLARED, operator),
    )
    for address, member, body, headers in filled:
        for moment in MOMENTS:
            station.clock = _standing_at(moment)
            made = client.post(address, json=body, headers=headers)
            assert made.status_code == 201, (address, made.text)
        whole = client.get(address, headers=headers).json()
        assert (len(whole[member]), whole["next"]) == (5, None), address
        assert _walked(client, address, member, headers) == whole[member], address
        for forged in ("x", "bm9uZQ", "WzFd", "W10"):
            refused = client.get(f"{address}?next={forged}", headers=headers)
            assert refused.status_code == 422, (address, forged)


def _standing_at(moment: int) -> Callable[[], int]:
    return lambda: moment
