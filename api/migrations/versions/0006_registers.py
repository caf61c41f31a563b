"""Licences, staff, outlines and standing of parties and places."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("trace_party", "trace_place"):
        op.add_column(table, sa.Column("gln", sa.String(length=13), nullable=True))
        op.create_index(op.f(f"ix_{table}_gln"), table, ["gln"], unique=True)
    _people()
    _versions()
    _places()


def downgrade() -> None:
    for table in (
        "trace_gate_setting",
        "trace_succession",
        "trace_outline",
        "trace_place_version",
        "trace_party_version",
        "trace_standing",
        "trace_staff",
        "trace_licence",
    ):
        op.drop_table(table)
    for table in ("trace_place", "trace_party"):
        op.drop_index(op.f(f"ix_{table}_gln"), table_name=table)
        op.drop_column(table, "gln")


def _people() -> None:
    op.create_table(
        "trace_licence",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("document", sa.String(length=71), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index("ix_trace_licence_party", "trace_licence", ["party", "kind"], unique=False)
    op.create_table(
        "trace_staff",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_staff_party"), "trace_staff", ["party"], unique=False)
    op.create_table(
        "trace_standing",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("sort", sa.String(length=5), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("said_by", sa.String(length=18), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index("ix_trace_standing_target", "trace_standing", ["target", "sort"], unique=False)


def _versions() -> None:
    op.create_table(
        "trace_party_version",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("node_types", sa.String(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_party_version_uscc"), "trace_party_version", ["uscc"], unique=False)
    op.create_table(
        "trace_place_version",
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("place_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("market", sa.String(), nullable=True),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index(
        op.f("ix_trace_place_version_place_id"), "trace_place_version", ["place_id"], unique=False
    )


def _places() -> None:
    op.create_table(
        "trace_outline",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("place_id", sa.String(length=64), nullable=False),
        sa.Column("area_m2", sa.BigInteger(), nullable=False),
        sa.Column("declared_mu_100", sa.BigInteger(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_outline_place_id"), "trace_outline", ["place_id"], unique=False)
    op.create_table(
        "trace_succession",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("successor", sa.String(length=18), nullable=False),
        sa.Column("moved_ms", sa.BigInteger(), nullable=False),
        sa.Column("nth", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("uscc"),
    )
    op.create_index(op.f("ix_trace_succession_successor"), "trace_succession", ["successor"], unique=False)
    op.create_table(
        "trace_gate_setting",
        sa.Column("statement_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("strictness", sa.String(length=6), nullable=False),
        sa.Column("valid_from_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_gate_setting_rule"), "trace_gate_setting", ["rule"], unique=False)
