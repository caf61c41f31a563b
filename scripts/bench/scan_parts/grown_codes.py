"""A founded service with a million packs on sale: a hundred lots of slices of one field, bulk-packed.

Every code was scanned once before, so that a scan reads a row of its own besides its run's. Made through
the recorder that serves parties; only the sums of the earlier scans are written past it, by one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import TextClause, text
from sqlmodel import Session

from api.founding import found
from api.settings import Settings, load_settings
from api.station import Station
from trace.identifiers import make_uscc
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.steps import StepNew
from trace.vocabulary import NodeType

PARTY: Final = make_uscc("9", "3", "341602", "MA2N3B4C")
BEGUN_MS: Final = 1_704_067_200_000
HOUR_MS: Final = 3_600_000
LOTS: Final = 100
_EARLIER: Final = """
INSERT INTO trace_scan_mark (serial, count, first_ms, last_ms, cities, devices, copied)
WITH RECURSIVE serials(serial, last) AS (
  SELECT min(first_serial), max(last_serial) FROM trace_code_run
  UNION ALL SELECT serial + 1, last FROM serials WHERE serial < last
) SELECT serial, 1, {at}, {at}, '341600', 'a:b', {no} FROM serials
"""


@dataclass(frozen=True, slots=True)
class GrownCodes:
    """A service to be started, and the codes in it."""

    url: str
    folder: Path
    codes: tuple[str, ...]
    """All packs, lot by lot."""

    def lot_of(self, number: int) -> tuple[str, str]:
        """Return the name of a lot and the code of its first pack."""
        return f"Y{number}", self.codes[number * len(self.codes) // LOTS]


def settings_of(folder: Path, url: str, redis: str | None = None, port: int = 8000) -> Settings:
    """The settings of a deployment, but that one address may ask without end."""
    rate = "9999999/second"
    return load_settings(
        folder=folder, database_url=url, redis_url=redis, port=port, scan_rate=rate, unknown_code_rate=rate
    )


def grow(folder: Path, url: str, packs: int) -> GrownCodes:
    """Found a service and record `packs` packs in it."""
    settings = settings_of(folder, url)
    found(settings)
    codes: list[str] = []
    with Station.open(settings, background=False) as station:
        station.writer.submit(lambda session: _introduce(session, station))
        for new in _steps(packs // LOTS):
            codes += station.writer.submit(partial(_record, station, new))
        no = "0" if station.database.is_sqlite else "false"
        earlier = text(_EARLIER.format(at=BEGUN_MS, no=no))
        station.writer.submit(partial(_scan_once, earlier))
        station.settle()
        with station.database.write_engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.exec_driver_sql("ANALYZE")
    return GrownCodes(url, folder, tuple(codes))


def _record(station: Station, new: StepNew, session: Session) -> tuple[str, ...]:
    recorded = station.recorder.record_step(session, new, int(new.time.timestamp() * 1000))
    return tuple(recorded.codes)


def _scan_once(earlier: TextClause, session: Session) -> None:
    session.connection().execute(earlier)


def _introduce(session: Session, station: Station) -> None:
    new = PartyNew(
        uscc=PARTY, name="亳州市谯城区芍花种植专业合作社", node_types=(NodeType.GROWER,), division="341602"
    )
    station.recorder.register_party(session, new, BEGUN_MS)
    place = PlaceNew(place_id="FARM", name="十九里镇七号地块", party=PARTY, division="341602")
    station.recorder.register_place(session, place, BEGUN_MS)


def _steps(packs_of_lot: int) -> list[StepNew]:
    whole = LOTS * 200_000
    parts = [(f"S{number}", 200_000) for number in range(LOTS)]
    steps = [
        _step("seed", 0, [], [("SEED", 50_000)], fields={"seed_source": "自购"}),
        _step("planting", 1, [("SEED", None)], [("CROP", None)], {"area_mu": "100"}),
        _step("harvest", 8000, [("CROP", None)], [("R", 3 * whole)]),
        _step("primary_processing", 8010, [("R", None)], [("D", whole)], {"method": "晒干"}),
        _step("split", 8020, [("D", None)], parts),
    ]
    fields = {"method": "切薄片", "standard": "中国药典2020年版"}
    for part, grams in parts:
        slices = part.replace("S", "Y")
        steps.append(_step("paozhi", 8030, [(part, None)], [(slices, grams - 20_000)], fields))
        steps.append(_step("pack", 8040, [(slices, None)], [], packs=packs_of_lot, grams_per_pack=10))
    return steps


def _step(
    stage: str,
    hour: int,
    inputs: Sequence[tuple[str, int | None]],
    outputs: Sequence[tuple[str, int | None]],
    fields: dict[str, str] | None = None,
    **rest: object,
) -> StepNew:
    herb = {"herb": "白芍"} if stage == "seed" else {}
    return StepNew.model_validate(
        {
            "stage": stage,
            "party": PARTY,
            "place": "FARM",
            "time": datetime.fromtimestamp((BEGUN_MS + hour * HOUR_MS) / 1000, UTC).isoformat(),
            "inputs": [_amount(lot, grams) for lot, grams in inputs],
            "outputs": [_amount(lot, grams) | herb for lot, grams in outputs],
            "fields": fields or {},
            **rest,
        }
    )


def _amount(lot: str, grams: int | None) -> dict[str, object]:
    return {"lot": lot} if grams is None else {"lot": lot, "grams": grams}
