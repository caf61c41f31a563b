"""Clerks at their workbench: a browser signed in for a party, and pictures of codes for its camera."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import segno
from playwright.sync_api import Browser, BrowserContext, Error, Page

from api.accounts.cookies import cookie_name
from tests.api.accounts_of import somebody
from tests.journeys.conftest import PHONE, Service

WIDTH, HEIGHT = 640, 480
NO_DRAFT = """() => new Promise((done) => {
  const asked = indexedDB.open("daodi-work");
  asked.onupgradeneeded = () => asked.transaction.abort(); // nothing was ever kept: nor is it made here
  asked.onerror = () => done(true);
  asked.onsuccess = () => {
    const count = asked.result.transaction("drafts").objectStore("drafts").count();
    count.onsuccess = () => { asked.result.close(); done(count.result === 0); };
  };
})"""


@contextmanager
def clerk_of(browser: Browser, service: Service, party: str, **chosen: Any) -> Iterator[BrowserContext]:
    """A phone whose browser is signed in as a clerk of `party` (a USCC)."""
    name = f"clerk.{party[-6:].lower()}.{len(browser.contexts)}.{service.station.clock()}"
    cookie = somebody(service.station, "clerk", name=name, party=party).cookie
    asked: dict[str, Any] = {
        "viewport": PHONE,
        "locale": "zh-CN",
        "has_touch": True,
        "is_mobile": True,
    } | chosen
    context = browser.new_context(**asked)
    sign_in_as(context, service, cookie)
    yield context
    context.close()


def sign_in_as(context: BrowserContext, service: Service, cookie: str) -> None:
    """Have the browser signed in with another session."""
    name = cookie_name(service.station.settings)
    context.add_cookies([{"name": name, "value": cookie, "url": service.base}])


def no_draft_left(page: Page) -> None:
    """Wait until the device keeps no draft: the page that says so may be left before it was done."""
    until(page, NO_DRAFT)


def until(page: Page, expression: str, argument: object = None) -> None:
    """Wait until a script says yes: asked from outside, as our pages let nothing evaluate text."""
    for _ in range(200):
        with contextlib.suppress(Error):  # the page it was asked of is just being left
            if page.evaluate(expression, argument):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def film(path: Path, texts: Sequence[str], frames: int = 12) -> Path:
    """Write what a camera sees as raw video (YUV4MPEG2): QR codes of `texts`, one after the other."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F20:1 Ip A1:1 C420jpeg\n".encode())
        colourless = b"\x80" * (WIDTH * HEIGHT // 2)
        for text in texts:
            for _ in range(frames):
                file.write(b"FRAME\n" + luma(text) + colourless)
    return path


def luma(text: str) -> bytes:
    """A QR code in the middle of a light grey picture, as brightness by rows."""
    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    scale = (HEIGHT - 40) // len(matrix)
    side = scale * len(matrix)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    blank = b"\xd0" * WIDTH
    rows = [blank] * top
    for modules in matrix:
        middle = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in modules)
        rows += [b"\xd0" * left + middle + b"\xd0" * (WIDTH - left - side)] * scale
    return b"".join((rows + [blank] * HEIGHT)[:HEIGHT])
