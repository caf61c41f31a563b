"""Complaints, declarations and assessments of the index."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_declaration",
        sa.Column("declaration_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=71), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("declared_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("declaration_id"),
    )
    op.create_index("ix_price_declaration_kind", "price_declaration", ["kind"])
    op.create_table(
        "price_complaint",
        sa.Column("complaint_id", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=True),
        sa.Column("filed_ms", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id"),
    )
    op.create_index("ix_price_complaint_filed_ms", "price_complaint", ["filed_ms"])
    op.create_table(
        "price_assessment",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("assessed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", "number"),
    )


def downgrade() -> None:
    for table in ("price_assessment", "price_complaint", "price_declaration"):
        op.drop_table(table)
