"""Answers kept with the keys of requests that may be sent again."""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
