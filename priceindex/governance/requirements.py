"""The compliance table: every requirement, how sure its text is, and what shows that it is kept."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Certainty = Literal["seen", "trial_text_2021", "recalled"]
CERTAINTY_WORDS: dict[Certainty, tuple[str, str]] = {
    "seen": ("已见于现行文本", "read in the text in force"),
    "trial_text_2021": ("见于 2021 年试行文本或其指南", "read in the trial text of 2021 or its guide"),
    "recalled": ("待核", "recalled, not read"),
}
"""Certainty -> Chinese and English words."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Norm(_Line):
    """A law or a standard."""

    id: str
    zh: str
    en: str

    def words(self, language: str) -> str:
        """Name the norm for people."""
        return self.zh if language == "zh" else self.en


class Requirement(_Line):
    """One thing a norm asks for."""

    id: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    norm: str
    clause_zh: str
    clause_en: str
    """Article or principle; empty where it was not seen."""
    zh: str
    en: str
    certainty: Certainty
    evidence_zh: str
    evidence_en: str
    check: str
    """Code of the automatic check; empty where none is possible."""
    must: tuple[Literal["trial", "official"], ...]
    """Standings whose releases a failed check stops."""

    def words(self, language: str) -> str:
        """Say what is required."""
        return self.zh if language == "zh" else self.en

    def clause(self, language: str) -> str:
        """Name the article or principle; empty where it was not seen."""
        return self.clause_zh if language == "zh" else self.clause_en

    def evidence(self, language: str) -> str:
        """Say what shows that it is kept."""
        return self.evidence_zh if language == "zh" else self.evidence_en

    def certainty_words(self, language: str) -> str:
        """Say how sure the requirement's text is.

        >>> requirement("iosco-16").certainty_words("en")
        'recalled, not read'
        """
        zh, en = CERTAINTY_WORDS[self.certainty]
        return zh if language == "zh" else en


class _Table(_Line):
    norm: tuple[Norm, ...]
    requirement: tuple[Requirement, ...]


@cache
def _table() -> _Table:
    text = (files("priceindex") / "governance" / "compliance.toml").read_text("utf-8")
    return _Table.model_validate(tomllib.loads(text))


def norms() -> tuple[Norm, ...]:
    """The laws and standards of the table."""
    return _table().norm


def requirements() -> tuple[Requirement, ...]:
    """Every requirement, in the table's order.

    >>> len(requirements()), {each.norm for each in requirements()} == {each.id for each in norms()}
    (33, True)
    """
    return _table().requirement


def requirement(requirement_id: str) -> Requirement:
    """Return one requirement; raises KeyError."""
    return {each.id: each for each in requirements()}[requirement_id]
