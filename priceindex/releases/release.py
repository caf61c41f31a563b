"""A release 发布: what was published, when, by which method, from which inputs.

A release is never changed. What turns out wrong is published again as a further revision, and the
log keeps both statements: they chain under the subject `release/<family>`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, cast

from ledger.canonical import JsonValue, canonical, parse
from ledger.entry import Statement
from priceindex.classification import Level
from priceindex.engine.contributions import Contribution
from priceindex.engine.index_run import IndexRun
from priceindex.engine.movers import Mover, Span
from priceindex.quotes import Cell
from priceindex.releases.exclusions import Exclusion
from priceindex.releases.series import Series, rounded

STATEMENT_KIND: Final = "release"
MOVERS_KEPT: Final = 20
"""Movers a release lists; the rest can be read off the series."""
_COUNTS: Final = ("quoted", "carried", "missing", "up", "down", "flat")


class ReleaseStatus(StrEnum):
    """How far the index has come (Decree 22 of 2024 and its guide: six months of trial first)."""

    DRAFT = "draft"
    TRIAL = "trial"
    OFFICIAL = "official"

    def words(self, language: str) -> str:
        """Name the status for people.

        >>> ReleaseStatus.TRIAL.words("zh")
        '试运行'
        """
        zh, en = _STATUS_WORDS[self]
        return zh if language == "zh" else en


_STATUS_WORDS = {
    ReleaseStatus.DRAFT: ("草稿", "draft"),
    ReleaseStatus.TRIAL: ("试运行", "trial"),
    ReleaseStatus.OFFICIAL: ("正式", "official"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the last day's composite rests on, and what moved it."""

    cells: int
    """Cells of the basket."""
    quoted: int
    carried: int
    missing: int
    up: int
    down: int
    flat: int
    imputed_bp: int
    """Share of weight imputed, in basis points."""
    stale_bp: int
    """Share of weight resting on quotes of earlier days, in basis points."""
    left_out: int
    """Quotes kept out of the whole computation; the bundle lists them."""
    exclusions: tuple[Exclusion, ...]
    """The same by reason, the commonest first."""
    weights: str
    """`declared_equal`, or `turnover` with its source and reference period."""
    change_points: Decimal
    link_points: Decimal
    contributions: tuple[Contribution, ...]
    """Classes and herbs; see `priceindex.engine.movers`."""
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One publication of one family."""

    release_id: str
    family: str
    ordinal: int
    """Number of the release within its family: the vintage 版次 of what it said first."""
    method_id: str
    method_sha256: str
    status: ReleaseStatus
    revision: int
    until: datetime.date
    """The last day asked for."""
    last_day: datetime.date
    """The last day that has a value."""
    bundle_sha256: str
    values_sha256: str
    form: int
    """Form of the values digest; see `priceindex.releases.series` and `values_form_1`."""
    kept: int
    """Digits after the point of every value."""
    final_after_days: int
    as_of_ms: int
    published_ms: int
    due_ms: int | None
    """When the calendar said it was due; None outside the calendar."""
    statement_id: str
    sealed_statement: str | None
    """Statement that put its digests into the log before the embargo ended."""
    headline: Decimal
    """The composite of the last day, unrounded."""
    summary: Summary

    def shown(self, digits: int = 2) -> str:
        """The headline rounded half-even for display."""
        return rounded(self.headline, digits)


def release_id(family: str, last_day: datetime.date, revision: int) -> str:
    """The id of a release.

    >>> [release_id("bozhou", datetime.date(2025, 12, 31), revision) for revision in (0, 2)]
    ['bozhou-2025-12-31', 'bozhou-2025-12-31-r2']
    """
    return f"{family}-{last_day.isoformat()}" + (f"-r{revision}" if revision else "")


def summarise(run: IndexRun, composite: Series, moved: Span) -> Summary:
    """Sum up the last day of a run."""
    last = composite.last
    return Summary(
        cells=len(run.inputs.cells),
        **{name: cast("int", getattr(last, name)) for name in _COUNTS},
        imputed_bp=last.imputed_bp,
        stale_bp=last.stale_bp,
        left_out=len(run.inputs.left_out),
        exclusions=run.exclusions,
        weights=run.weights_words,
        change_points=moved.change_points,
        link_points=moved.link_points,
        contributions=tuple(part for part in moved.contributions if part.level is not Level.GRADE),
        movers=moved.movers[:MOVERS_KEPT],
    )


def summary_text(summary: Summary) -> str:
    """The summary as canonical JSON."""
    told: dict[str, JsonValue] = {
        name: cast("int", getattr(summary, name))
        for name in ("cells", *_COUNTS, "imputed_bp", "stale_bp", "left_out")
    }
    told["exclusions"] = [[each.rule, each.quotes, list(each.herbs)] for each in summary.exclusions]
    told["weights"] = summary.weights
    told["change_points"] = format(summary.change_points, "f")
    told["link_points"] = format(summary.link_points, "f")
    told["contributions"] = [
        [str(part.level), part.node, format(part.points, "f")] for part in summary.contributions
    ]
    told["movers"] = [
        [*mover.cell, mover.before_fen_per_kg, mover.now_fen_per_kg] for mover in summary.movers
    ]
    return canonical(told).decode()


def summary_of(text: str) -> Summary:
    """Return the summary that `summary_text` wrote."""
    told = cast("Mapping[str, int]", parse(text.encode()))
    parts = cast("list[tuple[str, str, str]]", told["contributions"])
    movers = cast("list[tuple[str, str, str, str, int, int]]", told["movers"])
    kept_out = cast("list[tuple[str, int, list[str]]]", told["exclusions"])
    return Summary(
        **{name: told[name] for name in ("cells", *_COUNTS, "imputed_bp", "stale_bp", "left_out")},
        exclusions=tuple(
            Exclusion(rule=rule, quotes=count, herbs=tuple(herbs)) for rule, count, herbs in kept_out
        ),
        weights=str(told["weights"]),
        change_points=Decimal(told["change_points"]),
        link_points=Decimal(told["link_points"]),
        contributions=tuple(
            Contribution(level=Level(level), node=node, points=Decimal(points))
            for level, node, points in parts
        ),
        movers=tuple(
            Mover(cell=Cell(*line[:4]), before_fen_per_kg=line[4], now_fen_per_kg=line[5]) for line in movers
        ),
    )


def statement_of(release: Release, headline: list[Series]) -> Statement:
    """What the publisher states about a release: digests, method, and the values of the top levels."""
    values: list[JsonValue] = [
        [str(one.level), one.node, None if one.last.value is None else format(one.last.value, "f")]
        for one in headline
    ]
    return Statement(
        id=release.statement_id,
        kind=STATEMENT_KIND,
        subject=f"release/{release.family}",
        at_ms=release.published_ms,
        public={
            "release": release.release_id,
            "family": release.family,
            "method": release.method_id,
            "method_sha256": release.method_sha256,
            "status": str(release.status),
            "revision": release.revision,
            "until": release.until.isoformat(),
            "last_day": release.last_day.isoformat(),
            "ordinal": release.ordinal,
            "form": release.form,
            "kept": release.kept,
            "due_ms": release.due_ms,
            "sealed": release.sealed_statement,
            "as_of_ms": release.as_of_ms,
            "bundle_sha256": release.bundle_sha256,
            "values_sha256": release.values_sha256,
            "weights": release.summary.weights,
            "values": values,
        },
    )
