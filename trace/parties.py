"""Who takes part: firms, cooperatives, markets, pharmacies and authorities, each with one signing key."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from ledger.plain_text import Capitals, PlainText
from trace.errors import UnknownParty
from trace.tables import PartyRow
from trace.vocabulary import NodeType


class PartyNew(BaseModel):
    """A party as it registers."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    uscc: Capitals = Field(min_length=18, max_length=18)
    """Unified social credit code 统一社会信用代码, GB 32100-2015."""
    name: PlainText = Field(min_length=1, max_length=120)
    """Name on the licence."""
    node_types: tuple[NodeType, ...] = Field(min_length=1, max_length=8)
    """What it does in the trade."""
    division: str = Field(pattern=r"^\d{6}$")
    """GB/T 2260 code of its seat."""
    gln: str | None = Field(default=None, pattern=r"^\d{13}$")
    """Global location number 全球位置码 (GS1 AI 417), if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A registered party."""

    uscc: str
    name: str
    node_types: tuple[NodeType, ...]
    division: str
    gln: str | None
    key_id: str
    frozen: bool
    registered_ms: int
    """When it was registered here: what it records from before is entered later (补录)."""


def party_of(row: PartyRow) -> Party:
    """Return the party a row holds."""
    return Party(
        uscc=row.uscc,
        name=row.name,
        node_types=tuple(NodeType(key) for key in row.node_types.split()),
        division=row.division,
        gln=row.gln,
        key_id=row.key_id,
        frozen=row.frozen,
        registered_ms=row.registered_ms,
    )


def party(session: Session, uscc: str) -> Party:
    """Return a registered party; raises `UnknownParty`."""
    row = session.get(PartyRow, uscc)
    if row is None:
        raise UnknownParty(uscc=uscc)
    return party_of(row)
