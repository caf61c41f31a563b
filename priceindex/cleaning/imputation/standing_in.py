"""Which rule moves a cell without a price at a link: the family text's `missing.imputation`."""

from typing import Literal

from priceindex.cleaning.imputation.carry_forward import carry_forward
from priceindex.cleaning.imputation.class_mean import class_mean
from priceindex.cleaning.imputation.parental import parental
from priceindex.formulas.relatives import Floats, Places

ImputationRule = Literal["parental", "class_mean", "carry_forward"]


def movements(
    rule: ImputationRule,
    relatives: Floats,
    *,
    grade: Places,
    herb: Places,
    market: Places,
    class_: Places,
    grade_moves: Floats,
    class_moves: Floats,
) -> Floats:
    """What every cell's reference is moved by where the cell has no price (cells,).

    `relatives` are those of the cells priced at both ends of the link, NaN for the rest; `grade`, `herb`,
    `market` and `class_` the codes of each cell; `grade_moves` and `class_moves` the movements of the
    nodes, already imputed from above.
    """
    if rule == "carry_forward":
        return carry_forward(len(grade))
    if rule == "parental":
        return parental(grade, grade_moves)
    return class_mean(relatives, herb=herb, market=market, class_=class_, class_moves=class_moves)
