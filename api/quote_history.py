"""The quote history at the edge: what a computation from Parquet needs beside the quotes, and its limits."""

from datetime import date
from pathlib import Path

from sqlmodel import Session

from api.index_runs import class_of, source_weights, themes, weight_sets
from api.settings import Settings
from ledger.private.private_vault import Vault
from priceindex.engine.gathering import cells_of_basket
from priceindex.engine.index_run import IndexRun
from priceindex.engine.moments import Eligible
from priceindex.errors import NothingQuoted
from priceindex.families import family
from priceindex.history.computing import Beside, compute_history, last_day_of
from priceindex.history.duck import DuckLimits
from priceindex.history.layout import history_in


def limits(settings: Settings) -> DuckLimits:
    """Return what DuckDB may use here."""
    return DuckLimits(threads=settings.history_threads, memory_mb=settings.history_memory_mb)


def compute_from_history(
    session: Session, vault: Vault, family_id: str, until: date | None, folder: Path, allowed: DuckLimits
) -> IndexRun:
    """Compute a family through `until` (the newest day quoted by default) from an exported history.

    Weights, reviews and the trust in sources are those known here at the export's moment. Nothing is written.
    Raises `NoHistory`, `UnknownFamily`, `NothingQuoted` and what the computation refuses.
    """
    chosen = family(family_id, until)
    as_of_ms = history_in(folder).as_of_ms
    last = until or last_day_of(folder, chosen, allowed)
    if last is None:
        raise NothingQuoted(family=chosen.id)
    classes, listed = class_of(), themes(last)
    cells = cells_of_basket(session, chosen, listed)
    classed = {number: cell for number, cell in cells.items() if cell.herb in classes}
    beside = Beside(
        class_of=classes,
        weight_sets=weight_sets(session, vault, chosen, last, as_of_ms),
        themes=listed,
        source_weights=source_weights(session, chosen, last, as_of_ms),
        eligible=Eligible(session, chosen, classed),
        sets_known=lambda at_ms: weight_sets(session, vault, chosen, last, at_ms),
    )
    return compute_history(folder, chosen, last, beside, allowed)
