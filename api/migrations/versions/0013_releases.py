"""Releases as vintages: series, points, drafts, standings, notices, closed days.

What `price_value` held, one compressed series a release, is carried over into points: each value once,
under the release that first said it. Going back builds the compressed series anew from the points.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTS = (
    "imputed_bp", "stale_bp", "quoted", "carried", "missing", "up", "down", "flat", "quotes", "markets",
    "grades", "sources", "trade_bp", "market_bp", "web_bp", "judgement_bp", "left_out",
)  # fmt: skip
TOLD_BEFORE = COUNTS[:8]
"""Counts that the series of form 1 told; the others are -1 there."""
UNPUBLISHED, WITHDRAWN = -1, -2
Row: TypeAlias = Any
"""A row of a select; its columns are attributes."""
FINAL_AFTER_DAYS = 10
"""What the family texts of that time imply."""
ROWS_AT_ONCE = 5000
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SERIES = sa.table(
    "price_series",
    sa.column("series_id", sa.BigInteger), sa.column("family", sa.String), sa.column("level", sa.String),
    sa.column("node", sa.String), sa.column("frequency", sa.String),
)  # fmt: skip
NODE = sa.table(
    "price_node",
    sa.column("series_id", sa.BigInteger), sa.column("vintage", sa.Integer), sa.column("parent", sa.String),
    sa.column("weight", sa.String),
)  # fmt: skip
POINT = sa.table(
    "price_point",
    sa.column("series_id", sa.BigInteger), sa.column("day", sa.BigInteger), sa.column("vintage", sa.Integer),
    sa.column("units", sa.BigInteger), sa.column("status", sa.String), sa.column("counts", sa.LargeBinary),
)  # fmt: skip
VALUE = sa.table(
    "price_value",
    sa.column("release_id", sa.String), sa.column("level", sa.String), sa.column("node", sa.String),
    sa.column("parent", sa.String), sa.column("weight", sa.String), sa.column("last_value", sa.String),
    sa.column("series", sa.LargeBinary),
)  # fmt: skip
RELEASE = sa.table(
    "price_release",
    sa.column("release_id", sa.String), sa.column("family", sa.String), sa.column("revision", sa.Integer),
    sa.column("last_day", sa.BigInteger), sa.column("published_ms", sa.BigInteger),
    sa.column("headline", sa.String), sa.column("ordinal", sa.Integer), sa.column("form", sa.Integer),
    sa.column("kept", sa.Integer), sa.column("final_after_days", sa.Integer),
)  # fmt: skip


_WIDENED = ("ordinal", "form", "kept", "final_after_days", "due_ms", "sealed_statement", "notice_needed")


def upgrade() -> None:
    _create_points()
    _create_life()
    _create_notices()
    _widen_release()
    _carry_over()
    op.drop_table("price_value")


def downgrade() -> None:
    op.create_table(
        "price_value",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("parent", sa.String(length=100), nullable=True),
        sa.Column("weight", sa.String(length=40), nullable=False),
        sa.Column("last_value", sa.String(length=40), nullable=True),
        sa.Column("series", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["price_release.release_id"]),
        sa.PrimaryKeyConstraint("release_id", "level", "node"),
    )
    _carry_back()
    for name in (
        "price_closed_day", "price_notice", "price_standing", "price_draft", "price_point", "price_node",
        "price_series",
    ):  # fmt: skip
        op.drop_table(name)
    op.drop_index("ix_price_release_family_ordinal", "price_release")
    for name in _WIDENED:
        op.drop_column("price_release", name)


def _create_points() -> None:
    op.create_table(
        "price_series",
        sa.Column("series_id", _SERIAL, nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("frequency", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("series_id"),
        sa.UniqueConstraint("family", "level", "node", "frequency"),
    )
    op.create_table(
        "price_node",
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=100), nullable=True),
        sa.Column("weight", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["price_series.series_id"]),
        sa.PrimaryKeyConstraint("series_id", "vintage"),
    )
    op.create_table(
        "price_point",
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["price_series.series_id"]),
        sa.PrimaryKeyConstraint("series_id", "day", "vintage"),
        sqlite_with_rowid=False,
    )


def _create_life() -> None:
    op.create_table(
        "price_draft",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("values_sha256", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_token", sa.String(length=16), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_token", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("sealed_statement", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["bundle_sha256"], ["price_bundle.sha256"]),
        sa.PrimaryKeyConstraint("release_id"),
    )
    op.create_index("ix_price_draft_family", "price_draft", ["family"])
    op.create_index("ix_price_draft_stage", "price_draft", ["stage"])
    op.create_table(
        "price_standing",
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("statement_id"),
        sa.UniqueConstraint("family", "number"),
    )
    op.create_index("ix_price_standing_family", "price_standing", ["family"])


def _create_notices() -> None:
    op.create_table(
        "price_notice",
        sa.Column("notice_id", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.String(length=40), nullable=True),
        sa.Column("corrected", sa.String(length=40), nullable=True),
        sa.Column("values_changed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["price_release.release_id"]),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_index("ix_price_notice_family", "price_notice", ["family"])
    op.create_index("ix_price_notice_at_ms", "price_notice", ["at_ms"])
    op.create_table(
        "price_closed_day",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )


def _widen_release() -> None:
    # Added one by one, never by building the table anew: other tables refer to it, and SQLite then
    # refuses to drop it. The default of 0 stands for a moment only.
    for name in ("ordinal", "form", "kept", "final_after_days"):
        op.add_column("price_release", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("price_release", sa.Column("due_ms", sa.BigInteger(), nullable=True))
    op.add_column("price_release", sa.Column("sealed_statement", sa.String(length=200), nullable=True))
    op.add_column(
        "price_release", sa.Column("notice_needed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    connection = op.get_bind()
    ordinals: dict[str, int] = {}
    for row in _releases(connection):
        ordinals[row.family] = ordinals.get(row.family, 0) + 1
        kept = len(row.headline.partition(".")[2])
        told = {
            "ordinal": ordinals[row.family],
            "form": 1,
            "kept": kept,
            "final_after_days": FINAL_AFTER_DAYS,
        }
        connection.execute(RELEASE.update().where(RELEASE.c.release_id == row.release_id).values(told))
    op.create_index("ix_price_release_family_ordinal", "price_release", ["family", "ordinal"], unique=True)


def _releases(connection: sa.Connection) -> list[Row]:
    """The releases in the order they were published."""
    c = RELEASE.c
    asked = sa.select(c.release_id, c.family, c.headline, c.last_day).order_by(
        c.published_ms, c.last_day, c.revision
    )
    return list(connection.execute(asked))


Said = tuple[int, bytes]
"""Units and counts of one period."""


def _carry_over() -> None:
    """Write every value once, under the release that first said it."""
    connection = op.get_bind()
    points: dict[int, dict[int, Said]] = {}
    nodes: dict[int, tuple[str | None, str | None]] = {}
    ids: dict[tuple[str, str, str], int] = {}
    ordinals = {row.release_id: row for row in _read_ordinals(connection)}
    for release in _releases(connection):
        vintage, kept = ordinals[release.release_id].ordinal, ordinals[release.release_id].kept
        told: dict[int, dict[int, Said]] = {}
        for row in connection.execute(sa.select(VALUE).where(VALUE.c.release_id == release.release_id)):
            series = _series_id(connection, ids, (release.family, row.level, row.node))
            told[series] = dict(_periods(json.loads(zlib.decompress(row.series)), kept))
            if nodes.get(series) != (row.parent, row.weight):
                nodes[series] = (row.parent, row.weight)
                _insert(connection, NODE, [_node(series, vintage, row.parent, row.weight)])
        own = [series for key, series in ids.items() if key[0] == release.family]
        for series in own:
            if series not in told and nodes[series][1] is not None:
                nodes[series] = (nodes[series][0], None)
                _insert(connection, NODE, [_node(series, vintage, nodes[series][0], None)])
            stood = points.setdefault(series, {})
            _insert(
                connection, POINT, _changes(series, vintage, stood, told.get(series, {}), release.last_day)
            )


def _read_ordinals(connection: sa.Connection) -> list[Row]:
    return list(connection.execute(sa.select(RELEASE.c.release_id, RELEASE.c.ordinal, RELEASE.c.kept)))


def _series_id(
    connection: sa.Connection, ids: dict[tuple[str, str, str], int], key: tuple[str, str, str]
) -> int:
    if key not in ids:
        family, level, node = key
        named = {"family": family, "level": level, "node": node, "frequency": "day"}
        _insert(connection, SERIES, [named])
        c = SERIES.c
        asked = sa.select(c.series_id).where(c.family == family, c.level == level, c.node == node)
        ids[key] = connection.execute(asked).scalar_one()
    return ids[key]


def _node(series: int, vintage: int, parent: str | None, weight: str | None) -> dict[str, Any]:
    return {"series_id": series, "vintage": vintage, "parent": parent, "weight": weight}


def _periods(told: dict[str, Any], kept: int) -> Iterator[tuple[int, Said]]:
    columns = told["columns"]
    unknown = [-1] * (len(COUNTS) - len(TOLD_BEFORE))
    for place, day in enumerate(columns["days"]):
        value = columns["values"][place]
        units = UNPUBLISHED if value is None else int(Decimal(value).scaleb(kept))
        counts = [columns[name][place] for name in TOLD_BEFORE] + unknown
        yield day, (units, struct.pack(f"<{len(COUNTS)}i", *counts))


def _changes(
    series: int, vintage: int, stood: dict[int, Said], told: dict[int, Said], last_day: int
) -> list[dict[str, Any]]:
    """What a release says otherwise than the ones before it; `stood` is brought up to date."""
    nothing = struct.pack(f"<{len(COUNTS)}i", *([-1] * len(COUNTS)))
    gone = {
        day: (WITHDRAWN, nothing)
        for day, said in stood.items()
        if day <= last_day and day not in told and said[0] != WITHDRAWN
    }
    rows: list[dict[str, Any]] = []
    for day, said in {**told, **gone}.items():
        before = stood.get(day)
        if before == said:
            continue
        status = "R" if before is not None and before[0] not in (said[0], WITHDRAWN) else "P"
        rows.append(
            {
                "series_id": series, "day": day, "vintage": vintage, "units": said[0], "status": status,
                "counts": said[1],
            }
        )  # fmt: skip
        stood[day] = said
    return rows


def _insert(connection: sa.Connection, table: sa.TableClause, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        connection.execute(table.insert(), rows[start : start + ROWS_AT_ONCE])


def _carry_back() -> None:
    """Build the compressed series of every release from the points it stands on."""
    connection = op.get_bind()
    c = RELEASE.c
    asked = sa.select(c.release_id, c.family, c.ordinal, c.kept, c.last_day)
    for release in list(connection.execute(asked)):
        wanted = SERIES.c.family == release.family, SERIES.c.frequency == "day"
        for series in list(connection.execute(sa.select(SERIES).where(*wanted))):
            place = connection.execute(
                sa.select(NODE)
                .where(NODE.c.series_id == series.series_id, NODE.c.vintage <= release.ordinal)
                .order_by(NODE.c.vintage.desc())
                .limit(1)
            ).first()
            if place is not None and place.weight is not None:
                _insert(connection, VALUE, [_value(connection, release, series, place)])


def _value(connection: sa.Connection, release: Row, series: Row, place: Row) -> dict[str, Any]:
    asked = (
        sa.select(POINT)
        .where(
            POINT.c.series_id == series.series_id,
            POINT.c.vintage <= release.ordinal,
            POINT.c.day <= release.last_day,
        )
        .order_by(POINT.c.day, POINT.c.vintage)
    )
    newest = {row.day: row for row in connection.execute(asked)}
    points = [row for row in newest.values() if row.units != WITHDRAWN]
    values = [
        None if row.units == UNPUBLISHED else format(Decimal(row.units).scaleb(-release.kept), "f")
        for row in points
    ]
    counts = [struct.unpack(f"<{len(COUNTS)}i", row.counts) for row in points]
    columns = {"days": [row.day for row in points], "values": values}
    for column, name in enumerate(TOLD_BEFORE):
        columns[name] = [row[column] for row in counts]
    named = {"level": series.level, "node": series.node, "parent": place.parent, "weight": place.weight}
    told = json.dumps(
        {**named, "columns": columns}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return {
        **named,
        "release_id": release.release_id,
        "last_value": values[-1] if values else None,
        "series": zlib.compress(told.encode(), 6),
    }
