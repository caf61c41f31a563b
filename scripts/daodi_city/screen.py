"""How the demo looks on a terminal: tables, bars, addresses. Everything said is in `words`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from daodi_city.addresses import Address
from daodi_city.behaviour import Behaviour
from daodi_city.city import City
from daodi_city.outcome import Outcome
from daodi_city.stories import Story
from daodi_city.visitors import Visitor
from daodi_city.words import say
from ledger.errors import Language

_TARGETS = {
    "flat_days": ("{:.1%}", "97 %"),
    "step_median": ("{:.1%}", "5 %"),
    "step_p90": ("{:.1%}", "9.5 %"),
    "same_sign": ("{:.0%}", "81 %"),
    "whole_yuan": ("{:.0%}", "92 %"),
    "longest_flat_median": ("{:.0f}", "50-160"),
    "holiday_lift": ("{:.1f}", "> 5"),
    "spread_median": ("{:.1%}", "17 %"),
}
"""How each measured figure is written, and what real quotes gave (domain §3.5, forecast finding 1)."""


class Screen:
    """Where the demo writes, and in which language."""

    def __init__(self, language: Language, console: Console | None = None) -> None:
        self.language: Language = language
        self.console = console or Console(highlight=False, emoji=False)

    def say(self, key: str, **parts: object) -> None:
        """Print one phrase."""
        self.console.print(self.words(key, **parts), markup=False, soft_wrap=True)

    def words(self, key: str, **parts: object) -> str:
        """Return one phrase in this screen's language."""
        return say(key, self.language, **parts)

    @contextmanager
    def bar(self, key: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a progress bar while the block runs; the call it gives adds to it."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(self.words(key), total=total)
            yield lambda count: progress.advance(task, count)

    def counts(self, city: City, loaded: dict[str, int]) -> None:
        """Print how much of everything the city holds."""
        table = self._table("counts", ("what", "count"))
        for key, count in (_counts(city) | loaded).items():
            table.add_row(self.words(key), f"{count:,}")
        self.console.print(table)

    def stories(self, told: Sequence[Story]) -> None:
        """Print what was planted in the prices: invented, and said to be."""
        table = self._table("stories", ("story", "since", "warned"))
        for story in told:
            table.add_row(self.words(f"story.{story.name}"), str(story.begins), str(story.promised))
        self.console.print(table)

    def behaviour(self, measured: Behaviour) -> None:
        """Print the stylised facts of the quotes beside those of real ones."""
        table = self._table("behaviour", ("what", "measured", "target"))
        for key, (form, target) in _TARGETS.items():
            table.add_row(self.words(key), form.format(getattr(measured, key)), target)
        self.console.print(table)

    def outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Print every check with its figures, pass or fail in words."""
        table = self._table("checks", ("check", "figures", "verdict"))
        for outcome in outcomes:
            verdict = Text(
                self.words("passed" if outcome.passed else "failed"),
                "green" if outcome.passed else "bold red",
            )
            table.add_row(Text(outcome.name(self.language)), Text(outcome.figures(self.language)), verdict)
        self.console.print(table)

    def addresses(self, addresses: Sequence[Address]) -> None:
        """Print the addresses to open, one a line, never wrapped or abbreviated."""
        self.say("open")
        told = [(self.words(each.key, pin=each.pin), each.url) for each in addresses]
        widest = max(cell_len(words) for words, _ in told)
        for words, url in told:
            self.console.print(f"  {set_cell_size(words, widest)}  {url}", markup=False, soft_wrap=True)

    def visitors(self, visitors: Sequence[Visitor], url: str, file: Path) -> None:
        """Print what to sign in with, one account a line, never wrapped or abbreviated."""
        self.say("visitors", url=url, file=file)
        heads = [self.words(f"visitors.{head}") for head in ("name", "password", "page", "secret")]
        rows = [heads, *([one.name, one.password, one.page, one.secret or "-"] for one in visitors)]
        widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
            self.console.print("  " + "  ".join(cells).rstrip(), markup=False, soft_wrap=True)
        self.say("visitors.factor")

    def _table(self, title: str, heads: Sequence[str]) -> Table:
        table = Table(title=self.words(title), title_justify="left", title_style="bold")
        for head in heads:
            table.add_column(
                self.words(head),
                overflow="fold",
                justify="right" if head in ("count", "measured") else "left",
            )
        return table


def _counts(city: City) -> dict[str, int]:
    households = city.citizens.all()
    return {
        "parties": len(households),
        "places": sum(len(household.places) for household in households),
        "herbs": len(city.crops),
        "licences": len(city.papers.licences),
        "lots": city.lots,
        "steps": len(city.steps),
        "acts": len(city.chapters.acts),
        "packs": city.packs,
        "grades": len(set(city.panel.grades)),
        "cells": len(city.panel.grades),
        "price_acts": len(city.price_acts),
        "scans": len(city.scans),
        "faults": len(city.faults),
    }
