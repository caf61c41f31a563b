"""The lists of a recall as CSV: who has what, and every pack by its code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, select

from api.web.csv_body import Cell, csv_body, csv_lines
from trace.coding.code_keys import CodeKeys
from trace.coding.code_listing import codes_of_ranges
from trace.coding.code_tables import CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.coding.trace_code import grouped
from trace.goods_at import END_USERS_WORDS
from trace.recalls.closure import in_parts
from trace.recalls.portions import Portion
from trace.tables import LotRow

_HOLDERS: Final = (
    "持有人 holder",
    "名称 name",
    "批次 lot",
    "药材 herb",
    "形态 form",
    "克 grams",
    "包 packs",
    "运往 to",
)
_CODES: Final = ("追溯码 code", "批次 lot", "状态 status", "持有人 holder", "克 grams")
_LINES: Final = 4_096


def holders_lines(portions: Iterable[Portion], names: Mapping[str, str] | None = None) -> bytes:
    """Return where the goods are: a line for each holder and lot; end users have no name."""
    known = names or {}
    rows: list[Sequence[Cell]] = [
        (
            each.holder or " ".join(END_USERS_WORDS.values()),
            known.get(each.holder, ""),
            each.lot,
            each.herb,
            each.form,
            each.grams,
            each.packs,
            each.to,
        )
        for each in sorted(portions, key=lambda each: (each.holder, each.lot))
    ]
    return csv_body(_HOLDERS, rows)


def codes_lines(
    session: Session, lots: Sequence[str], code_keys: CodeKeys, holder: str | None
) -> Iterator[bytes]:
    """Yield the packs filled from `lots`, in parts; only those of `holder` unless it is None."""
    yield csv_body(_CODES, [])
    waiting: list[Sequence[Cell]] = []
    for part in in_parts(lots):
        for row in _code_rows(session, part, code_keys, holder):
            waiting.append(row)
            if len(waiting) == _LINES:
                yield csv_lines(waiting)
                waiting.clear()
    yield csv_lines(waiting)


def _code_rows(
    session: Session, lots: Sequence[str], code_keys: CodeKeys, holder: str | None
) -> Iterator[Sequence[Cell]]:
    runs = session.execute(
        select(CodeRunRow, LotRow.holder)
        .join(LotRow, col(LotRow.lot_id) == col(CodeRunRow.lot_id))
        .where(col(CodeRunRow.lot_id).in_(lots))
        .order_by(col(CodeRunRow.lot_id), col(CodeRunRow.first_serial))
    ).all()
    for run, lot_holder in runs:
        has = run.holder or lot_holder
        if holder is not None and has != holder:
            continue
        status = CodeStatus(run.status)
        for code in codes_of_ranges(session, [(run.first_serial, run.last_serial)], code_keys):
            yield (grouped(code), run.lot_id, status.zh, has, run.grams)
