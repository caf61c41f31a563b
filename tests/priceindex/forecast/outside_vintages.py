"""Vintages of somebody else's price list, kept in our store of published values and read back as of a moment.

The World Bank overwrites its Pink Sheet every month: cells change, appear and vanish. Each state of the list
becomes a release of a family, as ours are: planned against what stands, and only the differences written.
A family has one number of digits, so series stand in a family of as many digits as they are told with.
"""

import csv
import datetime
import gzip
import hashlib
import io
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
from sqlmodel import Session

from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.errors import UnknownNode
from priceindex.families import Family, family
from priceindex.releases import point_writing, release_store
from priceindex.releases.point_planning import Plan, plan
from priceindex.releases.release import ReleaseStatus
from priceindex.releases.release_tables import BundleRow, ReleaseRow
from priceindex.releases.series import Series, digest

Cells = Mapping[tuple[str, int], str]
"""The price as the list writes it, by series and the first day of the month."""
_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class PriceList:
    """Every state of a list, oldest first."""

    vintages: tuple[tuple[int, Cells], ...]
    """Epoch milliseconds at which each became known, and its cells."""

    def digits(self) -> dict[str, int]:
        """Digits after the point that each series is told with, the most of any vintage."""
        most: dict[str, int] = defaultdict(int)
        for _, cells in self.vintages:
            for (name, _), told in cells.items():
                most[name] = max(most[name], len(told.partition(".")[2]))
        return dict(most)


def pink_sheet(file: Path) -> PriceList:
    """The three saved vintages; a series is `commodity|unit`."""
    found: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            month = day_number(datetime.date.fromisoformat(line["date"]))
            found[line["vintage"]][f"{line['commodity']}|{line['unit']}", month] = line["price_usd"]
    return PriceList(
        tuple((day_number(datetime.date.fromisoformat(on)) * _MS_PER_DAY, found[on]) for on in sorted(found))
    )


def family_of(digits: int) -> Family:
    """The family that keeps series of so many digits."""
    like = family("bozhou")
    return replace(like, id=f"outside-{digits}", digits=like.digits.model_copy(update={"kept": digits}))


def keep(session: Session, prices: PriceList) -> dict[int, list[Plan]]:
    """Publish every vintage at its moment; returns what each wrote, by the digits of the family."""
    digits = prices.digits()
    wrote: dict[int, list[Plan]] = defaultdict(list)
    for at_ms, cells in prices.vintages:
        for kept in sorted(set(digits.values())):
            own = {each: told for each, told in cells.items() if digits[each[0]] == kept}
            wrote[kept].append(_publish(session, family_of(kept), own, at_ms))
    return dict(wrote)


def as_of(session: Session, prices: PriceList, at_ms: int) -> dict[tuple[str, int], Decimal]:
    """The whole list as it was known at a moment, through the query that every page and feed uses."""
    found = {}
    for name, kept in prices.digits().items():
        try:
            told = release_store.observations(
                session, family_of(kept).id, Level.HERB, name, "month", as_of_ms=at_ms
            )
        except UnknownNode:
            continue
        for each in told:
            assert each.point.value is not None
            found[name, day_number(each.point.day)] = each.point.value
    return found


def _publish(session: Session, chosen: Family, cells: Cells, at_ms: int) -> Plan:
    series = [_count(cells, at_ms // _MS_PER_DAY, chosen.digits.kept), *_series(cells, chosen.digits.kept)]
    planned = plan(session, chosen, series, ReleaseStatus.OFFICIAL, at_ms)
    session.add(_row(session, chosen, planned, series, at_ms))
    session.flush()
    point_writing.write(session, chosen.id, planned)
    session.flush()
    return planned


def _count(cells: Cells, day: int, kept: int) -> Series:
    """How many cells the list has: a release has a composite even when it has nothing else."""
    return Series(
        level=Level.COMPOSITE, node="all", parent=None, weight=Decimal(1), frequency="day",
        days=np.array([day]), units=np.array([len(cells)]), kept=kept, counts={},
    )  # fmt: skip


def _series(cells: Cells, kept: int) -> list[Series]:
    by_name: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (name, day), told in cells.items():
        by_name[name].append((day, int(Decimal(told).scaleb(kept))))
    made = []
    for name, points in sorted(by_name.items()):
        days, units = np.array(sorted(points), dtype=np.int64).T
        made.append(
            Series(
                level=Level.HERB, node=name, parent=None, weight=Decimal(1), frequency="month", days=days,
                units=units, kept=kept, counts={},
            )
        )  # fmt: skip
    return made


def _row(session: Session, chosen: Family, planned: Plan, series: list[Series], at_ms: int) -> ReleaseRow:
    last = max(int(each.days[-1]) for each in series)
    name = f"{chosen.id}/{day_of(last):%Y-%m-%d}/{planned.ordinal}"
    return ReleaseRow(
        release_id=name, family=chosen.id, ordinal=planned.ordinal, until=last, last_day=last,
        revision=planned.ordinal, status=str(ReleaseStatus.OFFICIAL), method_id=chosen.method_id,
        method_sha256=chosen.method_sha256, bundle_sha256=_bundle(session, series),
        values_sha256=digest(series), form=2, kept=chosen.digits.kept, final_after_days=0, as_of_ms=at_ms,
        published_ms=at_ms, statement_id=name, headline="0", summary="{}",
    )  # fmt: skip


def _bundle(session: Session, series: list[Series]) -> str:
    """The vintage itself as CSV, kept by digest as the inputs of a release are."""
    text = io.StringIO()
    for each in series:
        csv.writer(text).writerows(
            (each.node, day, units)
            for day, units in zip(each.days.tolist(), each.units.tolist(), strict=True)
        )
    body = text.getvalue().encode()
    sha256 = hashlib.sha256(body).hexdigest()
    if session.get(BundleRow, sha256) is None:
        session.add(BundleRow(sha256=sha256, size_bytes=len(body), body=zlib.compress(body)))
        session.flush()
    return sha256
