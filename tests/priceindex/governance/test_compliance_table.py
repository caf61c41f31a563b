"""The compliance table is whole, honest about its certainty, and every check in it exists."""

import re
from pathlib import Path

import pytest

from priceindex.governance.compliance import CHECKS
from priceindex.governance.requirements import norms, requirements

DOMAIN = "reference/domain.md"


def test_every_check_named_in_the_table_exists_and_every_check_is_named() -> None:
    named = {each.check for each in requirements() if each.check}
    assert named == set(CHECKS)


def test_a_check_that_can_stop_a_release_is_automatic() -> None:
    assert [each.id for each in requirements() if each.must and not each.check] == []


def test_the_nineteen_principles_are_there_once_each() -> None:
    clauses = [
        int(each.clause_en.removeprefix("principle ")) for each in requirements() if each.norm == "iosco"
    ]
    assert clauses == list(range(1, 20))


def test_both_languages_say_something_everywhere() -> None:
    texts = [
        text
        for each in (*norms(), *requirements())
        for text in each.model_dump().values()
        if isinstance(text, str)
    ]
    assert all(text == text.strip() for text in texts)
    for each in requirements():
        assert re.search("[一-鿿]", each.zh)
        assert re.search("[一-鿿]", each.evidence_zh)
        assert not re.search("[一-鿿]", each.evidence_en)


def test_no_principle_of_iosco_is_said_to_have_been_read() -> None:
    """The report lists them from memory; a row may become `seen` only when somebody has read the text."""
    assert {each.certainty for each in requirements() if each.norm == "iosco"} == {"recalled"}


@pytest.mark.shared
def test_a_clause_of_the_decree_is_cited_only_where_the_report_gives_it(shared: Path) -> None:
    report = (shared / DOMAIN).read_text("utf-8")
    for each in requirements():
        if each.norm == "ndrc-22":
            for number in re.findall(r"art\. (\d+)", each.clause_en):
                assert re.search(rf"Art\. {number}\b", report), each.id
