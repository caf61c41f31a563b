"""Answers kept with the keys of requests that may be sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_request_key",
        sa.Column("caller", sa.String(length=120), nullable=False),
        sa.Column("request_key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "request_key"),
    )
    op.create_index("ix_api_request_key_done_ms", "api_request_key", ["done_ms"])


def downgrade() -> None:
    op.drop_table("api_request_key")
