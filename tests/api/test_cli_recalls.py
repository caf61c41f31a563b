"""`daodi hold` and `daodi recall`: one person freezes, two lift, a drill freezes nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import app
from api.cli.app import REFUSED, run
from tests.api.conftest import NOW_MS
from tests.trace.bad_field import grow
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import register_all

Tell = Callable[..., str]


@pytest.fixture
def stocked(told: Tell, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """A founded service with the bad field's goods in it."""
    monkeypatch.setenv("DAODI_LANGUAGE", "zh")
    from api.cli import deployment

    with deployment.writing(deployment.settings()) as station:
        station.writer.submit(lambda session: register_all(session, station.recorder))
        station.writer.submit(lambda session: register_regulator(session, station.recorder, NOW_MS))
        station.writer.submit(lambda session: grow(session, station.recorder))
    return told


@pytest.fixture
def tokens(stocked: Tell, tmp_path: Path) -> list[str]:
    """Token files of two inspectors of the regulator."""
    files = []
    for name in ("甲", "乙"):
        token = stocked("keys", "issue-token", name, "--scope", "supervise", "--party", REGULATOR)
        path = tmp_path / f"{name}.token"
        path.write_text(token, encoding="utf-8")
        files.append(str(path))
    return files


def _id(text: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", text)
    assert found, text
    return found[0]


def test_a_hold_takes_one_to_place_and_two_to_lift(
    stocked: Tell, tokens: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    hold = _id(stocked("hold", "place", "lot", "HERB", "--reason", "抽检"))
    assert "HERB" in stocked("hold", "list")
    stocked("hold", "ask-lift", hold, "--reason", "复检合格", "--token-file", tokens[0])
    assert run(["hold", "lift", hold, "--token-file", tokens[0]]) == REFUSED
    assert "两人" in capsys.readouterr().err
    stocked("hold", "lift", hold, "--token-file", tokens[1])
    assert "HERB" not in stocked("hold", "list")
    assert "HERB" in stocked("hold", "list", "--all")


def test_a_recall_is_opened_shown_and_closed(stocked: Tell, tokens: list[str], tmp_path: Path) -> None:
    opened = stocked("recall", "open", "FIELD", "--class", "1", "--reason", "农残", "--token-file", tokens[0])
    assert "10 包" in opened
    recall, listed = _id(opened), tmp_path / "goods.csv"
    assert "农残" in stocked("recall", "list")
    assert "已流出 290" in stocked("recall", "show", recall, "--out", str(listed))
    assert listed.read_text("utf-8-sig").count("\n") == 4
    asked = ("recall", "ask-close", recall, "completed", "--report", "追回", "--token-file", tokens[0])
    stocked(*asked)
    assert "已完成" in stocked("recall", "close", recall, "--token-file", tokens[1])


def test_a_drill_prints_how_long_each_part_took(stocked: Tell) -> None:
    said = stocked("recall", "drill", "FIELD")
    assert "会召回 6 个批次、10 包、390000 克，涉及 3 个持有人" in said
    assert all(part in said for part in ("找出批次", "写出清单", "合计"))
    assert stocked("hold", "list").count("FIELD") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hold", "place", "lot", "NO-SUCH", "--reason", "x"], "NO-SUCH"),
        (["hold", "place", "weather", "A", "--reason", "x"], "kind"),
        (["recall", "open", "NO-SUCH", "--class", "2", "--reason", "x"], "NO-SUCH"),
        (["recall", "show", "no-such"], "no-such"),
    ],
)
@pytest.mark.usefixtures("stocked")
def test_what_does_not_exist_is_refused_in_words(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.run(arguments) == REFUSED
    assert said in capsys.readouterr().err
