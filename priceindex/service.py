"""What the price index offers the layer above: compute, publish, read back, verify.

Every function takes a session and never commits; `verify_bundle` and `verify_statement` need none.
"""

import datetime
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from priceindex.engine.gathering import gather
from priceindex.engine.index_run import IndexRun
from priceindex.engine.inputs import Themes
from priceindex.engine.moments import SetsKnown
from priceindex.engine.run import run
from priceindex.engine.weights import WeightSet
from priceindex.families import Family
from priceindex.releases.exclusions import Exclusion
from priceindex.releases.publishing import publish
from priceindex.releases.release import Release, ReleaseStatus, Summary
from priceindex.releases.release_store import (
    IndexLine,
    NodeLine,
    Observation,
    Triangle,
    all_series,
    bundle,
    indices,
    latest,
    nodes,
    observations,
    release,
    releases,
    triangle,
    values,
    vintages,
)
from priceindex.releases.verification import Verification, verify, verify_bundle, verify_statement

__all__ = [
    "Exclusion",
    "IndexLine",
    "IndexRun",
    "NodeLine",
    "Observation",
    "Release",
    "ReleaseStatus",
    "Summary",
    "Triangle",
    "Verification",
    "all_series",
    "bundle",
    "compute",
    "indices",
    "latest",
    "nodes",
    "observations",
    "publish",
    "release",
    "releases",
    "triangle",
    "values",
    "verify",
    "verify_bundle",
    "verify_statement",
    "vintages",
]


def compute(
    session: Session,
    family: Family,
    class_of: Mapping[str, str],
    until: datetime.date,
    as_of_ms: int,
    weight_sets: Sequence[WeightSet] = (),
    themes: Themes | None = None,
    source_weights: Mapping[int, Mapping[str, int]] | None = None,
    sets_known: SetsKnown | None = None,
) -> IndexRun:
    """Compute a family on every index day up to `until` from the quotes known at `as_of_ms`.

    `class_of` gives the class key of each herb by its Chinese name, `themes` the herbs of each theme
    with the year each was listed;
    `weight_sets` are needed by families that are not weighted equally; `source_weights` is the
    reputation of each source in basis points by year, full where it is not named. Nothing is written. Raises
    `NothingQuoted`, `NothingInBase`, `WeightsMissing`, `WeightsWrong`, `UnknownClass`.
    """
    found = gather(
        session, family, class_of, until, as_of_ms, weight_sets, themes, source_weights, sets_known
    )
    return run(found)
