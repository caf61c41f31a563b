"""What the statements about codes change in the tables: when they are made, and when they are replayed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlmodel import Session

from ledger.canonical import JsonValue
from trace.coding.code_tables import CodeBatchRow
from trace.coding.code_words import CodeStatus, Level
from trace.coding.runs import CodeRun, Range, add_runs, change_runs
from trace.coding.serials import pass_serials, take_serials
from trace.said import Applier, Said
from trace.tables import insert_rows

STATUS_KINDS: Final[Mapping[CodeStatus, str]] = {
    CodeStatus.PRINTED: "codes.printed",
    CodeStatus.SPOILED: "codes.spoiled",
    CodeStatus.RETIRED: "codes.retired",
}
"""What a party may say of its codes, and the kind of statement that says it."""


def apply_issued(session: Session, said: Said) -> None:
    """Write a batch and its one run (`codes.issued`).

    The oldest statements name neither level nor serials nor keys: theirs were packs, numbered in
    the order of issue, under the first keys.
    """
    count, batch_id = _number(said, "count"), str(said.public["root"])
    first = _number(said, "first_serial") if "first_serial" in said.public else take_serials(session, count)
    insert_rows(
        session,
        CodeBatchRow,
        [
            {
                "batch_id": batch_id,
                "party": said.public["party"],
                "count": count,
                "first_serial": first,
                "key_version": _number(said, "key_version") if "key_version" in said.public else 0,
                "level": Level(str(said.public.get("level", Level.PACK))).value,
                "issued_ms": said.at_ms,
                "statement_id": said.statement_id,
            }
        ],
    )
    run = CodeRun(
        first_serial=first,
        last_serial=first + count - 1,
        batch_id=batch_id,
        status=CodeStatus.RESERVED,
        status_ms=said.at_ms,
    )
    add_runs(session, [run])
    pass_serials(session, first + count)


def apply_status(session: Session, said: Said) -> None:
    """Give the codes a statement names the status it gives them; what is retired stands in nothing."""
    status = next(status for status, kind in STATUS_KINDS.items() if kind == said.kind)

    def change(run: CodeRun) -> CodeRun:
        found = replace(run, status=status, status_ms=said.at_ms)
        return replace(found, parent_serial=None) if status is CodeStatus.RETIRED else found

    change_runs(session, ranges_said(said.public["serials"]), change)


def ranges_said(value: JsonValue) -> list[Range]:
    """Return the ranges of serials that a logged statement or event lists as [[first, last], …]."""
    if not isinstance(value, list):
        raise TypeError(value)
    return [_range_said(each) for each in value]


def _range_said(value: JsonValue) -> Range:
    match value:
        case [int(first), int(last)]:
            return first, last
        case _:
            raise TypeError(value)


def _number(said: Said, name: str) -> int:
    value = said.public[name]
    if not isinstance(value, int):
        raise TypeError(said.statement_id)
    return value


CODE_APPLIERS: Final[Mapping[str, Applier]] = {
    "codes.issued": apply_issued,
    **dict.fromkeys(STATUS_KINDS.values(), apply_status),
}
"""By kind of statement."""
