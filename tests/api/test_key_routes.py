"""Keys over HTTP: parties register, rotate and revoke their own; the operator the lost and the log's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import operator_token
from api.health import readiness
from api.key_service import renew_custody, retire_log_key
from api.settings import Settings
from api.station import Station
from ledger import log
from ledger.audits.audit import audit
from ledger.entry import Statement, sign_statement
from ledger.keyring.key_errors import PassphraseNeeded, PassphraseWrong
from ledger.keyring.key_files import KeyFolder
from ledger.keyring.key_statements import revocation, rotation
from ledger.keyring.log_keys import is_log_key
from ledger.keyring.passphrases import Passphrase
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.witnessing.witness_errors import PolicyOutdated
from ledger.writing.outbox import submit
from ledger.writing.submission import write_submission
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.api.spreadsheet import GROWER, MAKER

Token = Callable[..., str]
ORIGIN = f"{HOST}/log"
OWN = SigningKey.from_seed(b"o" * 32)
NEXT = SigningKey.from_seed(b"n" * 32)


def sent(made: Statement, key: SigningKey, origin: str = ORIGIN) -> Any:
    return json.loads(write_submission(sign_statement(made, origin, key)))


def registered(key: SigningKey, holder: str = GROWER) -> Any:
    return sent(registration(key.public, holder, NOW_MS), key)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def party(token_with: Token) -> dict[str, str]:
    """The headers of the grower's own token."""
    return bearer(token_with("steps:write", party=GROWER))


@pytest.fixture
def rival(token_with: Token) -> dict[str, str]:
    """The headers of another party's token."""
    return bearer(token_with("steps:write", party=MAKER))


@pytest.fixture
def operator(station: Station) -> dict[str, str]:
    """The headers of the console of the machine the service runs on: it may change keys alone."""
    station.renew_operator_token()
    return bearer(operator_token.read(station.settings.folder) or "")


def post(client: TestClient, path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
    answer = client.post(f"/v1{path}", json=body, headers=headers | {"Accept-Language": "en"})
    return answer.status_code, answer.json()


@ON_BOTH_DATABASES
def test_a_party_registers_rotates_and_revokes_its_own_key(
    client: TestClient, station: Station, party: dict[str, str]
) -> None:
    status, answer = post(client, "/keys", registered(OWN), party)
    assert (status, answer["state"], answer["holder"]) == (201, "waiting", GROWER)
    assert post(client, "/keys", registered(OWN), party)[0] == 201  # the same again changes nothing
    post(client, "/keys", registered(NEXT), party)
    old, new = OWN.public.key_id, NEXT.public.key_id
    status, answer = post(client, f"/keys/{old}/rotations", sent(rotation(old, new, NOW_MS), OWN), party)
    assert (status, answer["state"]) == (201, "rotated")
    station.settle()
    answer = client.get(f"/v1/keys/{old}").json()
    assert (answer["state"], answer["from_index"], answer["until_index"]) == ("rotated", 1, 3)
    assert answer["successor"] == new
    status, answer = post(
        client, f"/keys/{new}/revocations", sent(revocation(new, "ceased", NOW_MS), NEXT), party
    )
    assert (status, answer["state"], answer["reason"]) == (201, "revoked", None)
    station.settle()
    listed = client.get("/v1/keys", params={"holder": GROWER}).json()
    assert {each["key_id"]: each["state"] for each in listed} == {old: "rotated", new: "revoked"}
    assert client.get(f"/v1/receipts/{listed[0]['registered_by']}").status_code == 200
    with station.database.read() as session:
        assert audit(session, station.vkey).ok


def test_nobody_registers_a_key_for_another(
    client: TestClient, party: dict[str, str], rival: dict[str, str], token_with: Token
) -> None:
    assert post(client, "/keys", registered(OWN), {})[0] == 401
    assert post(client, "/keys", registered(OWN), bearer(token_with("quotes:write")))[0] == 403
    assert post(client, "/keys", registered(OWN), rival)[0] == 403
    assert post(client, "/keys", registered(OWN, ORIGIN), party)[0] == 403
    unbound = bearer(token_with("steps:write"))
    assert post(client, "/keys", registered(OWN, ORIGIN), unbound)[0] == 422  # the log's name is no party
    assert client.get(f"/v1/keys/{OWN.public.key_id}").status_code == 404


def test_nobody_changes_the_key_of_another(
    client: TestClient, party: dict[str, str], rival: dict[str, str]
) -> None:
    key_id = OWN.public.key_id
    post(client, "/keys", registered(OWN), party)
    stolen = sent(revocation(key_id, "lost", NOW_MS), OWN)
    assert post(client, f"/keys/{key_id}/revocations", stolen, rival)[0] == 403
    assert post(client, f"/keys/{key_id}/revocations", {"reason": "lost"}, party)[0] == 403
    assert post(client, f"/keys/{key_id}/revocations", {"reason": "stolen!"}, party)[0] == 422
    post(client, "/keys", registered(NEXT, MAKER), rival)
    theirs = sent(revocation(key_id, "lost", NOW_MS), NEXT)
    assert post(client, f"/keys/{key_id}/revocations", theirs, party)[0] == 422
    across = sent(rotation(key_id, NEXT.public.key_id, NOW_MS), OWN)
    assert post(client, f"/keys/{key_id}/rotations", across, party)[0] == 422
    assert client.get(f"/v1/keys/{key_id}").json()["state"] == "waiting"


def test_a_statement_goes_to_its_own_address_only(client: TestClient, party: dict[str, str]) -> None:
    key_id = OWN.public.key_id
    revoked = sent(revocation(key_id, "lost", NOW_MS), OWN)
    post(client, "/keys", registered(OWN), party)
    assert post(client, "/keys", revoked, party)[0] == 422
    assert post(client, f"/keys/{key_id}/rotations", revoked, party)[0] == 422
    assert post(client, f"/keys/{NEXT.public.key_id}/revocations", revoked, party)[0] == 404
    post(client, "/keys", registered(NEXT), party)
    assert post(client, f"/keys/{NEXT.public.key_id}/revocations", revoked, party)[0] == 422


@pytest.mark.parametrize(
    "change",
    [
        {"sig": "A" * 88},
        {"v": 2},
        {"v": True},
        {"at_ms": "1"},
        {"at_ms": 1.5},
        {"log": "elsewhere"},
        {"more": 1},
        {"public": {"algorithm": "Ed25519", "holder": GROWER, "key": "AQ=="}},
        {"digests": ["A" * 43]},
        {"actor": "0" * 32},
        {"kind": "log.key.added"},
    ],
    ids=str,
)
def test_a_registration_that_is_not_quite_right_is_refused(
    client: TestClient, party: dict[str, str], change: dict[str, object]
) -> None:
    status, _ = post(client, "/keys", registered(OWN) | change, party)
    assert status in {403, 422}
    assert client.get(f"/v1/keys/{OWN.public.key_id}").status_code == 404


def test_the_operator_revokes_a_lost_key(
    client: TestClient, station: Station, party: dict[str, str], operator: dict[str, str]
) -> None:
    key_id = OWN.public.key_id
    post(client, "/keys", registered(OWN), party)
    status, answer = post(client, f"/keys/{key_id}/revocations", {"reason": "compromised"}, operator)
    assert (status, answer["state"]) == (201, "revoked")
    assert post(client, f"/keys/{key_id}/revocations", {"reason": "lost"}, operator)[0] == 409
    assert post(client, f"/keys/{'0' * 32}/revocations", {"reason": "lost"}, operator)[0] == 404
    station.settle()
    with station.database.read() as session:
        entry = log.find(session, f"key.revoked/{key_id}")
        assert entry
        assert entry.entry.signed.actor == station.key.public.key_id


@ON_BOTH_DATABASES
def test_the_key_held_for_a_party_is_renewed(
    client: TestClient, station: Station, operator: dict[str, str]
) -> None:
    with station.database.write() as session:
        first = station.custody.signer_of(GROWER)
        submit(session, sign_statement(registration(first.public, GROWER, NOW_MS), ORIGIN, first))
    status, answer = post(client, f"/custody/{GROWER}/rotations", {}, operator)
    second = station.custody.signer_of(GROWER)
    assert (status, answer["key_id"]) == (201, second.public.key_id)
    assert second != first
    client.post(f"/v1/keys/{second.public.key_id}/revocations", json={"reason": "lost"}, headers=operator)
    post(client, f"/custody/{GROWER}/rotations", {}, operator)
    third = station.custody.signer_of(GROWER)
    assert len({first, second, third}) == 3
    station.settle()
    listed = client.get("/v1/keys", params={"holder": GROWER}).json()
    assert [each["state"] for each in listed] == ["active", "revoked", "rotated"]
    with station.database.read() as session:
        assert audit(session, station.vkey).ok


def test_a_restarted_service_goes_on_with_the_renewed_key(settings: Settings, station: Station) -> None:
    renewed = renew_custody(station, GROWER)
    station.close()
    with Station.open(settings, background=False) as again:
        assert again.custody.signer_of(GROWER).public == renewed.key


def test_an_attempt_that_died_leaves_the_old_key_in_use(station: Station) -> None:
    """The new file was written, and the transaction rolled back."""
    first = renew_custody(station, GROWER)
    KeyFolder(station.settings.party_keys_folder).create(f"{GROWER}-9", station.randomness)
    station.custody.renewed()
    assert station.custody.signer_of(GROWER).public == first.key


@ON_BOTH_DATABASES
def test_the_log_changes_its_key_with_an_overlap(
    client: TestClient, station: Station, operator: dict[str, str], party: dict[str, str]
) -> None:
    station.settle()
    old = station.vkey
    assert post(client, "/log/keys", {}, party)[0] == 403
    status, added = post(client, "/log/keys", {}, operator)
    assert status == 201
    station.settle()
    assert client.get("/v1/log/checkpoint").text.count("\n— ") == 2
    assert client.get("/v1/log/key").text == old + "\n"
    founding = client.get("/v1/log/keys").json()[0]["key_id"]
    assert post(client, f"/log/keys/{founding}/retirement", {}, party)[0] == 403
    assert post(client, f"/log/keys/{founding}/retirement", {}, operator)[0] == 201
    station.settle()
    assert post(client, f"/log/keys/{added['key_id']}/retirement", {}, operator)[0] == 422
    assert client.get("/v1/log/checkpoint").text.count("\n— ") == 1
    assert client.get("/v1/log/key").text == station.vkey + "\n" == added["vkey"] + "\n"
    terms = client.get("/v1/log/keys").json()
    assert [(term["vkey"], term["from_index"], term["until_index"]) for term in terms] == [
        (old, 0, 3),
        (added["vkey"], 2, None),
    ]
    assert station.key.public.key_id == added["key_id"]
    with station.database.read() as session:
        assert audit(session, old).ok


def test_a_log_key_is_not_retired_while_the_policy_names_no_other(
    client: TestClient, settings: Settings, station: Station, operator: dict[str, str], tmp_path: Path
) -> None:
    station.settle()
    founding = station.key.public.key_id
    _, added = post(client, "/log/keys", {}, operator)
    station.settle()
    policy = tmp_path / "policy"
    founding_vkey = station.vkey
    policy.write_text(f"log {founding_vkey}\nquorum none\n")
    under = settings.model_copy(update={"policy_file": policy})
    station.close()
    with Station.open(under, background=False) as again:
        with pytest.raises(PolicyOutdated) as refused:
            retire_log_key(again, founding)
        assert added["vkey"] in refused.value.remedy("zh")
        again.settle()
        assert readiness(again).witnesses == "ok"
    policy.write_text(f"log {founding_vkey}\nlog {added['vkey']}\nquorum none\n")
    with Station.open(under, background=False) as again:
        retire_log_key(again, founding)
    policy.write_text(f"log {founding_vkey}\nquorum none\n")
    with Station.open(under, background=False) as again:
        assert readiness(again).witnesses == "degraded"


def test_an_attempt_to_add_a_log_key_that_died_is_taken_up(station: Station) -> None:
    first = station.log_ring.prepare()
    assert station.log_ring.prepare() == first
    names = KeyFolder(station.settings.keys_folder).names()
    assert [name for name in names if is_log_key(name)] == ["log", "log-2"]


def protected(settings: Settings) -> Passphrase:
    passphrase = Passphrase("open sesame")
    for folder in (KeyFolder(settings.keys_folder), KeyFolder(settings.party_keys_folder)):
        for name in folder.names():
            folder.rewrite(name, passphrase, lambda count: bytes(count))
    return passphrase


def test_a_service_with_encrypted_keys_starts_only_with_their_passphrase(
    settings: Settings, station: Station, tmp_path: Path
) -> None:
    station.settle()
    station.close()
    passphrase = protected(settings)
    with pytest.raises(PassphraseNeeded) as needed:
        Station.open(settings, background=False)
    assert "口令" in needed.value.message("zh")
    assert "DAODI_KEY_PASSPHRASE_FILE" in needed.value.remedy("en")
    with pytest.raises(PassphraseWrong):
        Station.open(settings, background=False, passphrase=Passphrase("open sesamE"))
    with Station.open(settings, background=False, passphrase=passphrase) as again:
        made = again.custody.signer_of(GROWER)
        assert KeyFolder(settings.party_keys_folder).encrypted(GROWER)
    file = tmp_path / "passphrase"
    file.write_text("open sesame\n")
    file.chmod(0o600)
    told = settings.model_copy(update={"key_passphrase_file": file})
    with Station.open(told, background=False) as again:
        assert again.custody.signer_of(GROWER) == made
        assert "sesame" not in repr(again.settings)
