"""Completeness against the 16 information groups of the draft 中药材追溯信息技术规范 (`facts/groups.csv`).

Each group is evidenced by stages or public fields on the way to a lot. It is there only when every way to
the lot shows it: a merge of one full and one broken way is broken. What is not due yet, such as a sale, is
counted where it stands and never missing. Private fields count for nothing, so that a score says nothing
of what was confided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from trace.completeness import Group, GroupState, origin_kind, ways_to
from trace.facts import rows
from trace.vocabulary import ORIGIN_STAGES, Form, Stage

_SHOWN: Final = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stage, or one of its fields, that shows a group."""

    stage: Stage
    field: str
    """Empty where the stage alone is enough."""
    forms: frozenset[Form]
    """Forms of which it is asked; empty where it is never missed."""
    origins: frozenset[Stage]
    """Origins for which it counts; empty for all."""

    @property
    def mark(self) -> str:
        """Return what a way that shows it is marked with."""
        return f"{self.stage.value}/{self.field}" if self.field else self.stage.value


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOfFacts:
    """One of the 16 groups."""

    key: str
    zh: str
    en: str
    kept: bool
    """The service keeps it of every lot by itself."""
    evidence: tuple[Evidence, ...]

    def asked(self, form: Form, origin: Stage) -> tuple[Evidence, ...]:
        """Return what may show it of a lot of `form` that began with `origin`; empty when not asked."""
        return tuple(
            each
            for each in self.evidence
            if form in each.forms and (not each.origins or origin in each.origins)
        )


@cache
def groups() -> tuple[GroupOfFacts, ...]:
    """Return the 16 groups in the order of the draft.

    >>> len(groups())
    16
    """
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows("groups"):
        found.setdefault(row["group"], []).append(row)
    return tuple(
        GroupOfFacts(
            key=key,
            zh=listed[0]["zh"],
            en=listed[0]["en"],
            kept=listed[0]["kept"] == "yes",
            evidence=tuple(_evidence(row) for row in listed if row["stage"]),
        )
        for key, listed in found.items()
    )


def marks_of_step(stage: Stage, public: Iterable[str]) -> frozenset[str]:
    """Return what a step with these public fields marks its way with.

    >>> sorted(marks_of_step(Stage.STORAGE, ["care"]))
    ['storage', 'storage/care']
    """
    return frozenset({stage.value, *(f"{stage.value}/{name}" for name in public)})


def group_states(
    lot: str, form: Form, marks_of: Mapping[str, frozenset[str]], parents_of: Mapping[str, tuple[str, ...]]
) -> tuple[Group, ...]:
    """Say of each group whether every way to `lot` shows it.

    `marks_of` gives the marks of the steps that made or saw each lot; `parents_of` the lots each was made
    from, excipients left out.
    """
    return tuple(_judged(each, lot, form, marks_of, parents_of) for each in groups())


def _judged(
    group: GroupOfFacts,
    lot: str,
    form: Form,
    marks_of: Mapping[str, frozenset[str]],
    parents_of: Mapping[str, tuple[str, ...]],
) -> Group:
    if group.kept:
        return Group(key=group.key, zh=group.zh, en=group.en, state=GroupState.PRESENT)
    wanted = frozenset(each.mark for each in group.evidence)
    seen = {name: _reduced(marks, wanted) for name, marks in marks_of.items()}
    lacking: set[Stage] = set()
    asked = shown = False
    for way in ways_to(lot, seen, parents_of):
        evidence = group.asked(form, origin_kind(way))
        asked = asked or bool(evidence)
        shown = shown or _SHOWN in way
        if evidence and _SHOWN not in way:
            lacking.update(each.stage for each in evidence)
    state = GroupState.PRESENT if asked or shown else GroupState.NOT_DUE
    if lacking:
        state = GroupState.MISSING
    order = list(Stage)
    return Group(
        key=group.key,
        zh=group.zh,
        en=group.en,
        state=state,
        lacking=tuple(sorted(lacking, key=order.index)),
    )


def _reduced(marks: frozenset[str], wanted: frozenset[str]) -> frozenset[str]:
    """Keep of a lot's marks how it began and whether it shows the group: few kinds of ways are then left."""
    begun = frozenset(mark for mark in marks if mark in ORIGIN_STAGES)
    return begun | {_SHOWN} if marks & wanted else begun


def _evidence(row: Mapping[str, str]) -> Evidence:
    return Evidence(
        stage=Stage(row["stage"]),
        field=row["field"],
        forms=frozenset(map(Form, row["asked"].split())),
        origins=frozenset(map(Stage, row["origins"].split())),
    )
