"""Verification: recompute a release from its committed inputs and compare every value with what was said.

Two machines may disagree in the last bit of a logarithm. Values are kept to eight decimals of a
point; they count as equal when they differ by at most two units of the last one kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from sqlmodel import Session

from ledger import log
from ledger.canonical import JsonValue
from ledger.errors import DaodiError
from priceindex.classification import Level
from priceindex.engine.run import IndexRun, run
from priceindex.errors import BundleAltered, StatementDiffers, StatementMissing, ValueDiffers
from priceindex.releases import bundle as bundles
from priceindex.releases import release_store
from priceindex.releases.release import Release
from priceindex.releases.series import Series, digest

_PARTS = ("release", "bundle_sha256", "method_sha256", "values")
FAULTS_LISTED = 20
"""Differing values a verification lists; one is enough to refuse a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found."""

    release_id: str
    values_compared: int
    log_index: int | None
    """Where the statement stands in the log; None when it was not looked up or is not integrated."""
    faults: tuple[DaodiError, ...]

    @property
    def ok(self) -> bool:
        """Whether everything agreed."""
        return not self.faults


def verify_bundle(raw: bytes) -> IndexRun:
    """Recompute an index from bundle bytes alone: no database, no network, no clock.

    Raises `MalformedBundle` and what `priceindex.engine.run.run` raises.
    """
    return run(bundles.decode(raw), raw)


def verify_statement(raw: bytes, public: Mapping[str, JsonValue]) -> Verification:
    """Check bundle bytes against the public part of a release statement taken from the log, offline.

    Raises `StatementDiffers` when the statement is not one of a release, and `MalformedBundle`.
    """
    missing = [part for part in _PARTS if part not in public]
    if missing:
        raise StatementDiffers(part=", ".join(missing))
    faults: list[DaodiError] = []
    found, logged = bundles.digest(raw), str(public["bundle_sha256"])
    if found != logged:
        return Verification(
            release_id=str(public["release"]),
            values_compared=0,
            log_index=None,
            faults=(BundleAltered(found=found, logged=logged),),
        )
    recomputed = verify_bundle(raw)
    if recomputed.family.method_sha256 != public["method_sha256"]:
        faults.append(StatementDiffers(part="method_sha256"))
    told = cast("list[tuple[str, str, str | None]]", public["values"])
    known = {(str(level), node) for level in Level for node in recomputed.tree.keys(level)}
    for level, node, value in told:
        if (level, node) not in known:
            faults.append(StatementDiffers(part=f"values: {level} {node}"))
            continue
        point = recomputed.series(level, node).last
        if not _equal(_decimal(value), point.value, recomputed.family.digits.kept):
            faults.append(ValueDiffers(node=node, day=point.day, published=value, recomputed=point.value))
    return Verification(
        release_id=str(public["release"]), values_compared=len(told), log_index=None, faults=tuple(faults)
    )


def verify(session: Session, release_id: str) -> Verification:
    """Recompute a stored release and compare all of it, and its digests, with what the log holds.

    Raises `UnknownRelease`; whatever else is wrong comes back as faults.
    """
    release = release_store.release(session, release_id)
    raw = release_store.bundle(session, release_id)
    published = release_store.all_series(session, release_id)
    faults = list(_against_log(session, release, raw, published))
    compared = 0
    try:
        recomputed = {(one.level, one.node): one for one in verify_bundle(raw).all_series()}
    except DaodiError as fault:
        return _verification(session, release, 0, [*faults, fault])
    if recomputed.keys() != {(one.level, one.node) for one in published}:
        faults.append(StatementDiffers(part="values"))
    for one in published:
        against = recomputed.get((one.level, one.node))
        if against is not None:
            compared += len(one.points)
            faults += _differences(one, against)
    return _verification(session, release, compared, faults)


def _verification(
    session: Session, release: Release, compared: int, faults: list[DaodiError]
) -> Verification:
    return Verification(
        release_id=release.release_id,
        values_compared=compared,
        log_index=log.indices(session, [release.statement_id]).get(release.statement_id),
        faults=tuple(faults[:FAULTS_LISTED]),
    )


def _against_log(session: Session, release: Release, raw: bytes, published: list[Series]) -> list[DaodiError]:
    """Compare what is stored with the logged statement: digests, method, headline."""
    logged = log.find(session, release.statement_id)
    if logged is None:
        return [StatementMissing(statement=release.statement_id)]
    public = logged.entry.statement.public
    faults: list[DaodiError] = []
    if bundles.digest(raw) != public["bundle_sha256"]:
        faults.append(BundleAltered(found=bundles.digest(raw), logged=public["bundle_sha256"]))
    told = {
        "values_sha256": digest(published),
        "method_sha256": release.method_sha256,
        "status": str(release.status),
    }
    faults += [StatementDiffers(part=part) for part, value in told.items() if public[part] != value]
    composite = cast("list[tuple[str, str, str | None]]", public["values"])[0]
    if composite[0] != str(Level.COMPOSITE) or composite[2] != format(release.headline, "f"):
        faults.append(StatementDiffers(part="values"))
    return faults


def _differences(published: Series, recomputed: Series) -> list[DaodiError]:
    digits = _digits(published)
    if [point.day for point in published.points] != [point.day for point in recomputed.points]:
        return [StatementDiffers(part=f"days of {published.node}")]
    return [
        ValueDiffers(node=published.node, day=said.day, published=said.value, recomputed=found.value)
        for said, found in zip(published.points, recomputed.points, strict=True)
        if not _equal(said.value, found.value, digits)
    ]


def _digits(series: Series) -> int:
    exponent = series.weight.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _equal(said: Decimal | None, found: Decimal | None, digits: int) -> bool:
    if said is None or found is None:
        return said is found
    return abs(said - found) <= 2 * Decimal(1).scaleb(-digits)
