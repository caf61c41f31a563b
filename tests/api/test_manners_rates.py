"""Limits by caller: a token's own, an address's own, said on every answer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.breaker import Breaker
from api.clock import monotonic_ms
from api.limits import Limiter
from api.redis_client import connect
from api.settings import Settings, load_settings
from tests.api.conftest import HOST
from tests.api.redis_server import RedisServer

Issue = Callable[..., str]
HERBS = "/v1/closed-days"


@pytest.fixture
def settings(tmp_path: Path, service_url: str) -> Settings:
    """A service that lets each caller read three times and write twice an hour."""
    return load_settings(
        folder=tmp_path / "service",
        database_url=service_url,
        origin=f"{HOST}/log",
        base_url=f"https://{HOST}",
        trusted_hosts=(HOST,),
        read_rate="3/hour",
        write_rate="2/hour",
    )


def test_each_answer_says_what_is_left_and_the_last_when_to_come_back(client: TestClient) -> None:
    answers = [client.get("/v1/gates") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    left = [re.fullmatch(r'"read";r=(\d);t=(\d+)', each.headers["ratelimit"]) for each in answers]
    assert [found and found[1] for found in left] == ["2", "1", "0", "0"]
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"read";q=3;w=3600'}
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert left[-1] is not None
    assert refused.headers["retry-after"] == left[-1][2]


def test_a_token_has_a_limit_of_its_own_for_reading_and_for_writing(
    client: TestClient, token_with: Issue
) -> None:
    first, second = ({"Authorization": f"Bearer {token_with('operator')}"} for _ in range(2))
    assert [client.get("/v1/drafts", headers=first).status_code for _ in range(4)] == [200] * 3 + [429]
    assert client.get("/v1/drafts", headers=second).status_code == 200
    assert client.get("/v1/gates").status_code == 200
    body = {"kind": "independence"}
    written = [client.post("/v1/governance/declarations", json=body, headers=first) for _ in range(3)]
    assert {each.headers.get("ratelimit-policy") for each in written} <= {None, '"write";q=2;w=3600'}


def test_who_is_not_let_in_counts_for_nobody(client: TestClient, token_with: Issue) -> None:
    """Else anybody could use up another's limit with a token that begins like the other's."""
    token = token_with("operator")
    forged = {"Authorization": f"Bearer {token[:-4]}0000"}
    assert [client.get("/v1/drafts", headers=forged).status_code for _ in range(5)] == [401] * 5
    assert client.get("/v1/drafts", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    started = RedisServer(tmp_path)
    yield started
    started.kill()


@pytest.mark.redis
def test_workers_count_a_caller_together_and_go_on_alone_without_redis(server: RedisServer) -> None:
    limits = load_settings(read_rate="10/hour", redis_timeout_ms=200)
    clients = [connect(server.url, 200) for _ in range(2)]
    first, second = (Limiter(limits, each, Breaker(monotonic_ms)) for each in clients)
    shared = [limiter.spend("read", "token", "0a1b2c3d") for limiter in (first, second) for _ in range(6)]
    assert [each.refused for each in shared] == [False] * 10 + [True] * 2
    assert [each.left for each in shared] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert not first.spend("read", "token", "99999999").refused
    server.kill()
    alone = [first.spend("read", "token", "0a1b2c3d") for _ in range(11)]
    assert [each.refused for each in alone] == [False] * 10 + [True]
    for each in clients:
        each.close()
