"""Steps of every stage, their corrections, what replaying needs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Steps of 0.1 take the place of their statements in the log, then in the outbox.
_NUMBER_STEPS = """
UPDATE trace_step SET nth = COALESCE(
  (SELECT entry_index + 1 FROM ledger_entry WHERE ledger_entry.statement_id = trace_step.statement_id),
  (SELECT size FROM ledger_state)
  + (SELECT count(*) FROM ledger_pending WHERE pending_id <=
     (SELECT pending_id FROM ledger_pending WHERE ledger_pending.statement_id = trace_step.statement_id))
)
"""
_FIRST_FREE = """
INSERT INTO trace_order (name, last)
SELECT 'trace', size + (SELECT count(*) FROM ledger_pending) FROM ledger_state
"""


def upgrade() -> None:
    _how_steps_were_delivered()
    _corrections()
    op.add_column("trace_step", sa.Column("nth", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("trace_step", sa.Column("position", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("trace_step", sa.Column("corrects", sa.String(length=36), nullable=True))
    op.add_column("trace_step", sa.Column("voided_by", sa.String(length=200), nullable=True))
    op.execute(_NUMBER_STEPS)
    op.execute("UPDATE trace_step SET position = nth")
    op.execute(_FIRST_FREE)
    op.drop_index("ix_trace_step_party", table_name="trace_step")
    op.create_index("ix_trace_step_party_recorded", "trace_step", ["party", "recorded_ms"])
    op.add_column("trace_step_lot", sa.Column("outcome", sa.String(length=8), nullable=True))
    op.add_column("trace_step_lot", sa.Column("left_grams", sa.BigInteger(), nullable=True))
    op.add_column("trace_lot", sa.Column("unmade", sa.Boolean(), nullable=False, server_default=sa.false()))
    _what_new_stages_need()


def _what_new_stages_need() -> None:
    op.add_column("trace_lot", sa.Column("expires", sa.String(length=10), nullable=True))
    op.add_column("trace_lot", sa.Column("harvest_from_ms", sa.BigInteger(), nullable=True))
    op.add_column("trace_lot", sa.Column("harvested_ms", sa.BigInteger(), nullable=True))
    op.add_column(
        "trace_lot", sa.Column("adjusted_grams", sa.BigInteger(), nullable=False, server_default="0")
    )
    for name in ("raised_ppm", "excipient_ppm"):
        op.add_column("trace_lot", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for table, name in (("trace_edge", "excipient"), ("trace_shipment", "returned")):
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def _corrections() -> None:
    op.create_table(
        "trace_correction",
        sa.Column("step_id", sa.String(length=36), nullable=False),
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("corrective", sa.String(length=36), nullable=True),
        sa.Column("declared_by", sa.String(length=18), nullable=True),
        sa.Column("declared_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["step_id"], ["trace_step.step_id"]),
        sa.ForeignKeyConstraint(["corrective"], ["trace_step.step_id"]),
        sa.PrimaryKeyConstraint("step_id"),
        sa.UniqueConstraint("statement_id"),
    )


def _how_steps_were_delivered() -> None:
    op.create_table(
        "trace_delivery",
        sa.Column("step_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.execute("INSERT INTO trace_delivery SELECT step_id, client_id, asked FROM trace_step")
    op.drop_column("trace_step", "client_id")
    op.drop_column("trace_step", "asked")


def downgrade() -> None:
    op.drop_table("trace_correction")
    op.drop_column("trace_shipment", "returned")
    op.drop_column("trace_edge", "excipient")
    dated = ("harvested_ms", "harvest_from_ms", "expires")
    for column in ("excipient_ppm", "raised_ppm", "adjusted_grams", *dated):
        op.drop_column("trace_lot", column)
    op.drop_column("trace_lot", "unmade")
    op.drop_column("trace_step_lot", "left_grams")
    op.drop_column("trace_step_lot", "outcome")
    op.drop_index("ix_trace_step_party_recorded", table_name="trace_step")
    op.create_index("ix_trace_step_party", "trace_step", ["party"])
    op.add_column("trace_step", sa.Column("client_id", sa.String(), nullable=True))
    op.add_column("trace_step", sa.Column("asked", sa.Text(), nullable=False, server_default="{}"))
    op.execute(
        "UPDATE trace_step SET asked = d.asked, client_id = d.client_id FROM trace_delivery d"
        " WHERE d.step_id = trace_step.step_id"
    )
    op.drop_table("trace_delivery")
    for column in ("voided_by", "corrects", "position", "nth"):
        op.drop_column("trace_step", column)
    op.execute("DELETE FROM trace_order")
