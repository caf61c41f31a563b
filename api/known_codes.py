"""Codes that were read a moment ago, with the answers that were given for them."""

from typing import Final, NamedTuple

from api.ready_answers import Ready
from trace.coding.trace_code import Decoded

_MOST: Final = 8192


class _Known(NamedTuple):
    named: Decoded
    commits: int
    until: float
    answers: dict[str, Ready]
    """By the name of the manner they were asked for in."""


class KnownCodes:
    """Forgotten altogether where there are too many: what is known of each may be told for a moment only."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._ending: set[str] = set()

    def named(self, code: str) -> Decoded | None:
        """Return what a code names, None where that has to be worked out."""
        known = self._known.get(code)
        return None if known is None else known.named

    def answer(self, code: str, manner: str, commits: int, now: float) -> Ready | None:
        """Return the answer that may still be given after so many commits of this process, at this time."""
        known = self._known.get(code)
        if known is None or known.commits != commits or known.until < now:
            return None
        return known.answers.get(manner)

    def ends(self, code: str, by: float) -> bool:
        """Say whether what is known of a code may be told up to that time only, for the first time asked."""
        known = self._known.get(code)
        if known is None or known.until >= by or code in self._ending:
            return False
        self._ending.add(code)
        return True

    def keep(self, named: Decoded, manner: str, answer: Ready, commits: int, until: float) -> None:
        """Keep an answer, unless what is kept of its code was read later; with it goes all read earlier."""
        known = self._known.get(named.code)
        if known is not None and known.until > until:
            return
        if known is None or known.commits != commits or known.until < until:
            if len(self._known) >= _MOST:
                self._known.clear()
                self._ending.clear()
            self._ending.discard(named.code)
            known = self._known[named.code] = _Known(named, commits, until, {})
        known.answers[manner] = answer
