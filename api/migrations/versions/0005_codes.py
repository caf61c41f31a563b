"""Trace codes as runs of serials: a row for each state, no longer a row for each code."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from ledger.merkle import leaf_hash
from trace.coding.code_tree import tree_of
from trace.coding.trace_code import ALPHABET, BLOCK

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SHARED = ("status", "lot_id", "pack_step", "grams", "activated_ms", "frozen")
"""What neighbours must have in common to be one run."""


def upgrade() -> None:
    _runs_table()
    op.create_table(
        "trace_code_tile",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "level", "tile_index"),
    )
    op.create_table(
        "trace_code_serial",
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "trace_code_order",
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("first_serial", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("party", "client_id"),
    )
    op.add_column(
        "trace_code_batch", sa.Column("key_version", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "trace_code_batch",
        sa.Column("level", sa.String(length=4), nullable=False, server_default="pack"),
    )
    _convert()
    # Holds on codes name serials from 0007 on; which code has which can be asked here for the last time.
    op.execute(
        "UPDATE trace_freeze SET target = "
        "(SELECT CAST(serial AS VARCHAR) FROM trace_code WHERE code = trace_freeze.target) "
        "WHERE kind = 'code'"
    )
    op.drop_table("trace_code")


def _runs_table() -> None:
    op.create_table(
        "trace_code_run",
        sa.Column("first_serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_serial", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("status_ms", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.String(length=40), nullable=True),
        sa.Column("pack_step", sa.String(length=36), nullable=True),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.Column("activated_ms", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.String(length=18), nullable=True),
        sa.Column("came_from", sa.String(length=18), nullable=True),
        sa.Column("sold_to", sa.String(length=18), nullable=True),
        sa.Column("in_transit_to", sa.String(length=18), nullable=True),
        sa.Column("moved_ms", sa.BigInteger(), nullable=True),
        sa.Column("parent_serial", sa.BigInteger(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["trace_code_batch.batch_id"]),
        sa.PrimaryKeyConstraint("first_serial"),
    )
    for name in ("batch_id", "lot_id", "pack_step", "holder", "in_transit_to", "parent_serial"):
        op.create_index(f"ix_trace_code_run_{name}", "trace_code_run", [name])


def downgrade() -> None:
    op.create_table(
        "trace_code",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=True),
        sa.Column("pack_step", sa.String(), nullable=True),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("activated_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["trace_code_batch.batch_id"]),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_trace_code_batch", "trace_code", ["batch_id", "serial"])
    op.create_index("ix_trace_code_lot_id", "trace_code", ["lot_id"])
    op.create_index("ix_trace_code_pack_step", "trace_code", ["pack_step"])
    with op.batch_alter_table("trace_code_batch") as batch:
        batch.drop_column("level")
        batch.drop_column("key_version")
    for table in ("trace_code_order", "trace_code_serial", "trace_code_tile", "trace_code_run"):
        op.drop_table(table)


def _convert() -> None:
    """Read each batch once, in the order of its serials: its runs, the tiles of its tree, its keys."""
    bind = op.get_bind()
    batches = bind.execute(
        sa.text(
            'SELECT batch_id, first_serial, "count", issued_ms FROM trace_code_batch ORDER BY first_serial'
        )
    ).all()
    for batch in batches:
        rows = bind.execute(
            sa.text("SELECT * FROM trace_code WHERE batch_id = :batch ORDER BY serial"),
            {"batch": batch.batch_id},
        ).all()
        _insert("trace_code_run", _runs(rows, batch))
        _insert("trace_code_tile", _tiles(rows, batch.batch_id))
        if rows:
            bind.execute(
                sa.text("UPDATE trace_code_batch SET key_version = :version WHERE batch_id = :batch"),
                {"version": ALPHABET.index(rows[0].code[0]), "batch": batch.batch_id},
            )
    if batches:
        free = max(batch.first_serial + batch.count for batch in batches)
        _insert("trace_code_serial", [{"name": "code", "free": free}])


def _runs(rows: Sequence[Any], batch: Any) -> list[dict[str, object]]:  # noqa: ANN401  a row of an older table
    found = []
    for state, same in groupby(rows, key=lambda row: tuple(getattr(row, name) for name in _SHARED)):
        serials = [row.serial for row in same]
        values = dict(zip(_SHARED, state, strict=True))
        found.append(
            values
            | {
                "first_serial": serials[0],
                "last_serial": serials[-1],
                "batch_id": batch.batch_id,
                "status_ms": values["activated_ms"] or batch.issued_ms,
                "frozen": bool(values["frozen"]),
            }
        )
    return found


def _tiles(rows: Sequence[Any], batch_id: str) -> list[dict[str, object]]:
    hashes = [leaf_hash(row.code.encode()) for row in rows]
    tree = tree_of(hashes[begin : begin + BLOCK] for begin in range(0, len(hashes), BLOCK))
    return [
        {"batch_id": batch_id, "level": level, "tile_index": index, "hashes": joined}
        for (level, index), joined in tree.tiles.items()
    ]


def _insert(table: str, rows: list[dict[str, object]]) -> None:
    if rows:
        names: list[sa.ColumnClause[Any]] = [sa.column(name) for name in rows[0]]
        op.bulk_insert(sa.table(table, *names), rows)
