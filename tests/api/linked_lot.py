"""A station whose season reached the packing, with codes of other systems linked to lots and packs."""

from collections.abc import Callable

from starlette.testclient import TestClient

from api.station import Station
from tests.trace.season import MAKER, register_all, white_peony

GTIN = "09520123456788"
GTIN_LOT = f"(01){GTIN}(10)YP-1"
GTIN_SERIAL = f"(01){GTIN}(21)S-1"
DRUG = "81234567890123456789"
LOT_CPC = "1101273001145961401070059"
Issue = Callable[..., str]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def packed(station: Station) -> tuple[str, ...]:
    """Record the season up to the packing; returns the codes of the packs."""
    station.writer.submit(lambda session: register_all(session, station.recorder))
    codes: tuple[str, ...] = ()
    for new, at_ms in white_peony():
        done = station.writer.submit(
            lambda session, new=new, at_ms=at_ms: station.recorder.record_step(session, new, at_ms)
        )
        if new.stage == "pack":
            codes = done.codes
            break
    return codes


def link_all(client: TestClient, token: str, codes: tuple[str, ...]) -> None:
    """Link a lot under two systems and the first three packs under two more."""
    links = [
        {"scheme": "gs1", "code": f"(01){GTIN}", "product": "白芍饮片 500 克"},
        {"scheme": "gs1", "code": GTIN_LOT, "lot": "YP-1"},
        {"scheme": "gs1", "code": GTIN_SERIAL, "packs": {"first": codes[0]}},
        {"scheme": "drug", "code": DRUG, "packs": {"first": codes[0]}},
        {"scheme": "gs1", "code": "(00)006141411234567890", "packs": {"first": codes[0], "last": codes[2]}},
        {"scheme": "cpc", "code": LOT_CPC, "lot": "YP-1"},
        {"scheme": "gs1", "code": "(414)9520123456788(254)1/a", "place": "WORKS"},
        {"scheme": "gs1", "code": "(417)9520123456788", "firm": MAKER},
    ]
    sent = client.post("/v1/links", json={"party": MAKER, "links": links}, headers=bearer(token))
    assert sent.status_code == 201, sent.text
