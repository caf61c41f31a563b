"""What a process under trial was seen to promise: ids it acknowledged, heads it published, in order.

One `writev` per line into a file opened for appending: a killed process leaves whole lines, and trials
that make `write` fail do not reach it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LINE_FEED_MARK = "\x1f"
"""Stands for a line feed within a published head."""


class Pen:
    """Writes a diary; one for all threads of the process."""

    def __init__(self, path: Path, also: Callable[[str, str], None] = lambda _, __: None) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._also = also

    def write(self, word: str, rest: str = "") -> None:
        """Append one line, and tell whoever else keeps account."""
        line = f"{word} {rest}".replace("\n", LINE_FEED_MARK) + "\n"
        os.writev(self._file, [line.encode()])
        self._also(word, rest)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


@dataclass
class Diary:
    """What was promised."""

    acknowledged: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    """Published checkpoints, in the order in which they were seen."""
    refused: list[str] = field(default_factory=list)
    """Faults that came back instead of an acknowledgement."""
    ready: int = 0
    """How many starts reached readiness."""
    start_cpu_ms: int = 0
    """Most processor time a start took, in milliseconds: what a busy machine does not lengthen."""
    ended: int = 0
    """How many runs came to the end of their plan."""

    died: list[str] = field(default_factory=list)
    """What ended runs before their time."""

    def take(self, word: str, rest: str) -> None:
        """Take in one line."""
        match word:
            case "ack":
                self.acknowledged.append(rest)
            case "head":
                self.heads.append(rest)
            case "refused":
                self.refused.append(rest)
            case "ready":
                self.ready += 1
                self.start_cpu_ms = max(self.start_cpu_ms, int(rest))
            case "end":
                self.ended += 1
            case "died":
                self.died.append(rest)
            case _:
                raise ValueError(f"no such line in a diary: {word}")


def read_diary(path: Path) -> Diary:
    """Read a diary; one that was never begun is empty, and a last line half written is passed over."""
    diary = Diary()
    text = path.read_text("utf-8") if path.exists() else ""
    for line in text.split("\n")[:-1]:
        word, _, rest = line.partition(" ")
        diary.take(word, rest.replace(LINE_FEED_MARK, "\n"))
    return diary
