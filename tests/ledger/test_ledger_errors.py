"""Every error of the log says what is wrong and what to do, in both languages, from the same parts."""

from collections.abc import Iterator
from string import Formatter

import pytest

import ledger.audits.faults  # noqa: F401  makes the audit's faults known
from ledger.errors import BadProof, LedgerError, Location, MalformedReceipt, ManyFaults, Said
from ledger.writing.placement import Held, held_words


def leaves(cls: type[LedgerError]) -> Iterator[type[LedgerError]]:
    for child in cls.__subclasses__():
        yield from leaves(child) if child.__subclasses__() else [child]


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("error", sorted(leaves(LedgerError), key=str))
def test_both_languages_use_the_same_parts(error: type[LedgerError]) -> None:
    assert error.zh
    assert error.en
    assert error.remedy_zh
    assert error.remedy_en
    assert names(error.zh) == names(error.en)
    assert names(error.remedy_zh) == names(error.remedy_en)
    assert error.__doc__
    assert error.en.isascii()
    assert not error.zh.isascii()


def test_keys_are_unique() -> None:
    keys = [error.key() for error in leaves(LedgerError)]
    assert len(set(keys)) == len(keys)


def test_a_part_that_is_words_is_told_in_the_language_of_the_message() -> None:
    inner = BadProof(reason=Said("长度", "length"))
    outer = MalformedReceipt(reason=inner)
    assert "长度" in outer.message("zh")
    assert "length" in outer.message("en")
    assert "length" in str(outer)


def test_a_location_is_said_as_far_as_it_is_known() -> None:
    place = Location(file="steps.xlsx", row=7, field="grams")
    assert place.words("zh") == "steps.xlsx，第 7 行，grams"
    assert Location().words("en") == ""
    assert ManyFaults([BadProof(reason="x")]).message("zh").startswith("发现 1 处")


@pytest.mark.parametrize("reason", list(Held))
def test_every_reason_to_hold_a_statement_back_has_words(reason: Held) -> None:
    words = held_words(str(reason))
    assert words.zh != words.en
    assert held_words("other") == Said("other", "other")
