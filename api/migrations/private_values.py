"""What revision 0002 does to private values: kept in the clear before it, sealed after it.

The wrapping key is not in the database, so whoever upgrades a database that keeps private values hands in
the vault; an empty one needs none.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

from api.errors import NotInitialised
from ledger.private.disclosure import Disclosure
from ledger.private.private_cipher import seal_value
from ledger.private.private_vault import Vault

_KEPT: Final = sa.text(
    "SELECT d.statement_id, d.name, d.visibility, d.encoded, d.digest, "
    "coalesce(e.subject, p.subject) AS subject, s.event_ms AS at_ms FROM trace_disclosure d "
    "LEFT JOIN ledger_entry e ON e.statement_id = d.statement_id "
    "LEFT JOIN ledger_pending p ON p.statement_id = d.statement_id "
    "LEFT JOIN trace_step s ON s.statement_id = d.statement_id"
)
_SEALED: Final = sa.text(
    "INSERT INTO trace_disclosure (statement_id, name, subject, visibility, sealed, digest) "
    "VALUES (:statement_id, :name, :subject, :visibility, :sealed, :digest)"
)


def upgrade(vault: Vault | None) -> None:
    """Seal what is kept, and drop the prices beside the sales; raises `NotInitialised` without a vault."""
    op.create_table(
        "ledger_private_key",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_by", sa.String(length=16), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_ledger_private_key_wrapped_by", "ledger_private_key", ["wrapped_by"])
    kept = op.get_bind().execute(_KEPT).mappings().all()
    op.drop_table("trace_disclosure")
    op.create_table(
        "trace_disclosure",
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("erased_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("statement_id", "name"),
    )
    op.create_index("ix_trace_disclosure_subject", "trace_disclosure", ["subject"])
    if kept:
        _seal(vault, kept)
    op.drop_column("trace_sale", "fen")


def downgrade() -> None:
    """Take the tables back; the sealed values are lost, as `migrations.downgrade` says."""
    op.add_column("trace_sale", sa.Column("fen", sa.BigInteger(), nullable=True))
    op.drop_table("trace_disclosure")
    op.create_table(
        "trace_disclosure",
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("encoded", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("statement_id", "name"),
    )
    op.drop_table("ledger_private_key")


def _seal(vault: Vault | None, kept: Sequence[sa.RowMapping]) -> None:
    if vault is None:
        raise NotInitialised(folder=Path("keys"), missing="vault.json")
    with Session(op.get_bind()) as session:
        for row in kept:
            key = vault.key_for(session, row["subject"], row["at_ms"] or 0)
            sealed = seal_value(key, Disclosure(row["encoded"]), row["statement_id"], vault.randomness)
            values = {name: row[name] for name in ("statement_id", "name", "subject", "visibility", "digest")}
            session.connection().execute(_SEALED, values | {"sealed": sealed})
