"""A town of firms around a running service: each speaks to it over HTTP with a token of its own.

The days of the town are told by its calendar, which the service reads as its clock: a season of years is
recorded as it would be, each step on its day, and nothing depends on the day the test runs.
"""

import contextlib
import io
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest import mock

import httpx
from playwright.sync_api import BrowserContext, Page

from api.cli.app import run
from api.station import Station
from api.tokens import issue_token, parse_scopes
from trace.identifiers import make_uscc

BEIJING = timezone(timedelta(hours=8))
SOON = timedelta(hours=1)
"""How long after a step it is recorded, unless a test says otherwise."""


def moment(text: str) -> datetime:
    """Read a time as the people of the town write it.

    >>> moment("2024-03-05 08:00").isoformat()
    '2024-03-05T08:00:00+08:00'
    """
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


class Calendar:
    """The clock of the town's service: it runs as clocks do, and is put forward from day to day."""

    def __init__(self, begin: str) -> None:
        self._set = moment(begin)
        self._since = time.monotonic()

    def __call__(self) -> int:
        """Return the present moment in milliseconds since 1970."""
        return int(self.now().timestamp() * 1000)

    def now(self) -> datetime:
        return self._set + timedelta(seconds=time.monotonic() - self._since)

    def reach(self, wanted: datetime) -> None:
        """Put the clock forward to `wanted`; it never goes back."""
        self._set, self._since = max(wanted, self.now()), time.monotonic()


@dataclass(frozen=True, slots=True)
class Firm:
    """Who takes part, where it works, and what it is licensed for."""

    uscc: str
    name: str
    node_type: str
    division: str
    places: Mapping[str, str] = field(default_factory=dict)
    licences: tuple[str, ...] = ()


WORKS_AT = {"grower": "东坡地块", "trader": "一号库房", "slice_maker": "饮片车间", "user": "药房"}
"""What the one place of a firm is called, by what the firm does."""


def firm(
    number: int, name: str, node_type: str, place: str, *licences: str, division: str = "341602"
) -> Firm:
    """A firm with one place; its credit code is made of its number."""
    uscc = make_uscc("9", "1", division, f"MA{number:06d}")
    return Firm(uscc, name, node_type, division, {place: WORKS_AT[node_type]}, licences)


REGULATOR = Firm(make_uscc("1", "1", "341600", "00316000"), "亳州市药品监督管理局", "regulator", "341600")


@dataclass(slots=True)
class Town:
    """A service, its calendar, and the firms that have joined it."""

    station: Station
    calendar: Calendar
    client: httpx.Client
    tokens: dict[tuple[str | None, str], str] = field(default_factory=dict)

    def join(self, *firms: Firm) -> None:
        """Register firms, places and licences, each by its own token; a regulator by the operator's."""
        for each in firms:
            authority = each.node_type == "regulator"
            headers = self.operator() if authority else self.clerk(each)
            told = {"uscc": each.uscc, "name": each.name, "division": each.division}
            self.sent("/v1/parties", told | {"node_types": [each.node_type]}, headers)
            for place, name in each.places.items():
                at = {"place_id": place, "name": name, "party": each.uscc, "division": each.division}
                self.sent("/v1/places", at, headers)
            for kind in each.licences:
                licence = {"kind": kind, "number": f"{kind}-1", "issuer": "省局", "valid_from": "2020-01-01"}
                self.sent(f"/v1/parties/{each.uscc}/licences", licence, headers)

    def bearer(self, party: str | None, scope: str, person: str) -> dict[str, str]:
        """Return the header of a person's token, issued when it is first asked for."""
        known = self.tokens.get((party, person))
        if known is None:
            known = self.tokens[party, person] = self.station.writer.submit(
                lambda session: issue_token(
                    session,
                    name=person,
                    scopes=parse_scopes([scope]),
                    party=party,
                    created_ms=self.calendar(),
                    expires_ms=None,
                    randomness=self.station.randomness,
                )
            )
        return {"Authorization": f"Bearer {known}"}

    def clerk(self, of: Firm) -> dict[str, str]:
        return self.bearer(of.uscc, "steps:write", "clerk")

    def inspector(self, person: str) -> dict[str, str]:
        return self.bearer(REGULATOR.uscc, "supervise", person)

    def operator(self) -> dict[str, str]:
        return self.bearer(None, "operator", "operator")

    def sent(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        """POST and return the answer of a success."""
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def read(self, path: str, headers: Mapping[str, str] | None = None, **query: str) -> Any:
        """GET and return the answer of a success."""
        answer = self.client.get(path, params=query, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def told(self, by: Firm, stage: str, time: str, **rest: Any) -> httpx.Response:
        """Have a firm tell of a step soon after it happened, or at `recorded`; return what is answered."""
        recorded = rest.pop("recorded", None)
        self.calendar.reach(moment(recorded) if recorded else moment(time) + SOON)
        step = {"stage": stage, "party": by.uscc, "time": moment(time).isoformat(), **rest}
        step.setdefault("place", next(iter(by.places)))
        return self.client.post("/v1/steps", json=step, headers=self.clerk(by))

    def step(self, by: Firm, stage: str, time: str, **rest: Any) -> Any:
        """The same, where the step must be taken."""
        answer = self.told(by, stage, time, **rest)
        assert answer.is_success, answer.text
        return answer.json()

    def handed_over(self, lot: str, by: Firm, to: Firm, time: str) -> None:
        """Ship a whole lot and have it received a day later."""
        self.step(by, "ship", time, lots=[{"lot": lot}], counterparty=to.uscc)
        arrived = moment(time) + timedelta(days=1)
        self.step(to, "receive", f"{arrived:%Y-%m-%d %H:%M}", lots=[{"lot": lot}], counterparty=by.uscc)

    def opened(self, context: BrowserContext, path: str) -> Page:
        """Open a page of the service in a browser whose clock shows the town's day."""
        page = context.new_page()
        page.clock.set_fixed_time(self.calendar.now())
        page.goto(f"{self.station.settings.base_url}{path}")
        return page

    def command(self, *arguments: str) -> str:
        """Run `daodi` beside the service, in Chinese, and return what it printed; it must succeed."""
        said, remarked = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self._environment()),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(remarked),
        ):
            outcome = run(arguments)
        assert outcome == 0, remarked.getvalue()
        return said.getvalue()

    def _environment(self) -> dict[str, str]:
        chosen = self.station.settings
        return {
            "DAODI_FOLDER": str(chosen.folder),
            "DAODI_DATABASE_URL": chosen.database_address,
            "DAODI_ORIGIN": chosen.origin,
            "DAODI_BASE_URL": chosen.base_url,
            "DAODI_PORT": str(chosen.port),
            "DAODI_LANGUAGE": "zh",
            "COLUMNS": "200",
        }


def rules(told: Mapping[str, Any]) -> list[str]:
    """Return the rules a recorded step was flagged by."""
    return [finding["rule"] for finding in told["findings"]]
