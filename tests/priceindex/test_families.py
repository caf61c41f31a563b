"""Family texts: every parameter named, versions dated, and errors that name the parameter."""

import datetime
import hashlib
from importlib.resources import files

import pytest

from ledger.errors import DaodiError
from priceindex import errors
from priceindex.errors import MalformedFamily, PriceIndexError, UnknownFamily
from priceindex.families import all_families, family, family_version, read_family
from priceindex.governance import naming_rule
from priceindex.governance.naming_rule import claim_of

TEXT = family_version("bozhou@1").text.decode()


def test_the_digest_of_a_family_is_that_of_its_text_in_the_package() -> None:
    for known in all_families():
        text = (files("priceindex") / "methods" / f"{known.method_id}.toml").read_bytes()
        assert known.method_sha256 == hashlib.sha256(text).hexdigest()


def test_the_version_in_force_on_a_day_is_found() -> None:
    assert family("bozhou", datetime.date(2025, 12, 31)) == family("bozhou")
    with pytest.raises(UnknownFamily):
        family("bozhou", datetime.date(2019, 12, 31))
    with pytest.raises(UnknownFamily) as refused:
        family("nowhere")
    assert "bozhou" in refused.value.remedy("en")


def test_no_index_is_named_as_if_it_covered_the_country() -> None:
    """Decree 22 of 2024: 中国 or 全国 in a name needs proof of the share of trade covered."""
    for known in all_families():
        assert not any(word in known.zh for word in ("中国", "全国"))
        assert "China" not in known.en


def test_an_official_index_says_nothing_of_a_trial_and_takes_no_other_bodys_name() -> None:
    for known in all_families():
        assert "试编" in known.words("zh")
        assert "trial" in known.words("en")
        official = known.words("zh", official=True), known.words("en", official=True)
        assert not any(word in " ".join(official) for word in ("试编", "trial"))
        assert claim_of(known, ()).taken is None
    # Without a word in place of the trial this is the name of the city's own index.
    assert family("bozhou").words("zh").replace("试编", "") in naming_rule.OFFICIAL_INDICES


def test_the_name_of_an_official_index_is_judged_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(naming_rule, "OFFICIAL_INDICES", ("亳州中药材自编价格指数",))
    assert claim_of(family("bozhou"), ()).taken == "亳州中药材自编价格指数"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('elementary = "jevons"', 'elementary = "jevon"', "elementary"),
        ('elementary = "jevons"\n', "", "elementary"),
        ("carry_days = 30", "carry_days = -1", "missing/carry_days"),
        ('suppress_imputed_over = "0.4"', "suppress_imputed_over = 0.4", "missing/suppress_imputed_over"),
        ("[digits]", "surprise = 1\n[digits]", "missing/surprise"),
        ('rule = "first_month"', 'rule = "days"', "base"),
        ("level = 1000", "level = 0", "level"),
    ],
)
def test_a_parameter_that_is_misspelt_missing_or_unknown_is_named(old: str, new: str, field: str) -> None:
    """A misspelt method must never silently become another one (IndexNumR issue 83)."""
    assert old in TEXT
    with pytest.raises(MalformedFamily) as refused:
        read_family(TEXT.replace(old, new, 1).encode())
    assert refused.value.at.field == field


def test_text_that_is_not_toml_is_refused() -> None:
    for raw in (b"level = ", b"\xff"):
        with pytest.raises(MalformedFamily):
            read_family(raw)


LEAVES = [
    each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PriceIndexError)
]


@pytest.mark.parametrize(
    "leaf", [leaf for leaf in LEAVES if leaf is not PriceIndexError], ids=lambda leaf: leaf.__name__
)
def test_every_error_speaks_both_languages_and_offers_a_remedy(leaf: type[DaodiError]) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"<{key}>"

    told = [part.format_map(Anything()) for part in (leaf.zh, leaf.en, leaf.remedy_zh, leaf.remedy_en)]
    assert all(told)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told[0])
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told[2])
    assert told[1].isascii() or "“" in told[1]
