"""One picture of one page: in a language, at a size, signed in where the page asks for it, small to keep."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyotp
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState

from daodi_city.visitors import Visitor

SCALE: Final = 1.5
"""Device pixels per CSS pixel: sharp on most screens, small enough to commit."""
PHONE: Final = (390, 1000)
"""Width of a common phone in CSS pixels; high enough for verdict, origin and the first steps."""
SHORT: Final = (390, 720)
"""The same phone, for a page that has little on it."""
DESKTOP: Final = (1100, 950)
TALL: Final = (1100, 1400)
"""Where a chart stands below what it is about."""
_COLOURS: Final = 128
"""Of a kept picture: our pages use fewer, the rest are the edges of letters."""

Cookies: TypeAlias = StorageState


@dataclass(frozen=True, slots=True)
class Shot:
    """One page to be drawn."""

    name: str
    path: str
    size: tuple[int, int]
    visitor: str | None = None
    """Who is signed in; None: the public."""
    block: str = ""
    """What is pasted into the page, and checked, before it is drawn."""


def signed_in(browser: Browser, service: str, visitor: Visitor) -> Cookies:
    """Sign a visitor of the city in as a person does; returns the browser's cookies."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{service}/sign-in")
    page.locator("#name").fill(visitor.name)
    page.locator("#password").fill(visitor.password)
    page.locator("main button[type=submit]").click()
    if visitor.secret is not None:
        page.locator("#code").fill(pyotp.TOTP(visitor.secret).at(int(time.time())))
        page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    kept = context.storage_state()
    context.close()
    return kept


def draw(
    browser: Browser, service: str, shot: Shot, target: Path, *, locale: str, cookies: Cookies | None
) -> None:
    """Open one page in one language and keep its picture; ends the program where it does not answer 200."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        device_scale_factor=SCALE,
        locale=locale,
        storage_state=cookies,
    )
    page = context.new_page()
    answer = page.goto(service + shot.path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        sys.exit(f"{shot.path} answered {answer and answer.status}")
    if shot.block:
        _check(page, shot.block)
    page.screenshot(path=target)
    context.close()
    _make_small(target)


def _check(page: Page, block: str) -> None:
    page.locator("#block").fill(block)
    page.locator("button[name=act][value=check]").click()
    page.locator("input[aria-invalid=true]").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def _make_small(target: Path) -> None:
    with Image.open(target) as drawn:
        few = drawn.convert("RGB").quantize(
            _COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    few.save(target, optimize=True)
