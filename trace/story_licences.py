"""Licences in a story: what the firms on the way had registered, and on which of their steps it held.

Whether a licence holds today is never said here: a page drawn once is read on many days.
"""

from collections.abc import Iterable, Sequence

from trace.registers.licences import Licence
from trace.registers.register_words import LicenceKind
from trace.story_parts import StoryLicence
from trace.story_reading import Way
from trace.tables import StepRow


def story_licences(found: Way) -> tuple[StoryLicence, ...]:
    """Return the licences that matter for what was done, by firm in the order of its first step.

    Of each kind those that held on at least one of the firm's steps; where none did, the newest, so that an
    expired one is seen for what it is. Steps declared wrong count for nothing.
    """
    done: dict[str, list[StepRow]] = {}
    for step in found.steps:
        if step.voided_by is None:
            done.setdefault(step.party, []).append(step)
    return tuple(
        each for party, steps in done.items() for each in _mattering(found.licences.get(party, ()), steps)
    )


def _mattering(registered: Iterable[Licence], done: Sequence[StepRow]) -> Iterable[StoryLicence]:
    by_kind: dict[LicenceKind, list[StoryLicence]] = {}
    for licence in registered:
        by_kind.setdefault(licence.kind, []).append(_said(licence, done))
    for like in by_kind.values():
        yield from [each for each in like if each.held] or like[-1:]


def _said(licence: Licence, done: Sequence[StepRow]) -> StoryLicence:
    return StoryLicence(
        party=licence.party,
        kind=licence.kind,
        number=licence.number,
        issuer=licence.issuer,
        valid_from_ms=licence.valid_from_ms,
        valid_until_ms=licence.valid_until_ms,
        withdrawn_ms=licence.withdrawn_ms,
        statement_id=licence.statement_id,
        held=tuple(step.step_id for step in done if licence.holds(step.event_ms)),
        lapsed=tuple(step.step_id for step in done if not licence.holds(step.event_ms)),
    )
