"""The published months of a node and the prices behind them: what a seasonal analysis reads."""

import numpy as np
from sqlmodel import Session

from ledger.errors import Location
from priceindex.classification import Level, grade_key
from priceindex.engine.cell_prices import cell_days
from priceindex.engine.inputs import Inputs
from priceindex.errors import UnknownNode
from priceindex.families import family as family_named
from priceindex.formulas.relatives import Places
from priceindex.quotes import Cell
from priceindex.releases import bundle
from priceindex.releases.observations import observations
from priceindex.releases.release_store import bundle as stored_bundle
from priceindex.releases.release_store import latest
from priceindex.seasonal.analysis import SeasonalAnalysis, seasonal_months
from priceindex.seasonal.matched_year import MatchedYear, matched_year
from priceindex.seasonal.monthly_prices import monthly_prices


def seasonal_analysis(
    session: Session, family_id: str, level: Level, node: str, *, as_of_ms: int
) -> SeasonalAnalysis:
    """Analyse a node's monthly values as public at `as_of_ms`, with the prices of that release's bundle.

    Raises `UnknownFamily`, and `UnknownNode` for a node without published monthly values.
    """
    family_named(family_id)
    release = latest(session, family_id, public_at_ms=as_of_ms)
    if release is None:
        at = Location(field="node", value=node[:100])
        raise UnknownNode(at=at, release=family_id, level=level, node=node[:100])
    told = observations(session, family_id, level, node, "month", as_of_ms=as_of_ms)
    first, prices = prices_over_a_year(bundle.decode(stored_bundle(session, release.release_id)), level, node)
    values = [(each.point.day, each.point.value) for each in told]
    return SeasonalAnalysis(
        release_id=release.release_id,
        method_id=release.method_id,
        months=seasonal_months(values, first, prices),
    )


def prices_over_a_year(inputs: Inputs, level: Level, node: str) -> tuple[int, MatchedYear]:
    """The first month of the inputs, and the matched movements of a node's cells from there on."""
    priced = cell_days(inputs)
    column = _columns(inputs, level, node)
    used = column[priced.cell] >= 0
    herbs = [cell.herb for cell, place in zip(inputs.cells, column, strict=True) if place >= 0]
    _, codes = np.unique(np.array(herbs, dtype=np.str_), return_inverse=True)
    found = monthly_prices(priced.day[used], column[priced.cell[used]], priced.fen[used], len(herbs))
    return found.first, matched_year(found, codes.astype(np.int64))


def _columns(inputs: Inputs, level: Level, node: str) -> Places:
    """The place of each cell among those under the node (cells,); -1 for all others."""
    under = np.array([is_under(cell, level, node, inputs) for cell in inputs.cells], dtype=bool)
    return np.where(under, np.cumsum(under) - 1, -1)


def is_under(cell: Cell, level: Level, node: str, inputs: Inputs) -> bool:
    """Whether a cell belongs to a node of the tree or of a cut."""
    if level is Level.COMPOSITE:
        return True
    if level is Level.THEME:
        return cell.herb in inputs.themes.get(node, ())
    found = {
        Level.CLASS: inputs.class_of[cell.herb],
        Level.HERB: cell.herb,
        Level.GRADE: grade_key(cell),
        Level.MARKET: cell.market,
        Level.ORIGIN: cell.origin,
    }
    return found[level] == node
