"""Holds, recalls and notices. What version 0.1 froze stays frozen, now with all that was made from it."""

import sqlalchemy as sa
from alembic import op

from ledger.merkle import leaf_hashes_of, root_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MADE_FROM = sa.text("""
WITH RECURSIVE reached(lot) AS (
  SELECT CAST(:lot AS VARCHAR) UNION SELECT target FROM trace_edge JOIN reached ON source = reached.lot
) SELECT lot FROM reached ORDER BY lot
""")


def upgrade() -> None:
    _holds()
    _recalls()
    _notices_and_drills()
    _convert()
    op.drop_table("trace_freeze")


def downgrade() -> None:
    op.create_table(
        "trace_freeze",
        sa.Column("freeze_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("frozen_ms", sa.BigInteger(), nullable=False),
        sa.Column("lifted_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("freeze_id"),
        sa.UniqueConstraint("kind", "target", "frozen_ms"),
    )
    op.create_index("ix_trace_freeze_target", "trace_freeze", ["target"])
    for table in (
        "trace_drill",
        "trace_notice_read",
        "trace_notice",
        "trace_recall_share",
        "trace_recall",
        "trace_hold_lot",
        "trace_hold",
    ):
        op.drop_table(table)


def _holds() -> None:
    op.create_table(
        "trace_hold",
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=True),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("placed_ms", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=True),
        sa.Column("asked_role", sa.String(length=9), nullable=True),
        sa.Column("asked_statement", sa.String(), nullable=True),
        sa.Column("lifted_ms", sa.BigInteger(), nullable=True),
        sa.Column("lifted_role", sa.String(length=9), nullable=True),
        sa.Column("lifted_statement", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("hold_id"),
        sa.UniqueConstraint("statement_id"),
    )
    op.create_index("ix_trace_hold_target", "trace_hold", ["kind", "target"])
    op.create_table(
        "trace_hold_lot",
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("lot_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["trace_hold.hold_id"]),
        sa.ForeignKeyConstraint(["lot_id"], ["trace_lot.lot_id"]),
        sa.PrimaryKeyConstraint("hold_id", "lot_id"),
    )
    op.create_index("ix_trace_hold_lot_lot", "trace_hold_lot", ["lot_id", "hold_id"])


def _recalls() -> None:
    op.create_table(
        "trace_recall",
        sa.Column("recall_id", sa.String(length=36), nullable=False),
        sa.Column("recall_class", sa.Integer(), nullable=False),
        sa.Column("responsible", sa.String(length=18), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("roots", sa.Text(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("notify_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked_role", sa.String(length=9), nullable=True),
        sa.Column("asked_statement", sa.String(), nullable=True),
        sa.Column("asked_state", sa.String(length=9), nullable=True),
        sa.Column("asked_report", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_statement", sa.String(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["trace_hold.hold_id"]),
        sa.PrimaryKeyConstraint("recall_id"),
    )
    op.create_index("ix_trace_recall_responsible", "trace_recall", ["responsible"])
    op.create_table(
        "trace_recall_share",
        sa.Column("recall_id", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("packs", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["recall_id"], ["trace_recall.recall_id"]),
        sa.PrimaryKeyConstraint("recall_id", "holder"),
    )


def _notices_and_drills() -> None:
    op.create_table(
        "trace_notice",
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("recall_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["trace_recall.recall_id"]),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_index("ix_trace_notice_recall_id", "trace_notice", ["recall_id"])
    op.create_index("ix_trace_notice_party", "trace_notice", ["party", "sent_ms"])
    op.create_table(
        "trace_notice_read",
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("read_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_table(
        "trace_drill",
        sa.Column("drill_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=True),
        sa.Column("roots", sa.Text(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("packs", sa.BigInteger(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("holders", sa.Integer(), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.Column("drilled_ms", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("drill_id"),
        sa.UniqueConstraint("statement_id"),
    )


def _convert() -> None:
    """Take over what was frozen. No statement says so in the log: version 0.1 made none."""
    bind = op.get_bind()
    holds, lots_of = sa.table("trace_hold"), sa.table("trace_hold_lot")
    for row in bind.execute(sa.text("SELECT * FROM trace_freeze ORDER BY frozen_ms, freeze_id")).all():
        made = bind.execute(_MADE_FROM, {"lot": row.target}).scalars() if row.kind == "lot" else ()
        lots = list(made)
        values = {
            "hold_id": row.freeze_id,
            "kind": row.kind,
            "target": row.target,
            "reason": row.reason,
            "role": "operator",
            "root": root_of(leaf_hashes_of(lot.encode() for lot in lots)).hex(),
            "lots": len(lots),
            "placed_ms": row.frozen_ms,
            "statement_id": f"freeze/{row.freeze_id}",
            "lifted_ms": row.lifted_ms,
        }
        bind.execute(_insert(holds, values))
        for lot in lots:
            bind.execute(_insert(lots_of, {"hold_id": row.freeze_id, "lot_id": lot}))
    bind.execute(
        sa.text(
            "UPDATE trace_lot SET frozen = true WHERE lot_id IN (SELECT lot_id FROM trace_hold_lot "
            "JOIN trace_hold ON trace_hold.hold_id = trace_hold_lot.hold_id WHERE lifted_ms IS NULL)"
        )
    )


def _insert(table: sa.TableClause, values: dict[str, object]) -> sa.Insert:
    return sa.insert(sa.table(table.name, *map(sa.column, values))).values(values)
