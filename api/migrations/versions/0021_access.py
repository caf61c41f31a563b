"""Who wrote what and who read what is private: a table that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SQLITE = """
CREATE TRIGGER api_access_note_{when} BEFORE {act} ON api_access_note
BEGIN SELECT RAISE(ABORT, 'api_access_note only grows'); END
"""
_FUNCTION = """
CREATE FUNCTION api_access_note_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'api_access_note only grows'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER api_access_note_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON api_access_note
FOR EACH STATEMENT EXECUTE FUNCTION api_access_note_only_grows()
"""


def upgrade() -> None:
    op.create_table(
        "api_access_note",
        sa.Column("number", _SERIAL, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=True),
        sa.Column("operation", sa.String(length=120), nullable=False),
        sa.Column("objects", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "api_access_digest",
        sa.Column("last", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("last"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(when=act.lower(), act=act))
    else:
        op.execute(_FUNCTION)
        op.execute(_POSTGRESQL)


def downgrade() -> None:
    op.drop_table("api_access_digest")
    op.drop_table("api_access_note")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION api_access_note_only_grows()")
