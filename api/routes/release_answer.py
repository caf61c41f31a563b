"""Releases 发布 and their series as JSON: decimals as text, days as dates, nothing rounded twice."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.publication.overview import index_name
from api.web.formats import local
from ledger.errors import Language
from priceindex.classification import node_words
from priceindex.releases.exclusions import Exclusion
from priceindex.releases.series import COUNTS, Point, Series, rounded
from priceindex.service import NodeLine, Release


class LeftOutAnswer(BaseModel):
    """Quotes of the basket that did not count, by the reason that kept them out."""

    rule: str = Field(description="Code of the rule, or several joined by spaces.")
    why: str
    quotes: int = Field(description="How many.")
    herbs: list[str]

    @classmethod
    def of(cls, exclusion: Exclusion, language: Language) -> "LeftOutAnswer":
        """Return one reason in words."""
        return cls(
            rule=exclusion.rule,
            why=exclusion.words(language),
            quotes=exclusion.quotes,
            herbs=list(exclusion.herbs),
        )


class ReleaseAnswer(BaseModel):
    """One publication of one family; never changed afterwards."""

    id: str = Field(examples=["bozhou-2025-12-31"])
    family: str = Field(examples=["bozhou"])
    name: str
    method: str = Field(examples=["bozhou@1"])
    method_sha256: str
    status: str = Field(examples=["trial"])
    revision: int = Field(description="0 for the first release of its last day.")
    vintage: int = Field(description="Number of the release within its family.")
    through: date = Field(description="Last day that has a value.")
    value: str = Field(
        description="Composite of the last day, two decimals, half-even.", examples=["1012.34"]
    )
    value_unrounded: str
    input_digest: str = Field(
        description="SHA-256 of the input bundle; its statement in the log holds it too."
    )
    values_digest: str
    as_of: datetime = Field(description="Quotes recorded later were not used.")
    published: datetime
    due: datetime | None = Field(description="When the calendar said; null outside the calendar.")
    sealed_statement: str | None = Field(
        description="Statement that put its digests into the log before it was public."
    )
    left_out: list[LeftOutAnswer] = Field(description="Quotes that did not count; the bundle lists each.")
    statement_id: str
    index: int | None = Field(
        description="Place of its entry in the log; null while the statement waits to be integrated."
    )

    @classmethod
    def of(cls, release: Release, index: int | None, language: Language) -> "ReleaseAnswer":
        """Return a release."""
        return cls(
            id=release.release_id,
            family=release.family,
            name=index_name(release, language),
            method=release.method_id,
            method_sha256=release.method_sha256,
            status=str(release.status),
            revision=release.revision,
            vintage=release.ordinal,
            through=release.last_day,
            value=rounded(release.headline, 2),
            value_unrounded=str(release.headline),
            input_digest=release.bundle_sha256,
            values_digest=release.values_sha256,
            as_of=local(release.as_of_ms, 0),
            published=local(release.published_ms, 0),
            due=None if release.due_ms is None else local(release.due_ms, 0),
            sealed_statement=release.sealed_statement,
            left_out=[LeftOutAnswer.of(each, language) for each in release.summary.exclusions],
            statement_id=release.statement_id,
            index=index,
        )


class ReleasePage(BaseModel):
    """Releases, newest first."""

    releases: list[ReleaseAnswer]
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


class NodeAnswer(BaseModel):
    """The last value of one node of the tree."""

    level: str = Field(examples=["class"])
    node: str = Field(examples=["root"])
    name: str
    parent: str | None
    weight: str = Field(description="Share of the composite's weight at the last link.")
    value: str | None = Field(description="Last value, two decimals; null where none was published.")

    @classmethod
    def of(cls, line: NodeLine, language: Language) -> "NodeAnswer":
        """Return a node."""
        return cls(
            level=line.level.value,
            node=line.node,
            name=node_words(line.level, line.node, language),
            parent=line.parent,
            weight=str(line.weight),
            value=None if line.last_value is None else rounded(line.last_value, 2),
        )


class ReleaseWhole(ReleaseAnswer):
    """A release with the last value of every node."""

    nodes: list[NodeAnswer]


class PointAnswer(BaseModel):
    """One period of a series; a count is -1 where a release of an older form did not tell it."""

    day: date = Field(description="First day of the period.")
    value: str | None = Field(description="Two decimals, half-even; null where too much was imputed.")
    value_unrounded: str | None
    imputed_bp: int = Field(description="Share of weight imputed, basis points.")
    stale_bp: int = Field(description="Share of weight resting on earlier quotes, basis points.")
    quoted: int = Field(description="Cells quoted in that very period.")
    carried: int = Field(description="Cells for which an earlier quote stands in.")
    missing: int
    up: int
    down: int
    flat: int
    quotes: int
    markets: int
    grades: int
    sources: int
    trade_bp: int = Field(description="Share of weight priced by recorded trades, basis points.")
    market_bp: int
    web_bp: int
    judgement_bp: int
    left_out: int = Field(description="Quotes of the period that did not count.")

    @classmethod
    def of(cls, point: Point) -> "PointAnswer":
        """Return a point."""
        return cls(
            day=point.day,
            value=point.shown(),
            value_unrounded=None if point.value is None else str(point.value),
            **{name: getattr(point, name) for name in COUNTS},
        )


class SeriesAnswer(BaseModel):
    """One node over all its days."""

    release: str
    level: str
    node: str
    frequency: str
    name: str
    points: list[PointAnswer]

    @classmethod
    def of(cls, release_id: str, series: Series, language: Language) -> "SeriesAnswer":
        """Return a series."""
        return cls(
            release=release_id,
            level=series.level.value,
            node=series.node,
            frequency=series.frequency,
            name=node_words(series.level, series.node, language),
            points=[PointAnswer.of(point) for point in series.points],
        )
