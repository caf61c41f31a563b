"""The service's own tables, and the one metadata that holds those of all four packages."""

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field, SQLModel

import api.access.access_tables
import api.accounts.account_tables
import api.key_request_tables
import api.repeats.repeat_tables
import api.webhooks.webhook_tables  # noqa: F401  registers its tables on SQLModel.metadata
import ledger.manifests.manifest_tables
import ledger.private.private_tables
import ledger.sm.tables
import ledger.subjects.subject_index_tables
import ledger.tables
import ledger.timestamps.timestamp_tables
import ledger.witnessing.witness_tables  # noqa: F401  registers its tables on SQLModel.metadata
import priceindex.currency.rate_tables
import priceindex.engine.weight_tables
import priceindex.feeds.feed_tables
import priceindex.forecast.track.track_tables
import priceindex.governance.governance_tables
import priceindex.intake.intake_tables
import priceindex.naming.naming_tables
import priceindex.releases.release_tables
import priceindex.tables
import priceindex.warning.alerts.warning_tables  # noqa: F401  registers its tables on SQLModel.metadata
import trace.coding.code_tables
import trace.corrections.correction_tables
import trace.documents.document_tables
import trace.integrity.integrity_tables
import trace.links.link_tables
import trace.ordering
import trace.recalls.recall_tables
import trace.registers.register_tables
import trace.scanning.scan_tables
import trace.supervision.trade_tables
import trace.tables  # noqa: F401  registers its tables on SQLModel.metadata

METADATA = SQLModel.metadata


class ApiTokenRow(SQLModel, table=True):
    """One access token: its public prefix and the SHA-256 of its secret, never the secret."""

    __tablename__ = "api_token"

    prefix: str = Field(primary_key=True, max_length=16)
    """Eight lower-case hexadecimal digits: the part a person may say aloud."""
    secret_sha256: bytes = Field(sa_type=LargeBinary)
    name: str = Field(sa_type=Text)
    """Who or what holds it, in the operator's words."""
    party: str | None = Field(default=None, max_length=18)
    """The USCC of the one party it may speak for; None: any."""
    source: str | None = Field(default=None, max_length=40)
    """The one source it may deliver quotes of; None: any."""
    scopes: str = Field(sa_type=Text)
    """Words of `api.tokens.Scope`, sorted, separated by spaces."""
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int | None = Field(default=None, sa_type=BigInteger)
    revoked_ms: int | None = Field(default=None, sa_type=BigInteger)
    account: str | None = Field(default=None, max_length=16, index=True)
    """The account of the person who made it; None: made at the operator's console."""
    used_day: int | None = None
    """Days since 1970-01-01 (UTC) to the last one it was used on; None: never."""
