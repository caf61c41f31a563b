"""A service with private values: what was recorded, who reads it, and who could open what is stored."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from ledger.private.private_cipher import WrappingKey, open_value, unwrap
from ledger.private.private_errors import SealBroken
from ledger.private.private_tables import PrivateKeyRow
from tests.trace.season import at, lot, register_all, step, white_peony
from trace.tables import DisclosureRow

Issue = Callable[..., str]
PHONE = "13800138000"


@pytest.fixture
def planting(station: Station) -> str:
    """The season, and forty other lots with values of their own; the statement with the phone number."""

    def work(session: Session) -> str:
        register_all(session, station.recorder)
        ids = [station.recorder.record_step(session, *each).statement_id for each in white_peony()]
        for number in range(40):
            other = step(
                "gathering",
                1,
                outputs=[lot(f"G{number}", 1_000, "白芍")],
                fields={"area_name": "山里", "identified_by": f"鉴定人{number}", "permit": f"P-{number}"},
            )
            station.recorder.record_step(session, other, at(1))
        return ids[1]

    statement_id = station.writer.submit(work)
    station.settle()
    return statement_id


@pytest.fixture
def gatherings(station: Station, planting: str) -> list[str]:  # noqa: ARG001  what was recorded
    """The statements of the other lots."""
    with station.database.read() as session:
        wanted = select(DisclosureRow.statement_id).where(DisclosureRow.name == "permit")  # type: ignore[arg-type]  # a column to SQLAlchemy
        return list(session.execute(wanted.order_by(DisclosureRow.statement_id)).scalars())[:40]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def shown(client: TestClient, statement: str, token: str) -> dict[str, object]:
    answer = client.get(f"/v1/statements/{statement}/disclosures", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    return {each["name"]: each["value"] for each in answer.json()["fields"]}


def sealed_of(station: Station, statement: str, name: str) -> tuple[bytes, bytes]:
    """The ciphertext of a value and its wrapped data key."""
    with station.database.read() as session:
        row = session.get(DisclosureRow, (statement, name))
        assert row is not None
        assert row.sealed is not None
        key = session.get(PrivateKeyRow, row.subject)
        assert key is not None
        return row.sealed, key.wrapped


def pieces(secret: bytes) -> set[bytes]:
    """Every run of twelve bytes: what is left of it could lie in pieces."""
    return {secret[place : place + 12] for place in range(len(secret) - 11)}


def openable(
    wrapping: list[WrappingKey], dump: list[tuple[str, bytes]], sealed: bytes, statement: str
) -> bool:
    """Whether any data key in a dump opens a ciphertext that somebody kept."""
    for subject, wrapped in dump:
        for by in wrapping:
            try:
                open_value(unwrap(by, subject, wrapped), sealed, statement, "phone")
            except SealBroken:
                continue
            return True
    return False


def data_keys(station: Station) -> list[tuple[str, bytes]]:
    with station.database.read() as session:
        return [(row.subject, row.wrapped) for row in session.execute(select(PrivateKeyRow)).scalars()]
