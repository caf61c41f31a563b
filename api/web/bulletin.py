"""The bulletin 公报 of a release: all it says, in one language, ready to be set as a page or printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from api.publication.moves import Moves
from api.publication.overview import Changes, NodeState, Overview, family_of, index_name
from api.web.formats import Formats
from api.web.index_drawing import PartsDrawing, draw_parts
from api.web.index_page import MOVERS, PriceMove, price_moves
from api.web.node_names import node_name
from api.web.notice_words import notice_words
from api.web.words import Words
from priceindex.classification import COMPOSITE, Level
from priceindex.engine.contributions import Contribution
from priceindex.releases.notices import Notice
from priceindex.releases.series import NOT_COUNTED, Point

Row = tuple[str, ...]
_COUNTS: Final = (
    ("quotes", "quotes"),
    ("markets", "market_count"),
    ("grades", "grade_count"),
    ("sources", "source_count"),
    ("quoted", "quoted"),
    ("carried", "carried"),
    ("missing", "missing"),
)
_SHARES: Final = (
    ("imputed_bp", "imputed"),
    ("stale_bp", "stale"),
    ("trade_bp", "trade_share"),
    ("market_bp", "market_share"),
    ("web_bp", "web_share"),
    ("judgement_bp", "judgement_share"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: headings and rows of text; every column but the first is a number."""

    caption: str
    headings: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """Everything a bulletin says."""

    release_id: str
    last_day: date
    published_ms: int
    title: str
    lead: str
    headline: str
    base_points: str
    changes: tuple[tuple[str, str], ...]
    classes: Table
    prices: Table
    week: Table
    """The herbs that rose and fell most over a week; no row where the index is younger."""
    parts: tuple[tuple[str, Decimal, str], ...]
    """Contribution of each class: name, index points, the points as written."""
    parts_unit: str
    drawing: PartsDrawing | None
    counts: tuple[tuple[str, str], ...]
    exclusions: tuple[str, ...]
    notices: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    verify: str
    command: str
    address: str
    words: Words


def bulletin_of(
    overview: Overview,
    week: Moves,
    told: Sequence[Notice],
    entry: int | None,
    base_url: str,
    vkey: str,
    words: Words,
) -> Bulletin:
    """Write the bulletin of a release.

    `week` are the movements of its herbs over a week, `entry` its place in the log, None while it waits.
    """
    release, formats, language = overview.release, Formats(words.language), words.language
    family = family_of(release)
    top = overview.find(Level.COMPOSITE, COMPOSITE)
    if top is None:
        raise LookupError(release.release_id)
    moved = [each for each in release.summary.contributions if each.level is Level.CLASS]
    return Bulletin(
        release_id=release.release_id,
        last_day=release.last_day,
        published_ms=release.published_ms,
        title=words("bulletin.title", name=index_name(release, language)),
        lead=words(
            "bulletin.lead",
            day=formats.day(release.last_day),
            published=formats.moment(release.published_ms),
            status=words(f"index.status_{release.status}"),
            release=release.release_id,
        ),
        headline=formats.index(release.headline),
        base_points=words("bulletin.headline", day=formats.day(release.last_day)),
        changes=_changes(top.changes, words),
        classes=_classes(overview.of(Level.CLASS), words),
        prices=_prices(*price_moves(release.summary.movers), words),
        week=_week(week, words),
        parts=_parts(moved, words),
        parts_unit=words("index.parts_unit", points=formats.points(release.summary.change_points)),
        drawing=draw_parts(moved, words),
        counts=_counts(top.observation.point, words),
        exclusions=tuple(
            words("index.left_out_reason", why=each.words(language), count=formats.number(each.quotes))
            for each in release.summary.exclusions
        ),
        notices=tuple(notice_words(each, words) for each in told),
        facts=(
            (words("index.method"), release.method_id),
            (words("bulletin.method_digest"), release.method_sha256),
            (words("index.weights"), words(f"index.weights_{family.weights.rule}")),
            (words("index.digest"), release.bundle_sha256),
            (words("bulletin.values_digest"), release.values_sha256),
            (words("index.entry"), words("index.pending") if entry is None else formats.number(entry)),
        ),
        verify=words("bulletin.verify"),
        command=f"daodi verify {release.release_id}.bundle.json "
        f"--receipt receipt-{'…' if entry is None else entry}.txt --trust {vkey}",
        address=f"{base_url.rstrip('/')}/index/{release.release_id}",
        words=words,
    )


def _changes(changes: Changes, words: Words) -> tuple[tuple[str, str], ...]:
    formats = Formats(words.language)
    return (
        (words("index.than_day"), formats.change(changes.day)),
        (words("index.than_week"), formats.change(changes.week)),
        (words("index.than_month"), formats.change(changes.month)),
        (words("index.than_year"), formats.change(changes.year)),
    )


def _classes(states: Sequence[NodeState], words: Words) -> Table:
    formats = Formats(words.language)
    return Table(
        caption=words("index.below_class"),
        headings=(
            words("index.node_class"),
            words("bulletin.weight"),
            words("index.value"),
            words("index.day_change"),
            words("index.month_change"),
            words("index.year_change"),
        ),
        rows=tuple(
            (
                node_name(each.level, each.node, words.language),
                formats.share(each.weight),
                formats.index(each.value),
                formats.change(each.changes.day),
                formats.change(each.changes.month),
                formats.change(each.changes.year),
            )
            for each in states
            if each.value is not None
        ),
    )


def _prices(dearer: Sequence[PriceMove], cheaper: Sequence[PriceMove], words: Words) -> Table:
    formats = Formats(words.language)
    return Table(
        caption=words("index.prices_caption"),
        headings=(
            words("index.cell"),
            words("index.price_before"),
            words("index.price_now"),
            words("index.day_change"),
        ),
        rows=tuple(
            (
                each.name,
                formats.yuan(each.before_fen),
                formats.yuan(each.now_fen),
                formats.change(each.percent),
            )
            for each in (*dearer, *cheaper)
        ),
    )


def _week(moves: Moves, words: Words) -> Table:
    formats = Formats(words.language)
    moved = [*moves.ranked("up")[:MOVERS], *moves.ranked("down")[:MOVERS]]
    return Table(
        caption=words("bulletin.week"),
        headings=(
            words("index.node_herb"),
            words("bulletin.week_before"),
            words("index.value"),
            words("bulletin.week_change"),
        ),
        rows=tuple(
            (
                node_name(Level.HERB, each.node, words.language),
                formats.index(each.before),
                formats.index(each.now),
                formats.change(each.percent),
            )
            for each in moved
        ),
    )


def _parts(moved: Sequence[Contribution], words: Words) -> tuple[tuple[str, Decimal, str], ...]:
    formats = Formats(words.language)
    ordered = sorted((each for each in moved if each.points), key=lambda each: (-abs(each.points), each.node))
    return tuple(
        (node_name(each.level, each.node, words.language), each.points, formats.points(each.points))
        for each in ordered
    )


def _counts(point: Point, words: Words) -> tuple[tuple[str, str], ...]:
    formats = Formats(words.language)
    counted = [(key, int(getattr(point, name))) for name, key in _COUNTS]
    shared = [(key, int(getattr(point, name))) for name, key in _SHARES]
    moved = words(
        "index.moved_counts",
        up=formats.number(point.up),
        down=formats.number(point.down),
        flat=formats.number(point.flat),
    )
    return (
        *((words(f"index.{key}"), formats.number(count)) for key, count in counted if count != NOT_COUNTED),
        (words("index.moved"), moved),
        *(
            (words(f"index.{key}"), formats.share(share / 10_000))
            for key, share in shared
            if share != NOT_COUNTED
        ),
    )
