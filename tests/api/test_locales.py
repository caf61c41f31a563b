"""Every message exists in both languages, is used, and is written in its own language."""

import re
import string
from pathlib import Path

import pytest

from api.web.words import Words, words_in

WEB = Path(__file__).resolve().parents[2] / "api"
ZH, EN = words_in("zh"), words_in("en")
HAN = re.compile("[\u4e00-\u9fff]")
_CALL = re.compile(r"""\b(?:t|words)\(\s*f?["']([a-z_.]+(?:\{[^}]*\})?)["']""")
_JOINED = re.compile(r"""\bt\(\s*["']([a-z_.]+)["']\s*~""")


def sources() -> str:
    files = [*(WEB / "web").rglob("*.html"), *(WEB / "web").glob("*.py"), *(WEB / "routes").glob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def used() -> tuple[set[str], set[str]]:
    """Keys named whole, and beginnings of keys whose last part is put in at run time."""
    found = set(_CALL.findall(sources()))
    begun = {key.partition("{")[0] for key in found if "{" in key} | set(_JOINED.findall(sources()))
    return {key for key in found if "{" not in key} - begun, begun


def parts_of(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert set(ZH.messages) == set(EN.messages)


def test_every_message_takes_the_same_parts_in_both_languages() -> None:
    assert {key: parts_of(text) for key, text in ZH.messages.items()} == {
        key: parts_of(text) for key, text in EN.messages.items()
    }


def test_every_key_a_template_or_page_names_exists() -> None:
    whole, begun = used()
    assert whole - set(ZH.messages) == set()
    assert all(any(key.startswith(start) for key in ZH.messages) for start in begun)


def test_no_message_is_left_unused() -> None:
    whole, begun = used()
    unused = {key for key in ZH.messages if key not in whole and not key.startswith(tuple(begun))}
    assert unused == set()


@pytest.mark.parametrize("key", sorted(EN.messages))
def test_no_message_is_left_in_the_other_language(key: str) -> None:
    names_the_other = key == "frame.other_language"
    assert bool(HAN.search(EN.messages[key])) is names_the_other
    is_a_mark = not re.search(r"\w", re.sub(r"\{\w+\}", "", ZH.messages[key]))
    assert bool(HAN.search(ZH.messages[key])) is not (names_the_other or is_a_mark)


def test_an_unknown_key_fails_loudly() -> None:
    with pytest.raises(KeyError):
        Words("zh", {})("frame.brand")
