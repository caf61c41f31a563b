"""What the price index offers the layer above: compute, publish, read back, verify.

Every function takes a session and never commits; `verify_bundle` and `verify_statement` need none.
"""

import datetime
from collections.abc import Mapping

from sqlmodel import Session

from priceindex.engine.gathering import gather
from priceindex.engine.run import IndexRun, run
from priceindex.engine.weights import TurnoverTable
from priceindex.families import Family
from priceindex.releases.exclusions import Exclusion
from priceindex.releases.publishing import publish
from priceindex.releases.release import Release, ReleaseStatus, Summary
from priceindex.releases.release_store import (
    NodeLine,
    all_series,
    bundle,
    latest,
    nodes,
    release,
    releases,
    values,
)
from priceindex.releases.verification import Verification, verify, verify_bundle, verify_statement

__all__ = [
    "Exclusion",
    "IndexRun",
    "NodeLine",
    "Release",
    "ReleaseStatus",
    "Summary",
    "Verification",
    "all_series",
    "bundle",
    "compute",
    "latest",
    "nodes",
    "publish",
    "release",
    "releases",
    "values",
    "verify",
    "verify_bundle",
    "verify_statement",
]


def compute(
    session: Session,
    family: Family,
    class_of: Mapping[str, str],
    until: datetime.date,
    as_of_ms: int,
    weights: TurnoverTable | None = None,
) -> IndexRun:
    """Compute a family on every index day up to `until` from the quotes known at `as_of_ms`.

    `class_of` gives the class key of each herb by its Chinese name; `weights` is needed by families
    weighted by turnover. Nothing is written. Raises `NothingQuoted`, `NothingInBase`,
    `WeightsMissing`, `WeightsWrong`, `UnknownClass`.
    """
    return run(gather(session, family, class_of, until, as_of_ms, weights))
