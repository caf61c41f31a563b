"""One program, two languages: chosen by option, variable or locale, and complete in each."""

import re

import pytest

from api.cli.app import command, run
from api.cli.language import from_environment, split_language

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"DAODI_LANGUAGE": "zh", "LC_ALL": "en_US"}, "zh"),
    ],
)
def test_the_surroundings_choose_the_language(environment: dict[str, str], language: str) -> None:
    assert from_environment(environment) == language


@pytest.mark.parametrize(
    "arguments",
    [["--language", "en", "fsck"], ["fsck", "--language", "en"], ["fsck", "--language=en"]],
)
def test_the_option_may_stand_anywhere(arguments: list[str]) -> None:
    assert split_language(arguments, {"LANG": "zh_CN"}) == ("en", ["fsck"])


def test_an_unknown_language_is_left_for_the_parser_to_refuse() -> None:
    assert split_language(["--language", "fr"], {}) == ("zh", ["--language", "fr"])


def test_words_after_two_dashes_are_never_options() -> None:
    assert split_language(["trace", "--", "--language", "en"], {}) == (
        "zh",
        ["trace", "--", "--language", "en"],
    )


@pytest.mark.parametrize(
    "arguments", [[], ["index", "publish"], ["import", "steps"], ["keys", "issue-token"], ["demo"]]
)
def test_help_is_whole_in_both_languages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--help", "--language", "en"]) == 0
    english = capsys.readouterr().out
    assert run([*arguments, "--help", "--language", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)
    assert "help." not in english + chinese
    assert "option." not in english + chinese


def test_every_command_says_what_it_is_for() -> None:
    def walk(one: object) -> list[object]:
        below = getattr(one, "commands", {}).values()
        return [one, *(inner for each in below for inner in walk(each))]

    assert [one for one in walk(command("zh")) if not CHINESE.search(one.help)] == []  # type: ignore[attr-defined]
