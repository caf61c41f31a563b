"""Which stages a lot's way should show, and which are missing.

A lot is judged along every path from an origin to it: a merge of one full and one broken way is broken.
A lot is only asked for the stages its form has behind it, and never for a sowing when it was gathered,
reared or mined. The 16 information groups, which also look at fields, are judged in
`trace.information_groups`.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from trace.vocabulary import Form, Stage, Word

_BEFORE: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    Stage.PLANTING: (Stage.SEED, Stage.PLANTING, Stage.FIELD_WORK, Stage.HARVEST),
    Stage.REARING: (Stage.REARING, Stage.FIELD_WORK, Stage.HARVEST),
    Stage.GATHERING: (Stage.GATHERING,),
    Stage.MINING: (Stage.MINING,),
}
"""What comes before a fresh lot, by how it came into the world."""

_AFTER: Final[Mapping[Form, tuple[Stage, ...]]] = {
    Form.FRESH: (),
    Form.HERB: (Stage.PRIMARY_PROCESSING, Stage.TEST),
    Form.SLICE: (Stage.PRIMARY_PROCESSING, Stage.TEST, Stage.PAOZHI),
    Form.GRANULE: (Stage.PRIMARY_PROCESSING, Stage.TEST, Stage.PAOZHI, Stage.GRANULE),
    Form.MEDICINE: (Stage.PRIMARY_PROCESSING, Stage.TEST, Stage.MEDICINE),
}
"""What comes after; granules are made of slices (NMPA 2021 No. 22, recalled)."""


class GroupState(Word):
    """Whether an information group is there."""

    PRESENT = "present", "已有", "present"
    MISSING = "missing", "缺失", "missing"
    NOT_DUE = "not_due", "未到", "not due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One of the 16 information groups, as a lot's way shows it."""

    key: str
    zh: str
    en: str
    state: GroupState
    lacking: tuple[Stage, ...] = ()
    """Where it is missing: the stages that would show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The stages that should be there and those that are not, in the order they usually come."""

    expected: tuple[Stage, ...]
    missing: tuple[Stage, ...]
    groups: tuple[Group, ...] = ()
    """The 16 information groups; empty where only stages were asked for."""

    @property
    def per_mille(self) -> int:
        """Share of the expected stages that are there, in thousandths; 1000 when nothing is expected.

        >>> Completeness(expected=(Stage.SEED, Stage.PLANTING), missing=(Stage.SEED,)).per_mille
        500
        """
        if not self.expected:
            return 1000
        return 1000 * (len(self.expected) - len(self.missing)) // len(self.expected)

    @property
    def groups_due(self) -> int:
        """How many of the 16 information groups the lot should show by now."""
        return sum(each.state is not GroupState.NOT_DUE for each in self.groups)

    @property
    def groups_present(self) -> int:
        """How many of them it shows."""
        return sum(each.state is GroupState.PRESENT for each in self.groups)

    @property
    def groups_per_mille(self) -> int:
        """Share of the groups due that are present, in thousandths; 1000 when none is due."""
        return 1000 * self.groups_present // self.groups_due if self.groups_due else 1000


def completeness(
    lot: str, form: Form, stages_of: Mapping[str, frozenset[Stage]], parents_of: Mapping[str, tuple[str, ...]]
) -> Completeness:
    """Judge the way of `lot`.

    `stages_of` gives the stages that made or saw each lot; `parents_of` the lots each was made from.
    A way that shows no origin at all is missing every origin stage of a sown lot.
    """
    expected: set[Stage] = set()
    missing: set[Stage] = set()
    for seen in ways_to(lot, stages_of, parents_of):
        wanted = expected_stages(origin_kind(seen), form)
        expected.update(wanted)
        missing.update(stage for stage in wanted if stage not in seen)
    order = list(Stage)
    return Completeness(
        expected=tuple(sorted(expected, key=order.index)), missing=tuple(sorted(missing, key=order.index))
    )


def expected_stages(origin: Stage, form: Form) -> tuple[Stage, ...]:
    """Return the stages behind a lot of `form` that began with `origin`.

    >>> [stage.zh for stage in expected_stages(Stage.GATHERING, Form.SLICE)]
    ['野生采集', '产地初加工', '检验', '饮片炮制']
    """
    if form not in _AFTER:
        return ()
    return _BEFORE[origin] + _AFTER[form]


def origin_kind(seen: Set[str]) -> Stage:
    """Return how a way began; planting when it does not show."""
    return next((stage for stage in _BEFORE if stage in seen), Stage.PLANTING)


def ways_to(
    lot: str, marks_of: Mapping[str, Set[str]], parents_of: Mapping[str, tuple[str, ...]]
) -> frozenset[frozenset[str]]:
    """Return the distinct sets of marks of all ways to `lot`; parents before children, without recursion.

    A stage is its own mark.
    """
    known: dict[str, frozenset[frozenset[str]]] = {}
    stack = [lot]
    while stack:
        top = stack[-1]
        parents = parents_of.get(top, ())
        unknown = [parent for parent in parents if parent not in known]
        if unknown:
            stack.extend(unknown)
            continue
        behind = frozenset().union(*(known[parent] for parent in parents)) or frozenset({frozenset[str]()})
        known[top] = frozenset(way | marks_of.get(top, frozenset()) for way in behind)
        stack.pop()
    return known[lot]
