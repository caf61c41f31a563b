"""Whether the process lives and whether it can do its work, for those who watch and balance it."""

from typing import Literal

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from redis import Redis, RedisError
from sqlalchemy import text

from api import migrations
from api.callers import Anyone, TheStation
from api.station import Station
from ledger.errors import DaodiError

router = APIRouter(tags=["health"])
_log = structlog.get_logger(__name__)

Part = Literal["ok", "failing", "degraded", "not_used"]


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Each part the service needs; Redis may be away without harm."""

    status: Literal["ready", "not_ready"]
    database: Part = Field(description="The database answers and its tables are of this version.")
    writer: Part = Field(description="The thread that commits writes runs.")
    sequencer: Part = Field(description="Acknowledged statements enter the log in time.")
    witnesses: Part = Field(
        description="Degraded: the newest checkpoint has lacked its quorum for too long, or the policy in "
        "force names no key the log signs with. Failing: a witness "
        "holds more of this log, or another one, than this database; nothing is signed."
    )
    seconds_without_quorum: float | None = Field(
        description="For how long the newest checkpoint has lacked its quorum of witnesses, in seconds."
    )
    redis: Part = Field(description="Degraded: away; limits are then counted by each worker for itself.")


@router.get("/livez", summary="Tell that the process lives", operation_id="livez")
async def livez(_: Anyone) -> Liveness:
    """Answer as long as the process serves requests; looks at nothing else."""
    return Liveness()


@router.get("/readyz", summary="Tell whether the service can work", operation_id="readyz")
def readyz(_: Anyone, station: TheStation, response: Response) -> Readiness:
    """Answer 200 when every needed part works and 503 otherwise, naming each."""
    found = readiness(station)
    response.status_code = 200 if found.status == "ready" else 503
    response.headers["Cache-Control"] = "no-store"
    return found


def readiness(station: Station) -> Readiness:
    """Look at each part of `station` now."""
    database = _database(station)
    writer: Part = "ok" if station.writer.alive and station.lane.alive else "failing"
    late = station.sequencing.late_seconds > station.settings.sequencer_late_seconds
    sequencer: Part = "ok" if station.sequencing.alive and not late else "failing"
    witnesses, waited = _witnesses(station, readable=database == "ok")
    needed = (database, writer, sequencer) == ("ok", "ok", "ok") and witnesses != "failing"
    ready = needed and not station.stopping
    return Readiness(
        status="ready" if ready else "not_ready",
        database=database,
        writer=writer,
        sequencer=sequencer,
        witnesses=witnesses,
        seconds_without_quorum=waited,
        redis=_redis(station),
    )


def _database(station: Station) -> Part:
    try:
        with station.database.read() as session:
            session.connection().execute(text("SELECT 1"))
        migrations.require_current(station.database)
    except DaodiError as error:
        _log.warning("not_ready", error=error.key())
        return "failing"
    except Exception as error:  # noqa: BLE001  whatever keeps the database away, the answer is the same
        _log.warning("not_ready", error=type(error).__name__)
        return "failing"
    return "ok"


def _witnesses(station: Station, *, readable: bool) -> tuple[Part, float | None]:
    witnessing = station.witnessing
    if not witnessing.used:
        return "not_used", None
    if not readable:
        return "failing", None
    with station.database.read() as session:
        fault = witnessing.fault(session)
        waited = witnessing.seconds_without_quorum(session)
        outdated = witnessing.outdated(session)
    if fault is not None:
        _log.error("not_ready", error=fault.key(), message=str(fault))
        return "failing", waited
    if outdated is not None:
        _log.error("policy_outdated", message=str(outdated))
    late = waited > station.settings.checkpoint_late_seconds
    return ("degraded" if late or outdated is not None else "ok"), waited


def _redis(station: Station) -> Part:
    client = station.redis
    if client is None:
        return "not_used"
    return station.redis_breaker.call(lambda: _ping(client), _degraded, expected=RedisError)


def _degraded() -> Part:
    return "degraded"


def _ping(client: Redis) -> Part:
    client.ping()
    return "ok"
