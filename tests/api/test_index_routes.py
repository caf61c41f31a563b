"""Indices over HTTP: newest values, whole series, what was known when, what changed since."""

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.publication.reading import moment_ms
from api.publication.value_columns import COUNT_NAMES
from priceindex.releases.series import COUNTS
from tests.api.two_vintages import AFTER, BEFORE, CORRECTED, Published

VALUES = "/v1/indices/bozhou/values"


def moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()


def value_on(client: TestClient, day: str, **asked: str) -> dict[str, Any]:
    answer = client.get(VALUES, params={"first": day, "last": day, **asked})
    assert answer.status_code == 200, answer.text
    [value] = answer.json()["values"]
    return dict(value)


def test_the_columns_are_those_that_are_stored() -> None:
    assert COUNT_NAMES == COUNTS


def test_every_node_is_listed_with_its_newest_value_and_movements(published: Published) -> None:
    client, told = published
    listed = client.get("/v1/indices", params={"family": "bozhou"}).json()["indices"]
    by_node = {(each["level"], each["node"]): each for each in listed}
    top = by_node["composite", "all"]
    assert (top["newest"]["value"], top["newest"]["release"]) == (BEFORE, told.second)
    # 白芍 stood at 40 a month before, 当归 at 100
    assert top["changes"] == {"day": "0.00", "week": "0.00", "month": "-5.00", "year": None}
    assert by_node["herb", "白芍"]["changes"]["month"] == "10.00"
    assert by_node["herb", "当归"]["newest"]["value"] == "800.0000"
    assert top["standing"] == "trial"
    assert set(top["newest"]["counts"]) == set(COUNTS)
    assert top["newest"]["counts"]["quoted"] == 2


def test_the_list_comes_in_pages_that_neither_repeat_nor_miss(published: Published) -> None:
    client, _ = published
    whole = client.get("/v1/indices", params={"limit": 200}).json()["indices"]
    seen, following = [], None
    for _page in range(len(whole)):
        asked = {"limit": "2"} | ({"next": following} if following else {})
        page = client.get("/v1/indices", params=asked).json()
        seen += page["indices"]
        following = page["next"]
        if following is None:
            break
    assert seen == whole


def test_a_series_in_pages_is_the_whole_series(published: Published) -> None:
    client, _ = published
    whole = client.get(VALUES).json()
    assert (len(whole["values"]), whole["next"]) == (181, None)
    seen, following = [], ""
    for _page in itertools.count():
        page = client.get(VALUES, params={"limit": 50} | ({"next": following} if following else {})).json()
        seen += page["values"]
        if page["next"] is None:
            break
        following = page["next"]
    assert seen == whole["values"]


def test_as_of_shows_what_was_public_then(published: Published) -> None:
    client, told = published
    day = CORRECTED.isoformat()
    now, then = value_on(client, day), value_on(client, day, as_of=moment(told.second_ms - 1))
    assert (now["value"], now["status"], now["release"], now["vintage"]) == (AFTER, "R", told.second, 2)
    assert (then["value"], then["status"], then["release"], then["vintage"]) == (BEFORE, "P", told.first, 1)


def test_since_gives_only_what_changed(published: Published) -> None:
    client, told = published
    changed = client.get(VALUES, params={"since": moment(told.first_ms)}).json()["values"]
    assert {each["period"]: each["value"] for each in changed} == {
        CORRECTED.isoformat(): AFTER,
        "2025-06-30": BEFORE,
    } | {
        # The day after a corrected one is counted anew: what rose or fell against it.
        (CORRECTED + timedelta(days=1)).isoformat(): BEFORE
    }
    assert client.get(VALUES, params={"since": moment(told.second_ms)}).json()["values"] == []


def test_history_gives_every_vintage_of_a_value(published: Published) -> None:
    client, _ = published
    day = CORRECTED.isoformat()
    asked = {"first": day, "last": day, "history": "true"}
    told = client.get(VALUES, params=asked).json()["values"]
    assert [(each["vintage"], each["value"]) for each in told] == [(1, BEFORE), (2, AFTER)]


def test_no_moment_after_now_shows_more_than_now(published: Published) -> None:
    client, _ = published
    later = client.get(VALUES, params={"as_of": "9999-12-31T00:00:00Z"})
    assert later.json() == client.get(VALUES).json()


def test_before_the_first_release_there_is_no_index(published: Published) -> None:
    client, told = published
    answer = client.get(VALUES, params={"as_of": moment(told.first_ms - 1)})
    assert answer.status_code == 404
    assert client.get("/v1/indices", params={"as_of": moment(told.first_ms - 1)}).json()["indices"] == []


def test_weeks_and_months_are_series_of_their_own(published: Published) -> None:
    client, _ = published
    weeks = client.get(VALUES, params={"frequency": "week"}).json()["values"]
    assert all(datetime.fromisoformat(each["period"]).weekday() == 0 for each in weeks)
    months = client.get(VALUES, params={"frequency": "month"}).json()["values"]
    assert all(each["period"].endswith("-01") for each in months)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/indices/nowhere/values", 404),
        (f"{VALUES}?level=herb&node=nothing", 404),
        (f"{VALUES}?level=nothing", 422),
        (f"{VALUES}?format=xls", 422),
        (f"{VALUES}?as_of=2025-06-30", 422),
        (f"{VALUES}?misspelt=1", 422),
        ("/v1/indices?family=nowhere", 404),
    ],
)
def test_what_is_not_there_is_a_problem(published: Published, path: str, status: int) -> None:
    client, _ = published
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_answer_known_already_is_not_sent_again(published: Published) -> None:
    client, _ = published
    for path in (
        VALUES,
        f"{VALUES}?format=csv",
        f"{VALUES}?format=parquet",
        f"{VALUES}?format=sdmx-csv",
        "/v1/indices",
        "/v1/indices/bozhou/releases",
        "/v1/indices/bozhou/contributions?before=2025-06-19&day=2025-06-20",
        "/v1/indices/bozhou/movers?before=2025-06-19&day=2025-06-20",
    ):
        first = client.get(path)
        assert first.status_code == 200, path
        tag = first.headers["etag"]
        assert not tag.startswith("W/")
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), path


def test_contributions_of_any_two_days_add_up_to_the_change(published: Published) -> None:
    client, _ = published
    for level in ("class", "herb", "grade"):
        asked = {"before": "2025-06-05", "day": CORRECTED.isoformat(), "level": level}
        told = client.get("/v1/indices/bozhou/contributions", params=asked).json()
        # 1000 before either herb moved
        assert told["change_points"] == "25.0000"
        parts = {each["node"]: each["points"] for each in told["contributions"]}
        if level == "herb":
            assert parts == {"白芍": "125.0000", "当归": "-100.0000"}
        assert sum(float(points) for points in parts.values()) == pytest.approx(25.0, abs=1e-9)


def test_movers_of_any_two_days_have_old_and_new_price(published: Published) -> None:
    client, _ = published
    asked = {"before": "2025-06-05", "day": "2025-06-30"}
    movers = client.get("/v1/indices/bozhou/movers", params=asked).json()["movers"]
    assert [(each["name"], each["before"], each["now"], each["change"]) for each in movers] == [
        ("当归 统 甘肃 亳州", "100.00", "80.00", "-20.00"),
        ("白芍 统 安徽 亳州", "40.00", "44.00", "10.00"),
    ]
    up = client.get("/v1/indices/bozhou/movers", params={**asked, "direction": "up", "level": "herb"}).json()
    assert [(each["node"], each["before"], each["now"]) for each in up["movers"]] == [
        ("白芍", "1000.0000", "1100.0000")
    ]


def test_a_day_without_quotes_is_no_index_day(published: Published) -> None:
    client, _ = published
    answer = client.get("/v1/indices/bozhou/contributions", params={"day": "2024-12-31"})
    assert 400 <= answer.status_code < 500


def test_releases_of_a_family_are_listed_as_of_a_moment(published: Published) -> None:
    client, told = published
    path = "/v1/indices/bozhou/releases"
    assert [each["id"] for each in client.get(path).json()["releases"]] == [told.second, told.first]
    then = client.get(path, params={"as_of": moment(told.second_ms - 1)}).json()["releases"]
    assert [each["id"] for each in then] == [told.first]


def test_csv_says_what_json_says(published: Published) -> None:
    client, _ = published
    values = client.get(VALUES).json()["values"]
    answer = client.get(VALUES, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["period"], row["value"], row["status"]) for row in rows] == [
        (each["period"], each["value"], each["status"]) for each in values
    ]
    for name in COUNTS:
        assert [row[name] for row in rows] == [str(each["counts"][name]) for each in values]


def test_a_moment_asked_for_is_never_later_than_now() -> None:
    assert moment_ms(1_000, None) == moment_ms(1_000, datetime(9999, 12, 31, tzinfo=UTC)) == 1_000
    assert moment_ms(1_000, datetime(1970, 1, 1, tzinfo=UTC)) == 0
