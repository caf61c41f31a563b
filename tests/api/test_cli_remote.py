"""What a running service answers is read as if it had happened here; what it does not answer is said."""

import socket
from pathlib import Path

import httpx
import pytest

from api.cli.errors import NoOperatorToken, ServiceRefused, ServiceSilent
from api.cli.remote import hand_over, told
from api.cli.screen import Screen
from api.settings import load_settings
from ledger.errors import ManyFaults


def problem(**members: object) -> httpx.Response:
    return httpx.Response(422, json={"title": "refused", "status": 422, **members})


def test_one_problem_keeps_its_words_and_its_remedy() -> None:
    error = told(problem(detail="批次已存在", remedy="换一个批次号"))
    assert isinstance(error, ServiceRefused)
    assert (error.message("zh"), error.remedy("zh")) == ("批次已存在", "换一个批次号")


def test_braces_in_a_strangers_words_are_only_words() -> None:
    assert told(problem(detail="{0.__class__}")).message("en") == "{0.__class__}"


def test_many_faults_keep_their_rows() -> None:
    error = told(problem(errors=[{"row": row, "field": "grams", "detail": "bad"} for row in (3, 9)]))
    assert isinstance(error, ManyFaults)
    assert [fault.at.row for fault in error.faults] == [3, 9]


def test_faults_the_service_counted_and_did_not_list_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    listed = [{"row": row, "detail": "bad"} for row in (3, 9)]
    error = told(problem(errors=listed, count=700))
    assert error.message("en") == "700 faults were found; nothing was written"
    Screen("en").fault(error)
    assert "the service counted 698 more" in capsys.readouterr().err


def test_an_answer_that_is_no_problem_is_named_by_its_status() -> None:
    assert told(httpx.Response(502, text="<h1>Bad gateway</h1>")).message("en") == "HTTP 502"


def test_a_service_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    settings = load_settings(folder=tmp_path)
    (tmp_path / "operator.token").write_text("daodi_x", "utf-8")
    with pytest.raises(ServiceSilent) as raised:
        hand_over(settings, address, "/v1/releases", "en", body={})
    assert address in raised.value.message("en")
    assert "连接不上" in raised.value.message("zh")


def test_without_a_token_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(NoOperatorToken):
        hand_over(load_settings(folder=tmp_path), "http://127.0.0.1:1", "/v1/releases", "zh", body={})
