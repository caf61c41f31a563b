"""RFC 8785: the published files of its author, read through the restricted form."""

from pathlib import Path

import pytest

from ledger.canonical import canonical, parse, read
from ledger.errors import NotCanonical

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("name", ["arrays", "unicode"])
def test_published_output_is_met_byte_for_byte(shared: Path, name: str) -> None:
    folder = shared / "vectors/ledger/jcs"
    expected = (folder / f"output/{name}.json").read_bytes()
    value = read((folder / f"input/{name}.json").read_bytes())
    assert canonical(value) == expected
    assert parse(expected) == value


@pytest.mark.parametrize("side", ["input", "output"])
@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("french", {"input": "key-ascii", "output": "key-ascii"}),
        (
            "structures",
            {"input": "float", "output": "key-ascii"},
        ),  # 56.0 there, 56 here; "\n" as a name in both
        ("values", {"input": "float", "output": "float"}),
        ("weird", {"input": "key-ascii", "output": "key-ascii"}),
    ],
)
def test_what_writers_disagree_on_is_refused_by_name(
    shared: Path, name: str, rules: dict[str, str], side: str
) -> None:
    raw = (shared / f"vectors/ledger/jcs/{side}/{name}.json").read_bytes()
    with pytest.raises(NotCanonical) as refused:
        read(raw)
    assert refused.value.rule == rules[side]
    assert rules[side] in refused.value.message("zh")
