"""Every error is said whole in both languages, from one key, with the same named parts."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import api
import ledger
import priceindex
import trace
from api.cli.phrases import PHRASES
from ledger.errors import DaodiError, ManyFaults

TEMPLATES = ("zh", "en", "remedy_zh", "remedy_en")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _import_everything() -> None:
    for package in (ledger, trace, priceindex, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def leaves(root: type[DaodiError]) -> Iterator[type[DaodiError]]:
    """Every error that can be raised: those without a subclass, and those with messages of their own."""
    below = root.__subclasses__()
    if not below or "zh" in vars(root):
        yield root
    for kind in below:
        yield from leaves(kind)


_import_everything()
LEAVES = sorted(set(leaves(DaodiError)) - {DaodiError}, key=lambda kind: (kind.__module__, kind.__name__))


def parts(template: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(template) if name}


def neutral(names: set[str]) -> set[str]:
    """Names without the language they end in: `reason_zh` and `reason_en` are one part in two tongues."""
    return {re.sub(r"(^|_)(zh|en)$", "", name) for name in names}


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_an_error_says_what_is_wrong_and_what_to_do_in_both_languages(kind: type[DaodiError]) -> None:
    assert all(getattr(kind, name) for name in TEMPLATES)
    assert neutral(parts(kind.zh)) == neutral(parts(kind.en))
    allowed = neutral(parts(kind.zh) | parts(kind.remedy_zh))
    assert neutral(parts(kind.remedy_en)) <= allowed


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_an_error_formats_from_its_parts_alone(kind: type[DaodiError]) -> None:
    if issubclass(kind, ManyFaults):
        error: DaodiError = kind([DaodiError()])
    else:
        names = set().union(*(parts(getattr(kind, name)) for name in TEMPLATES))
        try:
            error = kind(**dict.fromkeys(names, "8"))
        except TypeError:  # a constructor of its own, whose arguments its own tests know
            error = kind.__new__(kind)
            error.parts = dict.fromkeys(names, "8")
    for language in ("zh", "en"):
        assert "{" not in error.message(language) + error.remedy(language)


def test_no_two_errors_of_one_package_share_a_key() -> None:
    """Across packages a key may stand for the same thing said twice: a missing column is one in either."""
    keys = [(kind.__module__.partition(".")[0], kind.key()) for kind in LEAVES]
    assert sorted(keys) == sorted(set(keys))


def test_every_phrase_is_said_somewhere() -> None:
    folder = Path(api.__path__[0]) / "cli"
    said = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if not path.stem.endswith("phrases")
    )
    stems = {key: key.rpartition(".")[0] for key in PHRASES}
    silent = [key for key in PHRASES if f'"{key}"' not in said and f'"{stems[key]}.{{' not in said]
    assert silent == [], "neither the key nor one built on its stem stands in the code"


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_names_the_same_parts_in_both_languages(key: str) -> None:
    chinese, english = PHRASES[key]
    assert parts(chinese) == parts(english)
    assert not CHINESE.search(english)
