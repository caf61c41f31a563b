"""What evidence beyond the bare log needs: see docs/ledger-format.md."""

import sqlalchemy as sa
from alembic import context, op

from api.migrations import private_values

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _private_values_and_keys()
    _subject_index()
    _timestamps()
    _witnesses()
    _sm_tree()


def _private_values_and_keys() -> None:
    # private: manifests; private values sealed, their keys in a table of their own
    op.create_table(
        "ledger_manifest",
        sa.Column("manifest_id", sa.String(length=200), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("manifest_id"),
    )
    private_values.upgrade(context.config.attributes.get("vault"))
    # keys: what ended a key, and which keys are the log's own
    op.add_column("ledger_key", sa.Column("ended", sa.String(), nullable=True))
    op.add_column("ledger_key", sa.Column("log_key", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_ledger_key_holder", "ledger_key", ["holder"])
    op.execute("UPDATE ledger_key SET log_key = true WHERE holder = (SELECT origin FROM ledger_state)")


def _subject_index() -> None:
    # subject index: the leaves and tiles that serve its proofs
    op.create_table(
        "ledger_subject_index",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subjects", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "ledger_subject_bundle",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bundle_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.LargeBinary(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", "bundle_index"),
    )
    op.create_table(
        "ledger_subject_tile",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", "level", "tile_index"),
    )


def _timestamps() -> None:
    # timestamps of checkpoints
    op.create_table(
        "ledger_timestamp",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("stated_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )


def _witnesses() -> None:
    # witnesses: their cosignatures, what they know, the policy in force
    op.create_table(
        "ledger_cosignature",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("cosigned_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", "vkey"),
    )
    op.create_table(
        "ledger_witness",
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("contradicts", sa.Boolean(), nullable=False),
        sa.Column("told_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("vkey"),
    )
    op.create_table(
        "ledger_policy",
        sa.Column("policy_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quorum_size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id"),
    )


def _sm_tree() -> None:
    # commercial cryptography: the SM3 tree over the same entries
    op.create_table(
        "ledger_sm_state",
        sa.Column("state_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("state_id"),
    )
    op.create_table(
        "ledger_sm_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "tile_index"),
    )
    op.create_table(
        "ledger_sm_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )


def downgrade() -> None:
    for table in ("ledger_sm_checkpoint", "ledger_sm_tile", "ledger_sm_state"):
        op.drop_table(table)
    op.drop_table("ledger_policy")
    op.drop_table("ledger_witness")
    op.drop_table("ledger_cosignature")
    op.drop_index("ix_ledger_key_holder", "ledger_key")
    op.drop_column("ledger_key", "log_key")
    op.drop_column("ledger_key", "ended")

    op.drop_table("ledger_timestamp")
    for table in ("ledger_subject_tile", "ledger_subject_bundle", "ledger_subject_index"):
        op.drop_table(table)
    private_values.downgrade()
    op.drop_table("ledger_manifest")
