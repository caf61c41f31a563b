"""An index office: a running service, the calendar it reads, a price site it polls, tokens of its people."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from ledger.entry import sign_statement
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.writing.submission import write_submission
from tests.journeys.serving import serving
from tests.journeys.town import REGULATOR, Calendar, Town, moment

FIRST = date(2022, 1, 1)
DAY_FROM, DAY_UNTIL = "2022-01-01", "2022-12-31"


class PriceSite:
    """A site on loopback that shows one table of prices and knows what a visitor has seen already."""

    def __init__(self) -> None:
        self.body = b""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, tag = site.body, f'"{hashlib.sha256(site.body).hexdigest()[:16]}"'
                seen = self.headers.get("If-None-Match") == tag
                self.send_response(304 if seen else 200)
                self.send_header("ETag", tag)
                self.send_header("Content-Type", "text/csv")
                self.send_header("Content-Length", "0" if seen else str(len(body)))
                self.end_headers()
                self.wfile.write(b"" if seen else body)

            def log_message(self, *_args: object) -> None:
                """Say nothing on the test's output."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/prices.csv"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs the index, and what with."""

    town: Town
    site: PriceSite

    def editor(self) -> dict[str, str]:
        return self.town.bearer(None, "index:publish", "Li Wei")

    def reviewer(self) -> dict[str, str]:
        return self.town.bearer(None, "index:publish", "Zhao Min")

    def keeper(self) -> dict[str, str]:
        return self.town.bearer(None, "quotes:write", "Qian Yu")

    def verifier(self) -> dict[str, str]:
        return self.town.bearer(None, "quotes:decide", "Sun Yan")

    def reach(self, text: str) -> None:
        self.town.calendar.reach(moment(text))

    def registered(self, key: SigningKey) -> None:
        """Register a collector's key, by a statement that it signs itself."""
        made = registration(key.public, REGULATOR.uscc, self.town.calendar())
        sent = json.loads(write_submission(sign_statement(made, self.town.station.settings.origin, key)))
        headers = self.town.bearer(REGULATOR.uscc, "steps:write", "registrar")
        self.town.sent("/v1/keys", sent, headers)
        self.town.station.settle()

    def sent_file(self, name: str, content: bytes, source: str, headers: Mapping[str, str]) -> Any:
        """Import a file of quotes; return the answer of a success."""
        answer = self.town.client.post(
            "/v1/imports/quotes", params={"source": source}, files={"file": (name, content)}, headers=headers
        )
        assert answer.is_success, answer.text
        return answer.json()

    def value_of(self, family: str, day: str) -> Any:
        """Return what is published of a day's composite, with its status and vintage."""
        told = self.town.read(f"/v1/indices/{family}/values", first=day, last=day)
        return told["values"][0]


@contextmanager
def index_office(folder: Path) -> Iterator[Office]:
    """Open the office on the first day of 2022; the service may poll sites on loopback."""
    calendar = Calendar(f"{FIRST} 08:00")
    with ExitStack() as stack:
        site = PriceSite()
        stack.callback(site.close)
        station = stack.enter_context(serving(folder, clock=calendar, feeds_private_addresses=True))
        kept = httpx.Limits(keepalive_expiry=2)
        base = station.settings.base_url
        client = stack.enter_context(httpx.Client(base_url=base, trust_env=False, timeout=30, limits=kept))
        town = Town(station, calendar, client)
        town.join(REGULATOR)
        yield Office(town, site)


def table(until: date, changed: Mapping[tuple[str, date], str] | None = None) -> bytes:
    """The site's table up to a day: 白芍 at 40 yuan, 当归 at 100; `changed` tells other prices."""
    lines = ["品名,规格,产地,市场,日期,价格"]
    for number in range((until - FIRST).days + 1):
        day = FIRST + timedelta(number)
        for herb, origin, usual in (("白芍", "安徽", "40.00"), ("当归", "甘肃", "100.00")):
            price = (changed or {}).get((herb, day), usual)
            lines.append(f"{herb},统,{origin},亳州,{day},{price}")
    return ("\n".join(lines) + "\n").encode()
