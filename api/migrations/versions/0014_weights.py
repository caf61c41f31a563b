"""Weight sets of the index families."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of entered weight sets."""
    op.create_table(
        "price_weight_set",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("effective", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sa.UniqueConstraint("family", "effective"),
    )
    op.create_index("ix_price_weight_set_family", "price_weight_set", ["family"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_price_weight_set_family", "price_weight_set")
    op.drop_table("price_weight_set")
