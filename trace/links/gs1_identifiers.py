"""GS1 application identifiers (AI): which there are, what each may hold, which go together.

Facts of the GS1 Barcode Syntax Dictionary (gs1/gs1-syntax-dictionary, commit ff2eb4bf, 2026-07), typed
into `facts/gs1_ais.csv`. The dictionary's check that a company prefix is long enough is left out: it needs
the list of prefixes GS1 has given, which changes every month.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache

from trace.facts import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One piece of a value: its characters, its length and how its content is checked."""

    characters: str
    """N digits, X charset 82, Y charset 39, Z base64url (GS1 General Specifications, figure 7.11-1)."""
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]
    """Names of the dictionary's checks, such as csum or yymmdd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One application identifier."""

    ai: str
    title: str
    """GS1's own short title, such as GTIN or BATCH/LOT."""
    fixed: bool
    """Of a length known beforehand: needs no separator in a barcode."""
    attribute: bool
    """May stand after the question mark of a Digital Link."""
    components: tuple[Component, ...]
    requires: tuple[tuple[str, ...], ...]
    """Alternatives of patterns (n stands for any digit) of which one must be there as well."""
    excludes: tuple[str, ...]
    sequences: tuple[tuple[str, ...], ...]
    """For a primary key: the orders its qualifiers may stand in; empty for what is no key."""

    @property
    def qualifiers(self) -> Set[str]:
        """Everything that may qualify this key in a path."""
        return {ai for sequence in self.sequences for ai in sequence}

    def misses(self, present: Set[str]) -> bool:
        """Say whether none of what this one needs is among `present`.

        >>> identifiers()["10"].misses({"01", "10"}), identifiers()["10"].misses({"00", "10"})
        (False, True)
        """
        return bool(self.requires) and not any(
            all(_among(pattern, present) for pattern in group) for group in self.requires
        )

    def conflicts(self, present: Set[str]) -> str | None:
        """Return one of `present` that must not stand beside this one; None when all may."""
        others = sorted(present - {self.ai})
        return next((ai for ai in others if any(_fits(pattern, ai) for pattern in self.excludes)), None)


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Return every allocated identifier by its digits.

    >>> identifiers()["01"].title, identifiers()["01"].sequences
    ('GTIN', (('22', '10', '21'), ('235',)))
    """
    return {one.ai: one for row in rows("gs1_ais") for one in _read(row)}


def _read(row: Mapping[str, str]) -> list[Identifier]:
    first, _, last = row["ais"].partition("-")
    key = row["key"]
    sequences = tuple(tuple(part.split()) for part in key.replace("-", "").split("|")) if key else ()
    return [
        Identifier(
            ai=f"{number:0{len(first)}d}",
            title=row["title"],
            fixed=row["fixed"] == "yes",
            attribute=row["attribute"] == "yes",
            components=tuple(_component(part) for part in row["format"].split()),
            requires=tuple(tuple(group.split("+")) for group in row["requires"].split()),
            excludes=tuple(row["excludes"].split()),
            sequences=sequences,
        )
        for number in range(int(first), int(last or first) + 1)
    ]


def _component(text: str) -> Component:
    """Read a component such as ``N14/csum``, ``X..20`` or ``[N3]/iso3166``."""
    form, *checks = text.split("/")
    found = re.fullmatch(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?", form)
    if found is None:
        raise ValueError(text)
    optional, characters, upto, length = found.groups()
    return Component(
        characters=characters,
        shortest=1 if upto else int(length),
        longest=int(length),
        optional=bool(optional),
        checks=tuple(checks),
    )


def _among(pattern: str, present: Set[str]) -> bool:
    return any(_fits(pattern, ai) for ai in present)


def _fits(pattern: str, ai: str) -> bool:
    return len(pattern) == len(ai) and all(p in ("n", a) for p, a in zip(pattern, ai, strict=True))
