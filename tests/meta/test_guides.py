"""docs/guides: each line a reader is told to type is typed here, in order, on one fresh service."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import compile_path

from api.app import create_app
from api.settings import load_settings
from api.web.guides import WHO
from tests.meta.guide_shell import GUIDES, GuideFailed, GuideShell, commands, curl, guide_shell

LANGUAGES = ("zh", "en")
BOTH = [(language, who) for language in LANGUAGES for who in WHO]
TYPED_FIRST = "operator"
"""Without whom nobody else has a service; a regulator's hold comes last, since it stops the goods."""
ORDER = (TYPED_FIRST, "grower", "firm", "consumer", "developer", "regulator")


def text_of(language: str, who: str) -> str:
    return (GUIDES / language / f"{who}.md").read_text("utf-8")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuideShell]:
    """Every guide's lines, typed one after the other; a line that fails is kept as what it said."""
    folder = tmp_path_factory.mktemp("guides")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with guide_shell(folder, port) as opened:
        for who in ORDER:
            type_all(opened, who, folder)
        yield opened


def type_all(shell: GuideShell, who: str, folder: Path) -> None:
    for line in commands("zh", who):
        try:
            shell.type(line)
        except (GuideFailed, KeyError) as failed:
            shell.said.setdefault(f"{who}: {line}", []).append(str(failed))
        if line.startswith("daodi labels"):
            shell.note_labels(folder / "labels.csv")


@pytest.mark.parametrize("who", ORDER)
def test_every_command_of_a_guide_does_what_it_says(shell: GuideShell, who: str) -> None:
    typed = commands("zh", who)
    assert typed
    assert [told for line, told in shell.said.items() if line.startswith(f"{who}: ")] == []
    assert [line for line in typed if line not in shell.said] == []


@pytest.mark.parametrize("who", WHO)
def test_both_languages_tell_to_type_the_same(who: str) -> None:
    assert commands("zh", who) == commands("en", who)


@pytest.mark.parametrize("who", WHO)
def test_both_languages_name_the_same_addresses(who: str) -> None:
    assert set(addresses(text_of("zh", who))) == set(addresses(text_of("en", who)))


def test_a_request_sent_again_is_answered_byte_for_byte_and_done_once(shell: GuideShell) -> None:
    [line] = {line for line in commands("zh", "developer") if "Idempotency-Key" in line}
    first, second = shell.said[line]
    assert first == second
    assert re.search(r'"step":"[0-9a-f-]{36}"', first)


def test_what_was_typed_shows_what_the_guides_promise(shell: GuideShell) -> None:
    said = {line: told[-1] for line, told in shell.said.items()}
    assert "the log is clean" in said["daodi fsck"]
    assert "bozhou.inspector-1" in said["daodi accounts list"]
    assert re.search(r"hash of the seed [0-9a-f]{64}", said["daodi inspections seed seed.txt"])
    assert "✓" in said['daodi verify evidence.json --trust "$(cat log.vkey)"']
    assert "✗" not in said['daodi verify evidence.json --trust "$(cat log.vkey)"']


def addresses(text: str) -> list[str]:
    """Every address of ours that a guide names between backticks."""
    return [found for found in re.findall(r"`(/[^`\s]*)`", text) if not found.startswith("//")]


def served() -> list[re.Pattern[str]]:
    """The addresses that are answered, apart from the resolver of GS1 keys, which fits nearly everything."""
    application = create_app(SimpleNamespace(settings=load_settings()))  # type: ignore[arg-type]
    found: list[Any] = list(application.routes)
    paths = []
    while found:
        route = found.pop()
        inner = getattr(route, "original_router", None) or route
        found += getattr(inner, "routes", None) or []
        path = getattr(route, "path", None)
        if isinstance(path, str) and path and not path.startswith("/{"):
            paths.append(path)
    return [compile_path(path)[0] for path in paths]


@pytest.mark.parametrize(("language", "who"), BOTH)
def test_every_address_a_guide_names_is_served(language: str, who: str) -> None:
    known = served()
    named = addresses(text_of(language, who))
    assert named
    missing = [each for each in named if each != "/v1" and not any(path.fullmatch(each) for path in known)]
    assert missing == []


@pytest.mark.parametrize(("language", "who"), BOTH)
def test_a_guide_is_short_and_ends_with_what_goes_wrong(language: str, who: str) -> None:
    text = text_of(language, who)
    assert 60 <= len(text.splitlines()) <= 120
    assert re.search(r"^\| (看到|You see|状态|Status) \|", text, re.MULTILINE)


@pytest.mark.parametrize("line", ["-fsS http://127.0.0.1:9/ --next", "-k http://127.0.0.1:9/"])
def test_an_option_nobody_reads_here_would_be_noticed(line: str) -> None:
    with pytest.raises(GuideFailed, match="not read"):
        curl(line.split())
