"""An operator's month: polled, computed, approved by a second person, embargoed, published, corrected.

白芍 stands at 40 yuan and 当归 at 100 on a price site, so that the index stands at its level. Then the site
says that 当归 had been 110 on a day of July: by a tenth for one of two herbs, 1,050 by hand.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.index_office import DAY_FROM, DAY_UNTIL, Office, index_office, table

pytestmark = pytest.mark.browser

FEED = "fair"
TRIAL, OFFICIAL, WRONG = date(2022, 1, 31), date(2022, 8, 5), date(2022, 7, 20)
RELEASE = f"bozhou-{OFFICIAL}"
OWN, TRIED = "亳州中药材自编价格指数", "亳州中药材试编价格指数"
TRIAL_TOO = ("/index/feed.rss", "/index/methodology")
"""These also tell of releases made on trial, and the family's text as it is hashed."""
NAMING_PAGES = ("/index/calendar", "/governance", *TRIAL_TOO)
WAIT_SECONDS = 30


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with index_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def polled(office: Office) -> Any:
    return office.town.sent(f"/v1/feeds/{FEED}/polls", {}, office.keeper())


def made(office: Office, **rest: str) -> Any:
    """Have the editor make a release; return what is answered."""
    answer = office.town.client.post(
        "/v1/releases", json={"family": "bozhou", **rest}, headers=office.editor()
    )
    assert answer.status_code == 202, answer.text
    return answer.json()


def decided(office: Office, draft: Any, by: dict[str, str]) -> Any:
    body = {"values_digest": draft["values_digest"]}
    return office.town.client.post(f"/v1/releases/{draft['id']}/approval", json=body, headers=by)


def declared(office: Office, kind: str, **rest: Any) -> None:
    words = "A declaration made for this journey."
    told = {"kind": kind, "words": words, "valid_from": DAY_FROM, "valid_until": DAY_UNTIL, **rest}
    office.town.sent("/v1/governance/declarations", told, office.town.operator())


def named_by_its_status(office: Office, name: str) -> None:
    """The official release and the family are named without the trial; the release made on trial keeps it."""
    assert name == OWN
    for path in (f"/index/{RELEASE}", *NAMING_PAGES):
        page = office.town.client.get(path, params={"lang": "zh", "family": "bozhou"}).text
        assert OWN in page, path
        if path not in TRIAL_TOO:
            assert TRIED not in page, path
    tried = office.town.client.get(f"/index/bozhou-{TRIAL}", params={"lang": "zh"}).text
    assert f">{TRIED}</h1>" in tried


def on_trial(office: Office) -> None:
    """Set the feed up, poll it, publish on trial; half a year later everything official needs is declared."""
    office.site.body = table(TRIAL)
    office.reach(f"{TRIAL} 15:00")
    feed = {"name": FEED, "address": office.site.url, "settings": {"rows": "any"}}
    office.town.sent("/v1/feeds", feed, office.keeper())
    assert polled(office)["written"] == 2 * TRIAL.day
    assert polled(office)["outcome"] == "unchanged"
    answer = office.town.client.post("/v1/releases", json={"family": "bozhou"}, headers=office.editor())
    assert answer.status_code == 201, answer.text
    office.reach(f"{OFFICIAL} 09:00")
    declared(office, "independence")
    declared(office, "review")
    declared(office, "coverage", subject="bozhou", share_bp=6000)
    declared(office, "submitter", subject=FEED)
    standing = {"standing": "official", "reason": "half a year on trial"}
    office.town.sent("/v1/families/bozhou/standing", standing, office.town.operator())


def appears(office: Office, release: str) -> Any:
    """Wait for the service to publish by itself what has come due."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        answer = office.town.client.get(f"/v1/releases/{release}")
        if answer.status_code == 200:
            return answer.json()
        time.sleep(0.2)
    pytest.fail(f"{release} was not published within {WAIT_SECONDS} seconds")


def subscribed(office: Office) -> list[str]:
    """Return what a subscriber's feed reader lists."""
    return [each["title"] for each in office.town.read("/index/feed.json")["items"]]


def test_a_month_from_the_poll_to_the_correction(office: Office, phone: BrowserContext) -> None:
    on_trial(office)

    office.site.body = table(OFFICIAL)
    polled(office)
    draft = made(office)
    assert draft["id"] == RELEASE
    own = decided(office, draft, office.editor())
    assert own.status_code == 403, own.text
    sealed = decided(office, draft, office.reviewer())
    assert sealed.is_success, sealed.text

    # Before its moment nobody outside learns a value, nor that it exists; the log holds digests alone.
    assert office.town.client.get(f"/v1/releases/{RELEASE}").status_code == 404
    assert not any(f"{OFFICIAL:%Y-%m-%d}" in title for title in subscribed(office))
    assert office.town.read("/v1/indices/bozhou/values", first=str(OFFICIAL))["values"] == []

    office.reach(f"{OFFICIAL} 16:30")
    published = appears(office, RELEASE)
    assert (published["status"], published["value"]) == ("official", "1000.00")
    named_by_its_status(office, published["name"])
    assert published["values_digest"] == draft["values_digest"]
    assert office.value_of("bozhou", str(WRONG))["status"] == "F"
    known_ms = office.town.calendar()

    office.reach("2022-08-06 09:00")
    office.site.body = table(OFFICIAL, {("当归", WRONG): "110.00"})
    assert polled(office)["written"] == 1
    silent = office.town.client.post(
        "/v1/releases", json={"family": "bozhou", "until": str(OFFICIAL)}, headers=office.editor()
    )
    assert silent.status_code == 409, silent.text
    reason = "该来源更正了 7 月 20 日的当归报价"
    draft = made(office, until=str(OFFICIAL), reason=reason)
    assert decided(office, draft, office.reviewer()).is_success

    now = office.value_of("bozhou", str(WRONG))
    assert (now["value"], now["status"]) == ("1050.0000", "R")
    then = office.town.read(
        "/v1/indices/bozhou/values", first=str(WRONG), last=str(WRONG), as_of=str(_moment(known_ms))
    )
    assert then["values"][0]["value"] == "1000.0000"

    [notice] = office.town.read("/v1/index-notices", family="bozhou")["notices"]
    assert (notice["wrong"], notice["corrected"], notice["reason"]) == ("1000.0000", "1050.0000", reason)
    page = office.town.opened(phone, "/index")
    expect(page.get_by_role("heading", name="更正公告")).to_be_visible()
    notices = page.locator("section", has=page.get_by_role("heading", name="更正公告", exact=True)).last
    expect(notices.get_by_text(reason)).to_be_visible()
    assert any("更正" in title for title in subscribed(office))


def _moment(at_ms: int) -> str:
    """With its milliseconds: cut to the second it would lie before a release of that second."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
