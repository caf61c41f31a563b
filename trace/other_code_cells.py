"""The two columns in which a sheet brings the codes other systems gave to the lots of a row."""

from typing import Final

from ledger.errors import Location
from trace.cells import read_codes
from trace.columns import STEPS
from trace.errors import BadCell
from trace.other_code import OtherCodeNew, scheme_of
from trace.sheets import Row
from trace.steps import StepNew

_SYSTEM: Final = STEPS.label("other_system")
_CODES: Final = STEPS.label("other_codes")


def other_codes_of(row: Row, new: StepNew) -> tuple[OtherCodeNew, ...]:
    """Return the other codes of a row: one for each lot it makes, in their order; raises `BadCell`."""
    cells = {STEPS.names(heading): cell for heading, cell in row.cells.items()}
    system, codes = cells.get("other_system", ""), read_codes(cells.get("other_codes", ""))
    if not system and not codes:
        return ()
    if not system or len(codes) != len(new.outputs):
        raise BadCell(
            column=_CODES if system else _SYSTEM,
            value=cells.get("other_codes", "")[:40],
            fault_zh=f"产出 {len(new.outputs)} 个批次，原追溯码 {len(codes)} 个"
            if system
            else "没有写是哪个系统",
            fault_en=(
                f"the row makes {len(new.outputs)} lots and brings {len(codes)} codes"
                if system
                else "it does not say of which system"
            ),
            wanted_zh="请写明系统，并为每个产出批次写一个码",
            wanted_en="name the system, and one code for each lot the row makes",
            at=Location(field=_CODES if system else _SYSTEM),
        )
    return tuple(
        OtherCodeNew(scheme=scheme_of(system), code=code, lot=made.lot)
        for code, made in zip(codes, new.outputs, strict=True)
    )
