"""Trials write no log lines here, and leave the logging of other tests as it was."""

from collections.abc import Iterator

import pytest
import structlog

from crash.ground import silence
from crash.strace import strace_program


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    before = structlog.get_config()
    silence()
    yield
    structlog.configure(**before)


@pytest.fixture
def strace() -> str:
    """The path of strace; skip loudly without it."""
    program = strace_program()
    if program is None:
        pytest.skip("strace is not installed: no fault was injected into system calls (apt install strace)")
    return program
