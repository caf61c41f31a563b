"""Inspections, complaints, credit and the register of the trade."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text() if length is None else sa.String(length=length), nullable=nullable)


def _name(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.String(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _whole(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "trace_score",
        _text("period", 6),
        _text("uscc", 18),
        _text("unit", 18),
        _whole("score"),
        _whole("stars"),
        _text("evidence"),
        _text("method", 32),
        _name("statement_id"),
        _big("scored_ms"),
        sa.PrimaryKeyConstraint("period", "uscc"),
    )
    op.create_index("ix_trace_score_statement_id", "trace_score", ["statement_id"])
    op.create_index("ix_trace_score_uscc", "trace_score", ["uscc", "scored_ms"])
    op.create_table(
        "trace_inspection",
        _text("inspection_id", 64),
        _text("party", 18),
        _text("by_party", 18),
        _text("role", 60),
        _text("draw_id", 64, nullable=True),
        _text("result", 9),
        _text("subjects"),
        _text("lots"),
        _whole("points"),
        _text("document", 71, nullable=True),
        _big("due_ms", nullable=True),
        _text("follows", 64, nullable=True),
        _big("found_ms"),
        _big("nth"),
        sa.PrimaryKeyConstraint("inspection_id"),
    )
    op.create_index("ix_trace_inspection_party_found", "trace_inspection", ["party", "found_ms"])
    op.create_index("ix_trace_inspection_found_ms", "trace_inspection", ["found_ms"])
    _create_draws()
    _create_credit()
    op.create_table(
        "trace_trade_unit",
        _text("unit_id", 64),
        _text("from_day", 10),
        _text("until_day", 10, nullable=True),
        _text("kind", 6),
        _name("name"),
        _text("division", 6),
        _text("node_type", 12),
        _text("uscc", 18, nullable=True),
        _text("place", 64, nullable=True),
        _text("controlled_by", 18, nullable=True),
        _name("source"),
        _name("statement_id"),
        sa.Column("left_statement", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "from_day"),
    )
    op.create_index("ix_trace_trade_unit_division", "trace_trade_unit", ["division", "node_type"])
    op.create_index("ix_trace_trade_unit_uscc", "trace_trade_unit", ["uscc"])


def _create_draws() -> None:
    op.create_table(
        "trace_draw",
        _text("draw_id", 64),
        _text("by_party", 18),
        _text("period", 6),
        _text("commitment", 64),
        _text("list_digest", 64),
        _whole("parties"),
        _whole("inspectors"),
        _big("beacon_size"),
        _big("announced_ms"),
        _text("seed", 64, nullable=True),
        _text("root", 64, nullable=True),
        _text("picks", nullable=True),
        _big("done_ms", nullable=True),
        sa.PrimaryKeyConstraint("draw_id"),
    )
    op.create_index("ix_trace_draw_announced_ms", "trace_draw", ["announced_ms"])
    op.create_table(
        "trace_draw_list",
        _text("draw_id", 64),
        _text("kind", 9),
        _whole("place"),
        _text("name", 40),
        _whole("weight"),
        sa.PrimaryKeyConstraint("draw_id", "kind", "place"),
    )


def _create_credit() -> None:
    op.create_table(
        "trace_credit_measure",
        _text("measure_id", 64),
        _text("party", 18),
        _text("by_party", 18),
        _text("measure", 20),
        _text("reason"),
        _text("document", 71, nullable=True),
        _big("from_ms"),
        _big("until_ms"),
        _big("asked_ms", nullable=True),
        _text("evidence", 71, nullable=True),
        _text("agreed_in", 64, nullable=True),
        _big("repaired_ms", nullable=True),
        _big("nth"),
        sa.PrimaryKeyConstraint("measure_id"),
    )
    op.create_index("ix_trace_credit_measure_party", "trace_credit_measure", ["party", "from_ms"])
    op.create_table(
        "trace_complaint",
        _text("complaint_id", 64),
        _text("category", 20),
        _text("lot", 40, nullable=True),
        _text("party", 18, nullable=True),
        _text("status", 9),
        _whole("points"),
        _big("filed_ms"),
        _big("answered_ms", nullable=True),
        _big("decided_ms", nullable=True),
        _big("nth"),
        sa.PrimaryKeyConstraint("complaint_id"),
    )
    op.create_index("ix_trace_complaint_party", "trace_complaint", ["party", "filed_ms"])
    op.create_index("ix_trace_complaint_lot", "trace_complaint", ["lot"])
    op.create_index("ix_trace_complaint_status", "trace_complaint", ["status"])
    op.create_index("ix_trace_complaint_filed_ms", "trace_complaint", ["filed_ms"])


def downgrade() -> None:
    for table in (
        "trace_trade_unit",
        "trace_complaint",
        "trace_credit_measure",
        "trace_draw_list",
        "trace_draw",
        "trace_inspection",
        "trace_score",
    ):
        op.drop_table(table)
