"""docs/tracing.md: every command it shows is there with its options, and every address is served."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.app import create_app
from api.settings import load_settings
from tests.meta.test_claims import check_daodi

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tracing.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ daodi (.+)$", PAGE.replace("\\\n", ""), re.MULTILINE)


@pytest.mark.parametrize("line", sorted(set(COMMANDS)))
def test_a_command_of_the_guide_is_there(line: str) -> None:
    check_daodi(line.split())


def test_every_address_of_the_guide_is_served() -> None:
    app = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    served = {re.sub(r"{\w+}", "{}", path) for path in app.openapi()["paths"]}
    named = {path.rstrip(",") for path in re.findall(r"(?:`|POST |\$SERVICE)(/v1/[^\s`]+)", PAGE)}
    asked = {re.sub(r"{\w+}|(?<=/stages/)paozhi", "{}", path) for path in named}
    assert len(asked) > 8
    assert asked - served == set()
