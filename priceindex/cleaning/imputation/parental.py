"""Parental imputation 上级推算: a missing price moves as its grade does, the grade as its herb, and so on up.

The reference kept for the cell is the one before times that movement, so it corrects itself: when the
cell returns, its relative against the kept reference brings in what the imputation got wrong. This is
overall mean imputation as StatCan's piar does it (CPI Manual 2020, chapter 6, overall mean and class
mean imputation).
"""

from priceindex.formulas.relatives import Floats, Places


def parental(grade: Places, grade_moves: Floats) -> Floats:
    """Movement of each cell (cells,): that of its grade, itself imputed from above where it has none.

    >>> import numpy as np
    >>> parental(np.array([1, 0, 1]), np.array([1.5, 0.5])).tolist()
    [0.5, 1.5, 0.5]
    """
    return grade_moves[grade]
