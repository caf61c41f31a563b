"""Drug trace codes 药品追溯码 and the classifying codes of GB/T 31774: taken as given, by shape alone.

Both have check digits whose rule we do not have (the code service's own; the standard's annex B), so a
slip of the key in one is not noticed here.
"""

import re
from dataclasses import dataclass

from ledger.errors import Location
from trace.errors import BadIdentifier
from trace.identifiers import check_drug_trace_code


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugTraceCode:
    """A code of one drug pack (NMPAB/T 1002-2019): twenty characters, never used again."""

    code: str

    @property
    def drug(self) -> str:
        """药品标识码: the first seven characters, which name firm, drug and pack size."""
        return self.code[:7]


def parse_drug_trace_code(text: str) -> DrugTraceCode:
    """Read a drug trace code; raises `BadIdentifier`.

    >>> parse_drug_trace_code("81234567890123456789").drug
    '8123456'
    """
    return DrugTraceCode(code=check_drug_trace_code(text))


def check_gbt31774(text: str) -> str:
    """Return a code of GB/T 31774-2015 中药编码规则: seventeen digits that name a kind of goods, no lot.

    Raises `BadIdentifier`. We neither make such codes nor look into them: the standard's tables are not
    ours to know.
    """
    code = text.strip()
    if not re.fullmatch(r"[0-9]{17}", code):
        raise BadIdentifier(
            kind_zh="中药编码（GB/T 31774）",
            kind_en="GB/T 31774 code",
            value=code[:40],
            fault_zh="应为 17 位数字",
            fault_en="it must have 17 digits",
            at=Location(value=code[:40]),
        )
    return code
