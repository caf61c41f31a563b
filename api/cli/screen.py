"""What a command shows: results on standard output, everything said about them on standard error.

Messages come from `phrases`, so each exists in both languages; rich draws tables and progress.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from api.cli.errors import ServiceFaults
from api.cli.phrases import phrase
from ledger.errors import DaodiError, Language, Location, ManyFaults

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

SHOWN_FAULTS = 50
"""Rows of a fault table on the screen; a report file holds them all."""
_SHEET = re.compile(r"［([^［］]*)］\Z")
"""The sheet of a workbook, as `trace.sheets` writes it after the file's name."""


class Screen:
    """Where one command writes, and in which language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    @cached_property
    def out(self) -> "Console":
        """Standard output: what was asked for, fit for a pipe."""
        from rich.console import Console

        return Console(highlight=False, emoji=False, soft_wrap=True)

    @cached_property
    def err(self) -> "Console":
        """Standard error: progress, remarks, faults."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

    def words(self, key: str, /, **parts: object) -> str:
        """Return one phrase in this screen's language."""
        return phrase(key, self.language, **parts)

    def show(self, key: str, /, **parts: object) -> None:
        """Print one phrase as a result."""
        self.plain(self.words(key, **parts))

    def plain(self, text: str) -> None:
        """Print `text` as a result, just as it is."""
        self.out.print(text, markup=False)

    def remark(self, key: str, /, **parts: object) -> None:
        """Say something about the work, on standard error."""
        self.err.print(self.words(key, **parts), markup=False)

    def table(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        title: str | None = None,
        whole: Sequence[str] = (),
    ) -> None:
        """Print a table; `heads` are keys of phrases, columns named in `whole` are never broken."""
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left", title_style="bold")
        for head in heads:
            table.add_column(self.words(head), overflow="fold", no_wrap=head in whole)
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self.out.print(table, soft_wrap=False)

    @contextmanager
    def progress(self, key: str, total: int | None = None) -> Iterator["Progress"]:
        """Show a bar named by the phrase `key` on standard error while the block runs."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = [TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
        if total is not None:
            columns.insert(2, MofNCompleteColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            bar.add_task(self.words(key), total=total)
            yield bar

    def fault(self, error: DaodiError) -> None:
        """Say what is wrong, where, and what to do."""
        self.err.print(
            self.words("fault", message=error.message(self.language)), markup=False, style="bold red"
        )
        where = error.at.words(self.language)
        if where:
            self.err.print(self.words("fault.where", where=where), markup=False)
        if error.at.value is not None:
            self.err.print(self.words("fault.value", value=error.at.value), markup=False)
        self.err.print(self.words("fault.remedy", remedy=error.remedy(self.language)), markup=False)
        if isinstance(error, ManyFaults):
            self.faults(error.faults)
        if isinstance(error, ServiceFaults) and error.left_out:
            self.remark("fault.left_out", count=error.left_out)

    def faults(self, faults: Sequence[DaodiError]) -> None:
        """Draw the first `SHOWN_FAULTS` faults of a file as a table on standard error."""
        from rich.table import Table
        from rich.text import Text

        table = Table()
        heads = ("head.row", "head.field", "head.value", "head.fault", "head.remedy")
        in_sheets = any(sheet_of(fault.at) for fault in faults)
        for head in ("head.sheet", *heads) if in_sheets else heads:
            table.add_column(self.words(head), overflow="fold")
        for fault in faults[:SHOWN_FAULTS]:
            at = fault.at
            sheet = (sheet_of(at),) if in_sheets else ()
            cells = (*sheet, "" if at.row is None else str(at.row), at.field or "", at.value or "")
            table.add_row(*map(Text, (*cells, fault.message(self.language), fault.remedy(self.language))))
        self.err.print(table, soft_wrap=False)
        if len(faults) > SHOWN_FAULTS:
            self.remark("fault.more", count=len(faults) - SHOWN_FAULTS)


def sheet_of(at: Location) -> str:
    """Return the sheet of the workbook a fault stands in; empty for other files.

    >>> sheet_of(Location(file="season.xlsx［环节］", row=5)), sheet_of(Location(file="quotes.csv"))
    ('环节', '')
    """
    found = _SHEET.search(at.file or "")
    return found[1] if found else ""
