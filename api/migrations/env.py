"""What Alembic runs: the migrations, on the connection it is handed."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from api.tables import METADATA


def _plain_names(kind: str, shown: Any, _: AutogenContext) -> str | Literal[False]:  # noqa: ANN401  Alembic's hook
    """Write SQLModel's text type as SQLAlchemy's own, so that old migrations need no SQLModel."""
    if kind == "type" and isinstance(shown, AutoString):
        return f"sa.String(length={shown.length})" if shown.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_item=_plain_names,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
