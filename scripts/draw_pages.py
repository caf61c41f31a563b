"""Serve the demo city, open its pages in a headless Chromium, and keep their pictures in docs/images."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, sync_playwright

WEEKLY: Final = "origin-gansu"
"""The family that the demo city forecasts and watches every week (`daodi_city.stories`)."""
ROOT: Final = Path(__file__).resolve().parent.parent
IMAGES: Final = ROOT / "docs" / "images"
SCALE: Final = 1.5
"""Device pixels per CSS pixel: sharp on most screens, small enough to commit."""
PHONE: Final = (390, 1000)
"""Width of a common phone in CSS pixels; high enough for verdict, origin and the first steps."""
DESKTOP: Final = (1100, 950)
WAIT_SECONDS: Final = 300
_SCAN_PAGE: Final = re.compile(r"(http://[^/\s]+)(/s/[0-9A-Z]+)")


@contextmanager
def city(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a city of its own while the block runs; gives the address of the service and of a scan page."""
    command = [sys.executable, "-m", "api", "demo", "--port", "8765", "--folder", str(folder / "city")]
    log = folder / "demo.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield _addresses(process, log)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _addresses(process: "subprocess.Popen[bytes]", log: Path) -> tuple[str, str]:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := _SCAN_PAGE.search(log.read_text("utf-8")):
            return found[1], found[2]
        time.sleep(0.5)
    sys.exit(f"the demo city was not served; it said:\n{log.read_text('utf-8')}")


def draw(browser: Browser, address: str, size: tuple[int, int], target: Path, *, locale: str) -> None:
    """Open one page in one language and keep its picture."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=SCALE, locale=locale
    )
    for _ in range(WAIT_SECONDS):
        try:
            answer = page.goto(address, wait_until="networkidle")
        except Exception as error:  # noqa: BLE001  not listening yet: Playwright raises its bare Error
            print(f"waiting for {address}: {type(error).__name__}")
            time.sleep(1)
            continue
        break
    else:
        sys.exit(f"{address} did not answer")
    if answer is None or answer.status != 200:
        sys.exit(f"{address} answered {answer and answer.status}")
    page.screenshot(path=target)
    page.close()
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


def main() -> None:
    """Draw every picture the documents show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scan", help="address of a scan page of a service that already runs")
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    if given.scan:
        found = _SCAN_PAGE.search(given.scan)
        if found is None:
            parser.error("--scan takes an address such as http://127.0.0.1:8000/s/CODE")
        shoot(found[1], found[2])
        return
    with tempfile.TemporaryDirectory() as folder, city(Path(folder)) as (service, scan):
        shoot(service, scan)


def _warning(service: str) -> str:
    """The page of one open warning of the weekly family: of the rise that a planted story is about."""
    asked = f"{service}/v1/warnings?family={WEEKLY}&rule=growth-up&level=herb"
    for _ in range(WAIT_SECONDS):
        try:
            found = httpx.get(asked).raise_for_status().json()["warnings"]
        except httpx.TransportError:  # not listening yet
            time.sleep(1)
            continue
        return f"{service}/warnings/{found[0]['warning']}"
    sys.exit(f"{asked} did not answer")


def shoot(service: str, scan: str) -> None:
    """Draw the pages the documents show of one service, in Chinese and in English."""
    pages = (
        ("scan", service + scan, PHONE),
        ("index", f"{service}/index", DESKTOP),
        ("index-phone", f"{service}/index", PHONE),
        ("governance", f"{service}/governance", DESKTOP),
        ("forecast", f"{service}/index/{WEEKLY}/forecast", DESKTOP),
        ("track-record", f"{service}/track-record?family={WEEKLY}", DESKTOP),
        ("warnings", f"{service}/warnings", DESKTOP),
        ("warning-phone", _warning(service), PHONE),
    )
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, address, size in pages:
            for language, locale in (("zh", "zh-CN"), ("en", "en-GB")):
                draw(browser, address, size, IMAGES / f"{name}-{language}.png", locale=locale)
        browser.close()


if __name__ == "__main__":
    main()
