"""Whoever would forge or stretch a short token or a key: other algorithms, keys, hearers, times, owners."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey
from sqlmodel import col, update
from starlette.testclient import TestClient

from api.accounts import accounts, administering, sessions
from api.accounts.account_tables import AccountRow
from api.accounts.roles import AccountRole
from api.accounts.short_tokens import audience
from api.app import create_app
from api.callers import Clerk, Publisher
from api.routes import api_keys, statements
from api.station import Station
from tests.api.accounts_of import Somebody, somebody
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.trace.season import MAKER

NOW = NOW_MS // 1000


@pytest.fixture
def service(station: Station) -> TestClient:
    router = APIRouter()

    @router.get("/v1/trial")
    @router.get("/trial")
    def trial(caller: Clerk) -> str:
        return caller.token or ""

    @router.get("/v1/trial/publisher")
    def publisher(caller: Publisher) -> str:
        return caller.token or ""

    made = create_app(station, [router, api_keys.router, statements.router])
    return TestClient(made, base_url=f"https://{HOST}")


def _get(service: TestClient, token: str, path: str = "/v1/trial") -> int:
    return service.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def _token(service: TestClient, who: Somebody, **asked: Any) -> str:
    answer = service.post("/v1/tokens", json=asked, headers=who.headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, claims, _ = token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims))


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_a_short_token_is_what_the_standard_says_and_its_published_key_verifies_it(
    service: TestClient, station: Station
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    token = _token(service, clerk)
    header, claims = _parts(token)
    assert (header["alg"], header["typ"]) == ("Ed25519", "at+jwt")
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["sub"], claims["scope"]) == (clerk.account_id, "steps:write")
    (key,) = service.get("/.well-known/jwks.json").json()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
    # Checked by the primitive itself, not by the library that made it.
    raw = base64.urlsafe_b64decode(key["x"] + "==")
    signed, _, signature = token.rpartition(".")
    public = Ed25519PublicKey.from_public_bytes(raw)
    public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode())
    assert _get(service, token) == 200
    assert _get(service, token, "/trial") == 401, "a page is not whom it is meant for"


def test_no_forged_token_opens_anything(service: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    token = _token(service, clerk)
    header, claims = _parts(token)
    signing = station.people.token_keys.in_use(NOW_MS)
    public = json.dumps(signing.as_dict(private=False))
    stranger = OKPKey.generate_key("Ed25519", {"kid": signing.kid})

    def signed(
        header: dict[str, Any], claims: dict[str, Any], key: Any = signing, alg: str = "Ed25519"
    ) -> str:
        return jwt.encode({**header, "alg": alg}, claims, key, algorithms=[alg])

    head, _, tail = token.split(".")
    forged = {
        "no signature": f"{_encoded({**header, 'alg': 'none'})}.{_encoded(claims)}.",
        "none kept": f"{_encoded({**header, 'alg': 'none'})}.{_encoded(claims)}.{tail}",
        "public key as secret": signed(header, claims, OctKey.import_key(public), "HS256"),
        "raw key as secret": signed(header, claims, OctKey.import_key(signing.as_dict()["x"]), "HS256"),
        "other curve": signed(header, claims, ECKey.generate_key("P-256"), "ES256"),
        "another key": signed(header, claims, stranger),
        "brings its key": signed({**header, "jwk": stranger.as_dict(private=False)}, claims, stranger),
        "unknown key": signed({**header, "kid": "x"}, claims, stranger),
        "other claims": f"{head}.{_encoded({**claims, 'scope': 'operator'})}.{tail}",
        "other hearer": signed(header, {**claims, "aud": "https://elsewhere.example/v1"}),
        "no hearer": signed(header, {key: value for key, value in claims.items() if key != "aud"}),
        "other issuer": signed(header, {**claims, "iss": "https://elsewhere.example"}),
        "expired": signed(header, {**claims, "iat": NOW - 700, "exp": NOW - 100}),
        "expires now": signed(header, {**claims, "iat": NOW - 600, "exp": NOW}),
        "lives long": signed(header, {**claims, "exp": NOW + 86_400}),
        "never expires": signed(header, {key: value for key, value in claims.items() if key != "exp"}),
        "expiry as text": signed(header, {**claims, "exp": str(NOW + 60)}),
        "of the future": signed(header, {**claims, "iat": NOW + 3600, "exp": NOW + 3660}),
        "another kind": signed({**header, "typ": "JWT"}, claims),
        "another person": signed(header, {**claims, "sub": "acct-0000000000"}),
        "no session": signed(header, {**claims, "made_in": "session:0000000000000000"}),
        "no key": signed(header, {**claims, "made_in": "key:00000000"}),
        "scope as list": signed(header, {**claims, "scope": ["operator"]}),
        "critical header": f"{_encoded({**header, 'crit': ['x'], 'x': 1})}.{_encoded(claims)}.{tail}",
        "no JSON": f"{head}.AAAA.{tail}",
        "empty": "..",
        "long": signed(header, {**claims, "more": "x" * 5000}),
    }
    assert {name: _get(service, each) for name, each in forged.items()} == dict.fromkeys(forged, 401)
    assert _get(service, signed(header, claims)) == 200
    assert claims["aud"] == audience(station.settings.base_url)


def test_a_signed_token_with_more_scopes_than_its_person_has_no_more(
    service: TestClient, station: Station
) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    header, claims = _parts(_token(service, clerk))
    key = station.people.token_keys.in_use(NOW_MS)
    greedy = jwt.encode(header, {**claims, "scope": "operator steps:write"}, key, algorithms=["Ed25519"])
    assert (_get(service, greedy), _get(service, greedy, "/v1/trial/publisher")) == (200, 403)
    refused = service.post("/v1/tokens", json={"scopes": ["index:publish"]}, headers=clerk.headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/beyond-own-scopes")


@ON_BOTH_DATABASES
def test_a_token_ends_with_the_session_role_account_or_key_it_was_made_with(
    service: TestClient, station: Station
) -> None:
    person = somebody(station, "clerk", "publisher", party=MAKER)
    made = service.post("/v1/api-keys", json={"name": "scales"}, headers=person.headers).json()
    by_key = service.post("/v1/tokens", json={}, headers={"Authorization": f"Bearer {made['key']}"}).json()
    tokens = [_token(service, person), str(by_key["access_token"]), str(made["key"])]

    def answers(path: str = "/v1/trial") -> list[int]:
        return [_get(service, token, path) for token in tokens]

    assert answers() == answers("/v1/trial/publisher") == [200] * 3
    station.writer.submit(
        lambda session: accounts.give_roles(session, person.account_id, [AccountRole.CLERK])
    )
    assert (answers(), answers("/v1/trial/publisher")) == ([200] * 3, [403] * 3)
    station.writer.submit(lambda session: sessions.end_all(session, person.account_id, NOW_MS))
    assert answers() == [401, 200, 200]
    administering.lock(station, person.account_id)
    assert answers() == [401] * 3
    administering.unlock(station, person.account_id)
    assert answers() == [401, 200, 200]
    key = {"Authorization": f"Bearer {made['key']}"}
    assert service.post(f"/v1/api-keys/{made['prefix']}/revocation", headers=key).status_code == 204
    assert answers() == [401] * 3


def test_a_token_opens_nothing_while_its_session_lacks_a_second_factor(
    service: TestClient, station: Station
) -> None:
    person = somebody(station, "clerk", party=MAKER)
    token = _token(service, person)
    both = [AccountRole.CLERK, AccountRole.PUBLISHER]
    station.writer.submit(lambda session: accounts.give_roles(session, person.account_id, both))
    assert (_get(service, token), _get(service, token, "/v1/trial/publisher")) == (401, 401)


def test_a_key_left_standing_opens_nothing_once_its_account_has_ended(
    service: TestClient, station: Station
) -> None:
    """Ending an account ends its keys; should one be left, by an older program or by hand, it is no key."""
    person = somebody(station, "clerk", party=MAKER)
    key = service.post("/v1/api-keys", json={"name": "scales"}, headers=person.headers).json()["key"]
    assert _get(service, key) == 200
    ended = update(AccountRow).where(col(AccountRow.account_id) == person.account_id).values(ended_ms=NOW_MS)
    station.writer.submit(lambda session: session.execute(ended))
    assert _get(service, key) == 401


def test_a_key_or_token_makes_no_key_and_a_token_no_token(service: TestClient, station: Station) -> None:
    person = somebody(station, "clerk", party=MAKER)
    made = service.post("/v1/api-keys", json={"name": "scales"}, headers=person.headers).json()
    token = _token(service, person)
    for bearer in (made["key"], token):
        headers = {"Authorization": f"Bearer {bearer}"}
        assert service.post("/v1/api-keys", json={"name": "more"}, headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert service.post("/v1/tokens", json={}, headers=headers).status_code == 401


def test_key_session_and_token_of_one_person_are_one_person(service: TestClient, station: Station) -> None:
    """Four eyes tells persons apart by this: two keys of one person are not two."""
    person = somebody(station, "publisher", "clerk", party=MAKER)
    made = service.post("/v1/api-keys", json={"name": "another name"}, headers=person.headers).json()
    bearers = [made["key"], _token(service, person)]
    seen = {service.get("/v1/trial", headers={"Authorization": f"Bearer {each}"}).json() for each in bearers}
    assert seen | {service.get("/v1/trial", headers=person.headers).json()} == {person.account_id}


def test_nobody_sees_or_ends_anothers_key(service: TestClient, station: Station) -> None:
    one = somebody(station, "clerk", name="one.clerk", party=MAKER)
    other = somebody(station, "verifier", name="other.one", party=MAKER)
    made = service.post("/v1/api-keys", json={"name": "scales"}, headers=one.headers).json()
    assert service.get("/v1/api-keys", headers=other.headers).json() == []
    path = f"/v1/api-keys/{made['prefix']}/revocation"
    assert service.post(path, headers=other.headers).status_code == 404
    assert _get(service, made["key"]) == 200


def test_the_statement_lane_says_that_it_takes_no_short_tokens(service: TestClient, station: Station) -> None:
    clerk = somebody(station, "clerk", party=MAKER)
    headers = {"Authorization": f"Bearer {_token(service, clerk)}"}
    answer = service.post("/v1/statements", json={}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/key-needed")


def test_an_old_signing_key_is_believed_until_its_tokens_have_expired(
    service: TestClient, station: Station
) -> None:
    token = _token(service, somebody(station, "clerk", party=MAKER))
    keys = station.people.token_keys
    keys.rotate(NOW_MS)
    assert _get(service, token) == 200
    assert len(service.get("/.well-known/jwks.json").json()["keys"]) == 2
    keys.rotate(NOW_MS + 600_000)
    assert _get(service, token) == 401
    assert len(keys()) == 2
