"""The pages of a service nobody has recorded anything in yet."""

from starlette.testclient import TestClient


def test_before_the_first_release_the_index_page_says_so(client: TestClient) -> None:
    page = client.get("/index")
    assert page.status_code == 404
    assert "还没有发布过指数" in page.text
    assert client.get("/").status_code == 200


def test_the_checkpoint_of_an_empty_log_is_a_problem_not_a_fault(client: TestClient) -> None:
    assert client.get("/v1/log/checkpoint").status_code in {404, 409, 503}
    assert client.get("/v1/releases").json() == {"releases": [], "next": None}
