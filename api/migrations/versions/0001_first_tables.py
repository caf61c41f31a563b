"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _api_token()
    _ledger_checkpoint()
    _ledger_entry()
    _ledger_key()
    _ledger_pending()
    _ledger_state()
    _ledger_subject()
    _ledger_tile()
    _price_archive()
    _price_bundle()
    _price_cell()
    _price_feed_state()
    _trace_disclosure()
    _trace_freeze()
    _trace_party()
    _trace_scan()
    _price_quote()
    _price_release()
    _trace_code_batch()
    _trace_lot()
    _trace_place()
    _price_value()
    _trace_code()
    _trace_step()
    _trace_edge()
    _trace_finding()
    _trace_sale()
    _trace_shipment()
    _trace_step_lot()


def _api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("party", sa.String(length=18), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("prefix"),
    )


def _ledger_checkpoint() -> None:
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )


def _ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("entry_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_index"),
        sa.UniqueConstraint("statement_id"),
        sa.UniqueConstraint("subject", "seq", name="uq_ledger_entry_subject_seq"),
    )


def _ledger_key() -> None:
    op.create_table(
        "ledger_key",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
    )


def _ledger_pending() -> None:
    op.create_table(
        "ledger_pending",
        sa.Column("pending_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("pending_id"),
        sa.UniqueConstraint("statement_id"),
        sa.UniqueConstraint("subject", "seq", name="uq_ledger_pending_subject_seq"),
    )


def _ledger_state() -> None:
    op.create_table(
        "ledger_state",
        sa.Column("state_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("state_id"),
    )


def _ledger_subject() -> None:
    op.create_table(
        "ledger_subject",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("placed", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )


def _ledger_tile() -> None:
    op.create_table(
        "ledger_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "tile_index"),
    )


def _price_archive() -> None:
    op.create_table(
        "price_archive",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _price_bundle() -> None:
    op.create_table(
        "price_bundle",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _price_cell() -> None:
    op.create_table(
        "price_cell",
        sa.Column("cell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("herb", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("cell_id"),
        sa.UniqueConstraint("herb", "grade", "origin", "market"),
    )


def _price_feed_state() -> None:
    op.create_table(
        "price_feed_state",
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=True),
        sa.Column("last_modified", sa.String(length=100), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=True),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )


def _trace_disclosure() -> None:
    op.create_table(
        "trace_disclosure",
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("encoded", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("statement_id", "name"),
    )


def _trace_freeze() -> None:
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
    op.create_index(op.f("ix_trace_freeze_target"), "trace_freeze", ["target"], unique=False)


def _trace_party() -> None:
    op.create_table(
        "trace_party",
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("node_types", sa.String(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("registered_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uscc"),
        sa.UniqueConstraint("statement_id"),
    )


def _trace_scan() -> None:
    op.create_table(
        "trace_scan",
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("city", sa.String(length=6), nullable=True),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scan_id"),
    )
    op.create_index("ix_trace_scan_code", "trace_scan", ["code", "at_ms"], unique=False)


def _price_quote() -> None:
    op.create_table(
        "price_quote",
        sa.Column("quote_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cell_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fen_per_kg", sa.BigInteger(), nullable=False),
        sa.Column("low_fen_per_kg", sa.BigInteger(), nullable=True),
        sa.Column("high_fen_per_kg", sa.BigInteger(), nullable=True),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("archive_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["cell_id"],
            ["price_cell.cell_id"],
        ),
        sa.PrimaryKeyConstraint("quote_id"),
        sa.UniqueConstraint("day", "cell_id", "source", "revision"),
    )
    op.create_index(op.f("ix_price_quote_recorded_ms"), "price_quote", ["recorded_ms"], unique=False)


def _price_release() -> None:
    op.create_table(
        "price_release",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("method_id", sa.String(length=60), nullable=False),
        sa.Column("method_sha256", sa.String(length=64), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("values_sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of_ms", sa.BigInteger(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(length=200), nullable=False),
        sa.Column("headline", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_sha256"],
            ["price_bundle.sha256"],
        ),
        sa.PrimaryKeyConstraint("release_id"),
        sa.UniqueConstraint("family", "last_day", "revision"),
    )
    op.create_index(op.f("ix_price_release_family"), "price_release", ["family"], unique=False)
    op.create_index(op.f("ix_price_release_published_ms"), "price_release", ["published_ms"], unique=False)


def _trace_code_batch() -> None:
    op.create_table(
        "trace_code_batch",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_serial", sa.BigInteger(), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party"],
            ["trace_party.uscc"],
        ),
        sa.PrimaryKeyConstraint("batch_id"),
        sa.UniqueConstraint("first_serial"),
        sa.UniqueConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_code_batch_party"), "trace_code_batch", ["party"], unique=False)


def _trace_lot() -> None:
    op.create_table(
        "trace_lot",
        sa.Column("lot_id", sa.String(length=40), nullable=False),
        sa.Column("herb", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("origin_kind", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("grams_in", sa.BigInteger(), nullable=True),
        sa.Column("grams", sa.BigInteger(), nullable=True),
        sa.Column("packed_grams", sa.BigInteger(), nullable=False),
        sa.Column("sold_grams", sa.BigInteger(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("quality_ms", sa.BigInteger(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("in_transit", sa.Boolean(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_step", sa.String(), nullable=False),
        sa.Column("made_statement", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder"],
            ["trace_party.uscc"],
        ),
        sa.PrimaryKeyConstraint("lot_id"),
    )
    op.create_index(op.f("ix_trace_lot_herb"), "trace_lot", ["herb"], unique=False)
    op.create_index(op.f("ix_trace_lot_holder"), "trace_lot", ["holder"], unique=False)


def _trace_place() -> None:
    op.create_table(
        "trace_place",
        sa.Column("place_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("market", sa.String(), nullable=True),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("registered_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party"],
            ["trace_party.uscc"],
        ),
        sa.PrimaryKeyConstraint("place_id"),
        sa.UniqueConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_place_division"), "trace_place", ["division"], unique=False)
    op.create_index(op.f("ix_trace_place_party"), "trace_place", ["party"], unique=False)


def _price_value() -> None:
    op.create_table(
        "price_value",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("parent", sa.String(length=100), nullable=True),
        sa.Column("weight", sa.String(length=40), nullable=False),
        sa.Column("last_value", sa.String(length=40), nullable=True),
        sa.Column("series", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["price_release.release_id"],
        ),
        sa.PrimaryKeyConstraint("release_id", "level", "node"),
    )


def _trace_code() -> None:
    op.create_table(
        "trace_code",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=True),
        sa.Column("pack_step", sa.String(), nullable=True),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("activated_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["trace_code_batch.batch_id"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_trace_code_batch", "trace_code", ["batch_id", "serial"], unique=False)
    op.create_index(op.f("ix_trace_code_lot_id"), "trace_code", ["lot_id"], unique=False)
    op.create_index(op.f("ix_trace_code_pack_step"), "trace_code", ["pack_step"], unique=False)


def _trace_step() -> None:
    op.create_table(
        "trace_step",
        sa.Column("step_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=True),
        sa.Column("event_ms", sa.BigInteger(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party"],
            ["trace_party.uscc"],
        ),
        sa.ForeignKeyConstraint(
            ["place"],
            ["trace_place.place_id"],
        ),
        sa.PrimaryKeyConstraint("step_id"),
        sa.UniqueConstraint("statement_id"),
    )
    op.create_index(op.f("ix_trace_step_event_ms"), "trace_step", ["event_ms"], unique=False)
    op.create_index(op.f("ix_trace_step_party"), "trace_step", ["party"], unique=False)
    op.create_index(op.f("ix_trace_step_place"), "trace_step", ["place"], unique=False)
    op.create_index(op.f("ix_trace_step_recorded_ms"), "trace_step", ["recorded_ms"], unique=False)
    op.create_index(op.f("ix_trace_step_stage"), "trace_step", ["stage"], unique=False)


def _trace_edge() -> None:
    op.create_table(
        "trace_edge",
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("grams_in", sa.BigInteger(), nullable=True),
        sa.Column("grams_out", sa.BigInteger(), nullable=True),
        sa.Column("event_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"],
            ["trace_lot.lot_id"],
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["trace_step.step_id"],
        ),
        sa.ForeignKeyConstraint(
            ["target"],
            ["trace_lot.lot_id"],
        ),
        sa.PrimaryKeyConstraint("step_id", "source", "target"),
    )
    op.create_index(op.f("ix_trace_edge_source"), "trace_edge", ["source"], unique=False)
    op.create_index(op.f("ix_trace_edge_target"), "trace_edge", ["target"], unique=False)


def _trace_finding() -> None:
    op.create_table(
        "trace_finding",
        sa.Column("finding_id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=True),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["trace_step.step_id"],
        ),
        sa.PrimaryKeyConstraint("finding_id"),
    )
    op.create_index(op.f("ix_trace_finding_found_ms"), "trace_finding", ["found_ms"], unique=False)
    op.create_index(op.f("ix_trace_finding_lot_id"), "trace_finding", ["lot_id"], unique=False)
    op.create_index(op.f("ix_trace_finding_rule"), "trace_finding", ["rule"], unique=False)
    op.create_index(op.f("ix_trace_finding_step_id"), "trace_finding", ["step_id"], unique=False)


def _trace_sale() -> None:
    op.create_table(
        "trace_sale",
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("seller", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=True),
        sa.Column("herb", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("market", sa.String(), nullable=True),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.Column("event_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["trace_lot.lot_id"],
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["trace_step.step_id"],
        ),
        sa.PrimaryKeyConstraint("step_id", "lot_id"),
    )
    op.create_index(op.f("ix_trace_sale_event_ms"), "trace_sale", ["event_ms"], unique=False)
    op.create_index(op.f("ix_trace_sale_lot_id"), "trace_sale", ["lot_id"], unique=False)
    op.create_index(op.f("ix_trace_sale_seller"), "trace_sale", ["seller"], unique=False)


def _trace_shipment() -> None:
    op.create_table(
        "trace_shipment",
        sa.Column("shipped_step", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=True),
        sa.Column("shipped_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_step", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["trace_lot.lot_id"],
        ),
        sa.ForeignKeyConstraint(
            ["shipped_step"],
            ["trace_step.step_id"],
        ),
        sa.PrimaryKeyConstraint("shipped_step", "lot_id"),
    )
    op.create_index("ix_trace_shipment_open", "trace_shipment", ["lot_id", "received_step"], unique=False)
    op.create_index(op.f("ix_trace_shipment_receiver"), "trace_shipment", ["receiver"], unique=False)


def _trace_step_lot() -> None:
    op.create_table(
        "trace_step_lot",
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lot_id"],
            ["trace_lot.lot_id"],
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["trace_step.step_id"],
        ),
        sa.PrimaryKeyConstraint("step_id", "lot_id", "role"),
    )
    op.create_index("ix_trace_step_lot_lot", "trace_step_lot", ["lot_id", "step_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_trace_step_lot_lot", table_name="trace_step_lot")
    op.drop_table("trace_step_lot")
    op.drop_index(op.f("ix_trace_shipment_receiver"), table_name="trace_shipment")
    op.drop_index("ix_trace_shipment_open", table_name="trace_shipment")
    op.drop_table("trace_shipment")
    op.drop_index(op.f("ix_trace_sale_seller"), table_name="trace_sale")
    op.drop_index(op.f("ix_trace_sale_lot_id"), table_name="trace_sale")
    op.drop_index(op.f("ix_trace_sale_event_ms"), table_name="trace_sale")
    op.drop_table("trace_sale")
    op.drop_index(op.f("ix_trace_finding_step_id"), table_name="trace_finding")
    op.drop_index(op.f("ix_trace_finding_rule"), table_name="trace_finding")
    op.drop_index(op.f("ix_trace_finding_lot_id"), table_name="trace_finding")
    op.drop_index(op.f("ix_trace_finding_found_ms"), table_name="trace_finding")
    op.drop_table("trace_finding")
    op.drop_index(op.f("ix_trace_edge_target"), table_name="trace_edge")
    op.drop_index(op.f("ix_trace_edge_source"), table_name="trace_edge")
    op.drop_table("trace_edge")
    op.drop_index(op.f("ix_trace_step_stage"), table_name="trace_step")
    op.drop_index(op.f("ix_trace_step_recorded_ms"), table_name="trace_step")
    op.drop_index(op.f("ix_trace_step_place"), table_name="trace_step")
    op.drop_index(op.f("ix_trace_step_party"), table_name="trace_step")
    op.drop_index(op.f("ix_trace_step_event_ms"), table_name="trace_step")
    op.drop_table("trace_step")
    op.drop_index(op.f("ix_trace_code_pack_step"), table_name="trace_code")
    op.drop_index(op.f("ix_trace_code_lot_id"), table_name="trace_code")
    op.drop_index("ix_trace_code_batch", table_name="trace_code")
    op.drop_table("trace_code")
    op.drop_table("price_value")
    op.drop_index(op.f("ix_trace_place_party"), table_name="trace_place")
    op.drop_index(op.f("ix_trace_place_division"), table_name="trace_place")
    op.drop_table("trace_place")
    op.drop_index(op.f("ix_trace_lot_holder"), table_name="trace_lot")
    op.drop_index(op.f("ix_trace_lot_herb"), table_name="trace_lot")
    op.drop_table("trace_lot")
    op.drop_index(op.f("ix_trace_code_batch_party"), table_name="trace_code_batch")
    op.drop_table("trace_code_batch")
    op.drop_index(op.f("ix_price_release_published_ms"), table_name="price_release")
    op.drop_index(op.f("ix_price_release_family"), table_name="price_release")
    op.drop_table("price_release")
    op.drop_index(op.f("ix_price_quote_recorded_ms"), table_name="price_quote")
    op.drop_table("price_quote")
    op.drop_index("ix_trace_scan_code", table_name="trace_scan")
    op.drop_table("trace_scan")
    op.drop_table("trace_party")
    op.drop_index(op.f("ix_trace_freeze_target"), table_name="trace_freeze")
    op.drop_table("trace_freeze")
    op.drop_table("trace_disclosure")
    op.drop_table("price_feed_state")
    op.drop_table("price_cell")
    op.drop_table("price_bundle")
    op.drop_table("price_archive")
    op.drop_table("ledger_tile")
    op.drop_table("ledger_subject")
    op.drop_table("ledger_state")
    op.drop_table("ledger_pending")
    op.drop_table("ledger_key")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_checkpoint")
    op.drop_table("api_token")
