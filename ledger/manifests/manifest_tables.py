"""The table of manifests: what the paths to their statements are made from."""

from typing import ClassVar

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class ManifestRow(SQLModel, table=True):
    """The digests a manifest covers, in order. They follow from its logged statements."""

    __tablename__: ClassVar[str] = "ledger_manifest"

    manifest_id: str = Field(primary_key=True, max_length=200)
    digests: bytes = Field(sa_type=LargeBinary)
    """32 bytes for each statement (`ledger.manifests.manifest.digest_of`), joined."""
