"""Reading what is on record about one code: from its text to its run, in one indexed query."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from trace.coding.code_keys import CodeKeys
from trace.coding.code_tables import CodeBatchRow, CodeRunRow
from trace.coding.code_words import CodeStatus, Level
from trace.coding.runs import CodeRun, run_of
from trace.coding.trace_code import Decoded, encode_many, read_code
from trace.errors import UnknownCode
from trace.tables import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeState:
    """One issued code as it stands now."""

    code: str
    serial: int
    party: str
    """Whom it was issued to."""
    level: Level
    issued: str
    """Id of the `codes.issued` statement."""
    run: CodeRun
    """The state it shares with its neighbours."""

    @property
    def batch_id(self) -> str:
        """Root of its batch, in hex."""
        return self.run.batch_id

    @property
    def status(self) -> CodeStatus:
        """What has become of it."""
        return self.run.status

    @property
    def lot_id(self) -> str | None:
        """The lot the pack was filled from."""
        return self.run.lot_id

    @property
    def pack_step(self) -> str | None:
        """The packing that put it to use."""
        return self.run.pack_step

    @property
    def grams(self) -> int | None:
        """Mass of the pack."""
        return self.run.grams

    @property
    def frozen(self) -> bool:
        """Whether the code itself is on hold."""
        return self.run.frozen


_FIRST: Final = col(CodeRunRow.first_serial)
_STATE: Final = (
    select(
        table_of(CodeRunRow),
        col(CodeBatchRow.party),
        col(CodeBatchRow.level),
        col(CodeBatchRow.key_version),
        col(CodeBatchRow.statement_id),
    )
    .join(CodeBatchRow, col(CodeBatchRow.batch_id) == col(CodeRunRow.batch_id))
    .where(bindparam("serial") >= _FIRST)
    .order_by(_FIRST.desc())
    .limit(1)
)


def code_state(session: Session, code: str, code_keys: CodeKeys) -> CodeState:
    """Return what is on record about a code.

    Raises `MalformedCode` or `ForgedCode` before any query, then `UnknownCode` for a serial never issued,
    or issued under other keys.
    """
    return state_of(session, read_code(code, code_keys))


def state_of(session: Session, named: Decoded) -> CodeState:
    """Return what is on record about a decoded code; raises `UnknownCode`."""
    row = session.connection().execute(_STATE, {"serial": named.serial}).one_or_none()
    if row is None or row.last_serial < named.serial or row.key_version != named.version:
        raise UnknownCode(code=named.code)
    return CodeState(
        code=named.code,
        serial=named.serial,
        party=row.party,
        level=Level(row.level),
        issued=row.statement_id,
        run=run_of(row),
    )


def code_text(session: Session, serial: int, code_keys: CodeKeys) -> str:
    """Return the code of an issued serial, as it is printed on its pack; raises `UnknownCode`."""
    row = session.connection().execute(_STATE, {"serial": serial}).one_or_none()
    if row is None or row.last_serial < serial:
        raise UnknownCode(code=f"#{serial}")
    return encode_many(serial, 1, code_keys, row.key_version)[0]
