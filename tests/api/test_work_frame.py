"""The frame of every page behind a sign-in leads each role to what it may open."""

import re

from starlette.testclient import TestClient

from api.accounts.roles import AccountRole
from api.station import Station
from tests.api.accounts_of import somebody
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import MAKER, register_all

PARTIES = {AccountRole.CLERK: MAKER, AccountRole.REGULATOR: REGULATOR}


def test_the_name_of_the_service_leads_every_role_to_a_page_it_may_open(
    station: Station, client: TestClient
) -> None:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, station.clock()))
    led: dict[str, int] = {}
    for role in AccountRole:
        who = somebody(station, role.value, name=f"some.{role.value}", party=PARTIES.get(role))
        page = client.get("/account?lang=en", headers=who.headers)
        [address] = re.findall(r'<a class="brand" href="([^"]+)"', page.text)
        led[role.value] = client.get(address, headers=who.headers).status_code
    assert set(led.values()) == {200}, led
