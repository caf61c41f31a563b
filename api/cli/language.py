"""Which language a command speaks: `--language`, then DAODI_LANGUAGE, then the locale, then Chinese."""

from collections.abc import Mapping, Sequence
from typing import Final

from ledger.errors import Language

OPTION: Final = "--language"
VARIABLE: Final = "DAODI_LANGUAGE"
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX.1-2017, 8.2: in this order
_NO_LANGUAGE = {"", "c", "posix"}


def split_language(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Language, list[str]]:
    """Take `--language` out of the arguments, wherever it stands, and settle the language.

    A value that is neither zh nor en stays in the arguments, so that it is refused like any other.

    >>> split_language(["trace", "ABC", "--language", "en"], {})
    ('en', ['trace', 'ABC'])
    >>> split_language(["fsck"], {"LANG": "en_GB.UTF-8"})
    ('en', ['fsck'])
    """
    rest: list[str] = []
    asked: Language | None = None
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        name, _, value = word.partition("=")
        if name == OPTION and not value and waiting:
            value = waiting[0]
        known = _known(value) if name == OPTION else None
        if known is None:
            rest.append(word)
            continue
        asked = known
        if "=" not in word:
            waiting.pop(0)
    return asked or from_environment(environment), rest


def from_environment(environment: Mapping[str, str]) -> Language:
    """Return the language of the account's surroundings; Chinese where they name none.

    >>> from_environment({"LANG": "C.UTF-8"}), from_environment({"LC_ALL": "de_DE"})
    ('zh', 'en')
    """
    chosen = _known(environment.get(VARIABLE, ""))
    if chosen:
        return chosen
    locale = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    tongue = locale.partition(".")[0].partition("_")[0].lower()
    return "zh" if tongue in _NO_LANGUAGE or tongue == "zh" else "en"


def _known(word: str) -> Language | None:
    if word == "zh":
        return "zh"
    return "en" if word == "en" else None
