"""What the pages say: a folder of TOML files for each language, one a subject, with the same keys.

They are read once when the process starts.

A key that is missing fails loudly, and `tests/api/test_locales.py` proves that no key is missing,
unused or left in the other language.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ledger.errors import Language


@dataclass(frozen=True, slots=True)
class Words:
    """Every message of the pages in one language."""

    language: Language
    messages: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """Say message `key` with its named parts filled in; KeyError when there is no such message.

        >>> words_in("en")("scan.entry_number", index="41,203")
        'entry no. 41,203'
        """
        return self.messages[key].format(**parts)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a message `key`."""
        return key in self.messages


@cache
def words_in(language: Language) -> Words:
    """Return every message in `language`."""
    folder = files("api.web").joinpath("locales", language)
    messages: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        messages |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), "")
    return Words(language, messages)


def _flat(branch: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for name, value in branch.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            leaves += _flat(value, f"{key}.")
        else:
            leaves.append((key, str(value)))
    return leaves
