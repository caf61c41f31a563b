"""The first page of the desk: key figures of a quarter against the one before, and what waits now."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.desk_asked import Asked
from api.web.formats import Formats
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.supervision.key_figures import KeyFigures
from trace.supervision.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: it leads to what is behind it."""

    name: str
    value: str
    href: str
    soft: str = ""
    """Of how many, or how it moved since the quarter before."""
    tone: str = ""
    """good, doubt or bad, where the figure is something to look at; the words say so too."""
    known: bool = True
    """Whether there is a figure at all: where nothing can be counted, words stand in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What waits for a regulator now, whatever the quarter; None where the reader may not know."""

    recalls: int
    complaints: int
    overdue: int
    draws: int
    warnings: int | None
    quarantined: int | None


def quarter_figures(
    now: KeyFigures, before: KeyFigures, asked: Asked, reader: WorkReader, words: Words
) -> list[Figure]:
    """Arrange the figures of a quarter."""
    shares = (
        (words("desk_figure.coverage"), "/desk/coverage", now.covered, before.covered),
        (words("desk_figure.inspected"), "/desk/inspections", now.rates.inspected, before.rates.inspected),
        (
            words("desk_figure.inspections_passed"),
            "/desk/inspections",
            now.rates.inspections_passed,
            before.rates.inspections_passed,
        ),
        (words("desk_figure.tested"), "/desk/coverage", now.rates.tested, before.rates.tested),
        (
            words("desk_figure.tests_passed"),
            "/desk/coverage",
            now.rates.tests_passed,
            before.rates.tests_passed,
        ),
    )
    counts = (
        (words("desk_figure.steps"), "/desk/coverage", now.steps, before.steps, False),
        (words("desk_figure.strangers"), "/desk/coverage", now.strangers, before.strangers, True),
        (words("desk_figure.oversold"), "/desk/oversell", now.oversold, before.oversold, True),
        (words("desk_figure.unexplained"), "/desk/oversell", now.unexplained, before.unexplained, True),
        (words("desk_figure.late"), "/desk/late", now.late, before.late, True),
        (words("desk_figure.missing"), "/desk/late", now.missing, before.missing, True),
        (words("desk_figure.suspicious"), "/desk/scans", now.suspicious, before.suspicious, True),
    )
    found = [
        Figure(
            name=name,
            href=reader.link(path, **asked.kept),
            known=one.per_mille is not None,
            **_share(one, other, words),
        )
        for name, path, one, other in shares
    ]
    return found + [
        Figure(
            name=name,
            href=reader.link(path, **asked.kept),
            value=Formats(words.language).number(one),
            soft=_moved(one - other, words),
            tone="doubt" if bad and one else "",
        )
        for name, path, one, other, bad in counts
    ]


def waiting_figures(standing: Standing, asked: Asked, reader: WorkReader, words: Words) -> list[Figure]:
    """Arrange what waits now; what the reader may not know is left out."""
    counts: Sequence[tuple[str, str, int | None]] = (
        (words("desk_figure.warnings"), "/desk/warnings", standing.warnings),
        (words("desk_figure.recalls"), "/desk/recalls", standing.recalls),
        (words("desk_figure.complaints"), "/desk/complaints", standing.complaints),
        (words("desk_figure.overdue"), "/desk/inspections", standing.overdue),
        (words("desk_figure.draws"), "/desk/draws", standing.draws),
        (words("desk_figure.quarantined"), "/desk/quarantine", standing.quarantined),
    )
    return [
        Figure(
            name=name,
            href=reader.link(path, **asked.kept),
            value=Formats(words.language).number(count),
            soft=words("desk_figure.to_do") if count else words("desk_figure.nothing"),
            tone="doubt" if count else "good",
        )
        for name, path, count in counts
        if count is not None
    ]


def _share(now: Rate, before: Rate, words: Words) -> dict[str, str]:
    formats = Formats(words.language)
    of = words("desk_figure.of", part=formats.number(now.part), whole=formats.number(now.whole))
    if now.per_mille is None:
        return {"value": words("desk_figure.unknown"), "soft": words("desk_figure.of_nothing")}
    if before.per_mille is None:
        return {"value": formats.share(now.per_mille / 1000), "soft": of}
    moved = words("desk_figure.points", points=_signed((now.per_mille - before.per_mille) / 10, 1, words))
    return {"value": formats.share(now.per_mille / 1000), "soft": f"{of} · {moved}"}


def _moved(by: int, words: Words) -> str:
    if by == 0:
        return words("desk_figure.same")
    return words("desk_figure.moved", by=_signed(by, 0, words))


def _signed(value: float, decimals: int, words: Words) -> str:
    written = Formats(words.language).number(abs(value), decimals)
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{written}"
