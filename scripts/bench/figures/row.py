"""One line of a table of figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure, the baseline measured beside it in the same run, and the verdict on the target.

    >>> Row(what="fsck", ours="410,000/s", target="300,000/s a core", met=True).verdict
    'met'
    """

    what: str
    """What is measured, in the words of the issue."""
    ours: str
    """Our figure with its unit and, where it was measured several times, its spread."""
    baseline: str = ""
    """The figure ours is held against, from the same run; empty for an absolute target."""
    ratio: float | None = None
    """Ours over the baseline, turned so that more is better; None without a baseline."""
    target: str = ""
    """What is asked; empty for a line that only informs."""
    met: bool | None = None
    """Whether the target is reached; None where none is set."""
    note: str = ""
    """What a reader has to know: sizes, what was injected, what shared the machine."""

    @property
    def verdict(self) -> str:
        """The last column: met, MISSED, or nothing where no target is set."""
        return {True: "met", False: "MISSED", None: ""}[self.met]
