"""A hold as a step meets it, and the words for what can be held and by whom."""

from dataclasses import dataclass

from trace.vocabulary import Word


class HoldKind(Word):
    """What can be put on hold: the four levels of MOFCOM 监管 freeze, and the goods of a recall."""

    PARTY = "party", "主体", "party"
    PRODUCT = "product", "产品", "product"
    LOT = "lot", "批次", "lot"
    CODE = "code", "追溯码", "trace code"
    RECALL = "recall", "召回", "recall"


class Role(Word):
    """In which role a person places or lifts a hold; the log names roles, never persons."""

    REGULATOR = "regulator", "管理机构", "regulator"
    OWNER = "owner", "货主", "owner"
    OPERATOR = "operator", "平台运营方", "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An open hold that concerns a step."""

    hold_id: str
    kind: HoldKind
    target: str
    """USCC, lot id, serial of a code, `herb/form/USCC` of a product, or the id of the recall."""
    reason: str
    placed_ms: int
    lots: frozenset[str] = frozenset()
    """Those of the step's lots that it covers; empty for a party, a product not yet made, or a code."""
