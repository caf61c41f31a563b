"""Published index values as JSON: decimals as text, days as dates, every count beside its value."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from api.publication.overview import Changes, NodeState, Overview, index_name
from api.publication.value_columns import COUNT_NAMES
from api.web.formats import local
from ledger.errors import Language
from priceindex.classification import Level, node_words
from priceindex.releases.observations import Observation
from priceindex.releases.series import NOT_COUNTED, Point, rounded


class CountsAnswer(BaseModel):
    """What a value rests on; null where a release of an older form did not tell it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    imputed_bp: int | None
    """Share of weight imputed, basis points."""
    stale_bp: int | None
    """Share of weight resting on earlier quotes, basis points."""
    quoted: int | None
    """Cells quoted in the period."""
    carried: int | None
    """Cells resting on an earlier quote."""
    missing: int | None
    """Cells without a price."""
    up: int | None
    """Cells dearer than in the period before."""
    down: int | None
    flat: int | None
    quotes: int | None
    """Quotes used."""
    markets: int | None
    grades: int | None
    sources: int | None
    trade_bp: int | None
    """Share of weight priced by recorded trades, basis points; the tiers below likewise."""
    market_bp: int | None
    web_bp: int | None
    judgement_bp: int | None
    left_out: int | None
    """Quotes of the period left out."""

    @classmethod
    def of(cls, point: Point) -> "CountsAnswer":
        """Return the counts of a point."""
        told = {name: int(getattr(point, name)) for name in COUNT_NAMES}
        return cls(**{name: None if count == NOT_COUNTED else count for name, count in told.items()})


class ValueAnswer(BaseModel):
    """One published value."""

    period: date = Field(description="First day of the period.")
    value: str | None = Field(
        description="Index points, every published digit; null where too much was imputed to publish one.",
        examples=["1012.3412"],
    )
    status: str = Field(description="P provisional, F final, R revised.", examples=["P"])
    withdrawn: bool = Field(description="The period is in the index no more; only told with `since`.")
    vintage: int = Field(description="Ordinal of the release that said it, within its family.")
    release: str = Field(examples=["bozhou-2025-12-31"])
    method: str = Field(examples=["bozhou@2"])
    published: datetime
    counts: CountsAnswer

    @classmethod
    def of(cls, told: Observation) -> "ValueAnswer":
        """Return an observation."""
        value = told.point.value
        return cls(
            period=told.point.day,
            value=None if value is None else format(value, "f"),
            status=told.status,
            withdrawn=told.withdrawn,
            vintage=told.vintage,
            release=told.release_id,
            method=told.method_id,
            published=local(told.published_ms, 0),
            counts=CountsAnswer.of(told.point),
        )


class ValuesAnswer(BaseModel):
    """One series, oldest period first."""

    family: str
    level: str
    node: str
    name: str
    frequency: str
    values: list[ValueAnswer]
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


class ChangesAnswer(BaseModel):
    """Movement in per cent, two decimals; null where there is nothing to compare with."""

    day: str | None = Field(description="Against the index day before.")
    week: str | None
    month: str | None
    year: str | None

    @classmethod
    def of(cls, changes: Changes) -> "ChangesAnswer":
        """Return the movements of a node."""
        return cls(**{name: percent(getattr(changes, name)) for name in ("day", "week", "month", "year")})


class IndexAnswer(BaseModel):
    """One index that can be followed, with its newest value."""

    family: str = Field(examples=["bozhou"])
    family_name: str
    standing: str = Field(description="draft, trial, official, suspended or terminated.", examples=["trial"])
    level: str = Field(examples=["herb"])
    node: str = Field(examples=["白芍"])
    name: str
    parent: str | None
    weight: str = Field(description="Share of the composite's weight at the last link, 0..1.")
    frequency: str = Field(examples=["day"])
    newest: ValueAnswer
    changes: ChangesAnswer

    @classmethod
    def of(cls, state: NodeState, overview: Overview, standing: str, language: Language) -> "IndexAnswer":
        """Return a node of the newest release of a family."""
        return cls(
            family=overview.release.family,
            family_name=index_name(overview.release, language),
            standing=standing,
            level=state.level.value,
            node=state.node,
            name=node_words(state.level, state.node, language),
            parent=state.parent,
            weight=format(state.weight, "f"),
            frequency=overview.frequency,
            newest=ValueAnswer.of(state.observation),
            changes=ChangesAnswer.of(state.changes),
        )


class IndexPage(BaseModel):
    """Indices by family, level and node."""

    indices: list[IndexAnswer]
    next: str | None = Field(description="Pass it on as `next` for the following page; null on the last.")


class ContributionAnswer(BaseModel):
    """Index points of the composite's change that come from one node."""

    level: str = Field(examples=["class"])
    node: str = Field(examples=["root"])
    name: str
    points: str = Field(examples=["-1.2034"])

    @classmethod
    def of(cls, level: Level, node: str, points: Decimal, language: Language) -> "ContributionAnswer":
        """Return one part."""
        named = node_words(level, node, language)
        return cls(level=level.value, node=node, name=named, points=format(points, "f"))


class ContributionsAnswer(BaseModel):
    """The composite's change between two index days, taken apart: each level adds up to the change."""

    family: str
    release: str = Field(description="The release whose inputs were used.")
    before: date
    day: date
    change_points: str
    contributions: list[ContributionAnswer]


class MoverAnswer(BaseModel):
    """A cell whose price, or a node whose index, differs between two index days."""

    level: str = Field(description="cell, or the level of the node.", examples=["cell"])
    node: str = Field(description="The node; of a cell herb|grade|origin|market.")
    name: str
    before: str = Field(description="Yuan per kilogram of a cell, index points of a node.")
    now: str
    change: str = Field(description="Per cent, two decimals.", examples=["5.26"])
    contribution: str | None = Field(
        None,
        description="Index points it gave the composite's change; null for a cell or a node of a cut.",
        examples=["0.4312"],
    )


class MoversAnswer(BaseModel):
    """What moved most between two index days."""

    family: str
    release: str
    before: date
    day: date
    movers: list[MoverAnswer]


def percent(change: Decimal | None) -> str | None:
    """Write a movement in per cent with two decimals, half-even.

    >>> percent(Decimal("5.265"))
    '5.26'
    """
    return None if change is None else rounded(change, 2)
