"""Accounts of people: passwords, second factors, sessions; keys that belong to an account."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_account",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("shown", sa.String(length=60), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("password_ms", sa.BigInteger(), nullable=True),
        sa.Column("factor", sa.LargeBinary(), nullable=True),
        sa.Column("factor_ms", sa.BigInteger(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("locked_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("name_key"),
    )
    op.create_index("ix_api_account_party", "api_account", ["party"])
    _sessions()
    _invitations()
    op.add_column("api_token", sa.Column("account", sa.String(length=16), nullable=True))
    op.add_column("api_token", sa.Column("used_day", sa.Integer(), nullable=True))
    op.create_index("ix_api_token_account", "api_token", ["account"])


def _sessions() -> None:
    op.create_table(
        "api_account_session",
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("factor_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.String(length=6), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("session_id"),
        sa.UniqueConstraint("secret_sha256"),
        sa.ForeignKeyConstraint(["account_id"], ["api_account.account_id"]),
    )
    op.create_index("ix_api_account_session_account_id", "api_account_session", ["account_id"])


def _invitations() -> None:
    op.create_table(
        "api_account_invitation",
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("secret_sha256"),
        sa.ForeignKeyConstraint(["account_id"], ["api_account.account_id"]),
    )
    op.create_index("ix_api_account_invitation_account_id", "api_account_invitation", ["account_id"])
    op.create_table(
        "api_account_recovery",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "code_sha256"),
        sa.ForeignKeyConstraint(["account_id"], ["api_account.account_id"]),
    )
    op.create_table(
        "api_sign_in_failure",
        sa.Column("counted", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("locks", sa.Integer(), nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("forget_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counted"),
    )
    op.create_index("ix_api_sign_in_failure_forget_ms", "api_sign_in_failure", ["forget_ms"])


def downgrade() -> None:
    op.drop_index("ix_api_token_account", "api_token")
    op.drop_column("api_token", "used_day")
    op.drop_column("api_token", "account")
    for table in (
        "api_sign_in_failure", "api_account_recovery", "api_account_invitation", "api_account_session",
        "api_account",
    ):  # fmt: skip
        op.drop_table(table)
