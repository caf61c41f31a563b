"""Verification: recompute a release from its committed inputs and compare every value with what was said.

Releases of form 2 are computed with operations that every processor rounds alike (`priceindex.portable`):
their values digest must be the same bit for bit. Those of form 1 rested on the machine's own logarithm;
there a value counts as equal when it differs by at most two units of its eighth decimal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

import numpy as np
from sqlmodel import Session

from ledger import log
from ledger.canonical import JsonValue
from ledger.errors import DaodiError
from priceindex.calendar import day_of
from priceindex.classification import Level
from priceindex.engine.index_run import IndexRun
from priceindex.engine.run import run
from priceindex.errors import BundleAltered, StatementDiffers, StatementMissing, ValueDiffers
from priceindex.formulas.relatives import Places
from priceindex.releases import bundle as bundles
from priceindex.releases import release_store
from priceindex.releases.point_planning import Marks, SeriesKey
from priceindex.releases.release import Release
from priceindex.releases.series import UNPUBLISHED, Series, in_points
from priceindex.releases.values_digest import FORM, digest_in_form

_PARTS: Final = ("release", "bundle_sha256", "method_sha256", "values_sha256")
_SLACK_FORM_1: Final = 2
"""Units of the last digit by which two machines may differ in a value of form 1."""
FAULTS_LISTED: Final = 20
"""Differing values a verification lists; one is enough to refuse a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found."""

    release_id: str
    values_compared: int
    """Values, those included that only the digest of all of them vouches for."""
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
    """Check bundle bytes against the public part of a statement taken from the log, offline.

    The statement is one of a release or of its sealing before the embargo ended. In form 2 every value
    that was published is vouched for by the digest; the values the statement itself names are compared
    in both. Raises `StatementDiffers` when the statement is neither, and `MalformedBundle`.
    """
    missing = [part for part in _PARTS if part not in public]
    if missing:
        raise StatementDiffers(part=", ".join(missing))
    release_id = str(public["release"])
    found, logged = bundles.digest(raw), str(public["bundle_sha256"])
    if found != logged:
        altered = BundleAltered(found=found, logged=logged)
        return Verification(release_id=release_id, values_compared=0, log_index=None, faults=(altered,))
    recomputed = verify_bundle(raw)
    series = recomputed.all_series()
    slack = _slack(bundles.form_of(raw))
    faults: list[DaodiError] = []
    faults += [
        StatementDiffers(part=part)
        for part, value in _told_of(recomputed, series).items()
        if part in public and public[part] != value
    ]
    told = cast("list[tuple[str, str, str | None]]", public.get("values", []))
    faults += _against_told(told, series, slack)
    compared = len(told)
    if not slack:
        compared = sum(len(one.days) for one in series)
        if digest_in_form(FORM, series) != public["values_sha256"]:
            faults.append(StatementDiffers(part="values_sha256"))
    return Verification(
        release_id=release_id,
        values_compared=compared,
        log_index=None,
        faults=tuple(faults[:FAULTS_LISTED]),
    )


def _told_of(found: IndexRun, series: list[Series]) -> dict[str, JsonValue]:
    """The members of a statement that can be made again from the bundle alone."""
    family = found.family
    return {
        "family": family.id,
        "method": family.method_id,
        "method_sha256": family.method_sha256,
        "until": found.inputs.until.isoformat(),
        "last_day": found.days[-1].isoformat(),
        "as_of_ms": found.inputs.as_of_ms,
        "kept": series[0].kept,
        "weights": found.weights_words,
    }


def verify(session: Session, release_id: str) -> Verification:
    """Recompute a stored release and compare all of it, and its digests, with what the log holds.

    Raises `UnknownRelease`; whatever else is wrong comes back as faults.
    """
    release = release_store.release(session, release_id)
    raw = release_store.bundle(session, release_id)
    published = release_store.all_series(session, release_id)
    faults = list(_against_log(session, release, raw, published))
    try:
        recomputed = {_key(one): one for one in verify_bundle(raw).all_series()}
        slack = _slack(bundles.form_of(raw))
    except DaodiError as fault:
        return _verification(session, release, 0, [*faults, fault])
    said = {_key(one): one for one in published}
    # Form 1 knew only daily values of the tree; a later engine computes more from the same inputs.
    if said.keys() - recomputed.keys() or (not slack and recomputed.keys() - said.keys()):
        faults.append(StatementDiffers(part="values"))
    compared = 0
    for key in said.keys() & recomputed.keys():
        compared += len(said[key].days)
        faults += _differences(said[key], recomputed[key], slack)
    return _verification(session, release, compared, faults)


def _key(series: Series) -> SeriesKey:
    return str(series.level), series.node, str(series.frequency)


def _slack(form: int) -> int:
    return 0 if form == FORM else _SLACK_FORM_1


def _verification(
    session: Session, release: Release, compared: int, faults: list[DaodiError]
) -> Verification:
    return Verification(
        release_id=release.release_id,
        values_compared=compared,
        log_index=log.indices(session, [release.statement_id]).get(release.statement_id),
        faults=tuple(faults[:FAULTS_LISTED]),
    )


def _against_log(
    session: Session, release: Release, raw: bytes, published: Sequence[Series]
) -> list[DaodiError]:
    """Compare what is stored with the logged statement: digests, method, standing, headline."""
    logged = log.find(session, release.statement_id)
    if logged is None:
        return [StatementMissing(statement=release.statement_id)]
    public = logged.entry.statement.public
    faults: list[DaodiError] = []
    if bundles.digest(raw) != public["bundle_sha256"]:
        faults.append(BundleAltered(found=bundles.digest(raw), logged=public["bundle_sha256"]))
    told = {
        "values_sha256": digest_in_form(release.form, published),
        "method_sha256": release.method_sha256,
        "status": str(release.status),
        **({"ordinal": release.ordinal, "kept": release.kept} if release.form == FORM else {}),
    }
    faults += [StatementDiffers(part=part) for part, value in told.items() if public.get(part) != value]
    composite = cast("list[tuple[str, str, str | None]]", public["values"])[0]
    if composite[0] != str(Level.COMPOSITE) or composite[2] != format(release.headline, "f"):
        faults.append(StatementDiffers(part="values"))
    return faults


def _against_told(
    told: Sequence[tuple[str, str, str | None]], series: Sequence[Series], slack: int
) -> list[DaodiError]:
    """Compare the last values a statement names with those computed."""
    known = {(str(one.level), one.node): one for one in series if one.frequency == "day"}
    faults: list[DaodiError] = []
    for level, node, value in told:
        one = known.get((level, node))
        if one is None:
            faults.append(StatementDiffers(part=f"values: {level} {node}"))
            continue
        said, point = None if value is None else Decimal(value), one.last
        if not _equal(said, point.value, one.kept, slack):
            faults.append(ValueDiffers(node=node, day=point.day, published=said, recomputed=point.value))
    return faults


def _differences(published: Series, recomputed: Series, slack: int) -> list[DaodiError]:
    if not np.array_equal(published.days, recomputed.days):
        return [StatementDiffers(part=f"days of {published.node}")]
    if not slack and published != recomputed and np.array_equal(published.units, recomputed.units):
        return [StatementDiffers(part=f"counts or place of {published.node}")]
    said, found = published.units, recomputed.units
    return [
        ValueDiffers(
            node=published.node,
            day=day_of(int(published.days[place])),
            published=in_points(int(said[place]), published.kept),
            recomputed=in_points(int(found[place]), recomputed.kept),
        )
        for place in np.flatnonzero(_apart(said, found, slack))[:FAULTS_LISTED].tolist()
    ]


def _apart(said: Places, found: Places, slack: int) -> Marks:
    unpublished = (said == UNPUBLISHED) | (found == UNPUBLISHED)
    return np.asarray(np.where(unpublished, said != found, np.abs(said - found) > slack))


def _equal(said: Decimal | None, found: Decimal | None, kept: int, slack: int) -> bool:
    if said is None or found is None:
        return said is found
    return abs(said - found) <= slack * Decimal(1).scaleb(-kept)
