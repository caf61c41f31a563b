"""Fewer pages to change for a scan: of the sums of scans only those of copied codes are indexed.

Codes that were never used or are over are found by the status of their run instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_trace_scan_mark_last_ms", table_name="trace_scan_mark")
    op.drop_index("ix_trace_scan_mark_copied", table_name="trace_scan_mark")
    op.create_index(
        "ix_trace_scan_mark_copied",
        "trace_scan_mark",
        ["last_ms"],
        sqlite_where=sa.text("copied IS 1"),
        postgresql_where=sa.text("copied IS true"),
    )
    op.create_index("ix_trace_code_run_status", "trace_code_run", ["status"])
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_trace_scan_at_ms", table_name="trace_scan")
        op.create_index(
            "ix_trace_scan_at_ms",
            "trace_scan",
            ["at_ms"],
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        )
        # Room on each page for the next version of its rows, which then no index has to be told of (HOT).
        op.execute("ALTER TABLE trace_scan_mark SET (fillfactor = 80)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE trace_scan_mark RESET (fillfactor)")
        op.drop_index("ix_trace_scan_at_ms", table_name="trace_scan")
        op.create_index("ix_trace_scan_at_ms", "trace_scan", ["at_ms"])
    op.drop_index("ix_trace_code_run_status", table_name="trace_code_run")
    op.drop_index("ix_trace_scan_mark_copied", table_name="trace_scan_mark")
    op.create_index("ix_trace_scan_mark_copied", "trace_scan_mark", ["copied"])
    op.create_index("ix_trace_scan_mark_last_ms", "trace_scan_mark", ["last_ms"])
