"""Logs: JSON on a pipe, readable on a terminal, and no secrets in either."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from api.logs import configure
from api.settings import load_settings


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    structlog_before, root = structlog.get_config(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.configure(**structlog_before)
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_on_a_pipe_is_one_json_object_with_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure(load_settings(log_format="auto"))
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("x").info("step_recorded", lot="批次\r\nforged")
    (line,) = _lines(capsys)
    assert (line["event"], line["lot"], line["request_id"], line["level"]) == (
        "step_recorded",
        "批次\r\nforged",
        "abc",
        "info",
    )


def test_secrets_never_reach_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure(load_settings(log_format="json"))
    structlog.get_logger("x").warning("odd", token="hunter2", Authorization="hunter2", password="hunter2")
    assert "hunter2" not in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_a_traceback_names_lines_but_no_values(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure(load_settings(log_format=form))

    def fails(identity_number: str) -> None:
        raise RuntimeError(str(len(identity_number)))

    try:
        fails("hunter2")
    except RuntimeError:
        structlog.get_logger("x").exception("failed")
    shown = capsys.readouterr().out
    assert "fails" in shown
    assert "RuntimeError" in shown
    assert "'hunter2'" not in shown.replace('fails("hunter2")', "")


def test_lines_of_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure(load_settings(log_format="json"))
    logging.getLogger("uvicorn.error").warning("port %s is taken", 8000)
    logging.getLogger("sqlalchemy").info("chatter")
    (line,) = _lines(capsys)
    assert (line["event"], line["level"]) == ("port 8000 is taken", "warning")


def test_lines_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure(load_settings(log_format="json", log_level="warning"))
    structlog.get_logger("x").info("chatter")
    assert capsys.readouterr().out == ""
