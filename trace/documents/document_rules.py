"""Does what a step names exist? A report that was never uploaded is said to be missing."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from trace.documents.document_world import documents_named
from trace.findings import Finding
from trace.rulebook import broken
from trace.steps import Step

if TYPE_CHECKING:
    from trace.world import Before

_SHOWN: Final = 16
"""Digits of a hash that tell documents apart in a message."""


def _missing(step: Step, before: "Before") -> Iterator[Finding]:
    kept = before.documents.kept if before.documents is not None else frozenset()
    raw = {said.document for said in step.sensors}
    for sha256 in documents_named(step):
        if sha256 not in kept and sha256 not in raw:  # `sensor.no_series` says so
            yield broken("document.missing", None, document=sha256[:_SHOWN])


DOCUMENT_RULES: "Final[tuple[Callable[[Step, Before], Iterator[Finding]], ...]]" = (_missing,)
