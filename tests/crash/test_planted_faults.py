"""Every trial can fail: with a fault planted it goes red, and for that fault."""

from collections.abc import Iterator

import pytest

from crash.planted_trials import PLANTED, PlantedTrial
from crash.strace import strace_program


def _trials() -> Iterator[object]:
    for planted in PLANTED:
        marks = [pytest.mark.postgresql] if planted.trial == "postmaster" else []
        yield pytest.param(planted, id=planted.name, marks=marks)


@pytest.mark.parametrize("planted", list(_trials()))
def test_a_planted_fault_is_seen(planted: PlantedTrial) -> None:
    if planted.needs_strace and strace_program() is None:
        pytest.skip("strace is not installed: this planted fault was not tried")
    found = planted.run(7)
    assert planted.sees(found), f"not seen; found only {dict(found.breaches)}"
