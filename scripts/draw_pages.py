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
from page_shots import DESKTOP, PHONE, SHORT, TALL, Cookies, Shot, draw, signed_in
from playwright.sync_api import Browser, sync_playwright

from daodi_city.stories import WEEKLY
from daodi_city.visitors import DESK, visitors_of
from daodi_city.words import say

ROOT: Final = Path(__file__).resolve().parent.parent
IMAGES: Final = ROOT / "docs" / "images"
WAIT_SECONDS: Final = 180
_PORT: Final = 8765
LANGUAGES: Final = (("zh", "zh-CN"), ("en", "en-GB"))
_SHEET: Final = "\n".join(
    "\t".join(row)
    for row in (
        ("环节", "地点", "时间", "产出批次", "药材", "种子来源"),
        ("种子种苗", "{place}", "2026-04-29 08:00", "BS-26A-01=50公斤", "白芍", "自购"),
        ("种子种苗", "{place}", "2026-04-29 09:30", "BS-26A-02=很多", "白芍", "自购"),
        ("种子种苗", "{place}", "2026-04-30 08:00", "BS-26A-03=35公斤", "白芍", "自购"),
    )
)
"""Three rows as a clerk copies them out of a spreadsheet; a mass of the second says `很多`, many."""


def demo(folder: Path, *more: str) -> list[str]:
    """Return the command that shows the city of `folder`, loading it if need be."""
    return [sys.executable, "-m", "api", "--language", "zh", "demo", "--folder", str(folder), *more]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the loaded city of `folder` while the block runs; gives what the demo printed."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "demo.log"
        with log.open("w", encoding="utf-8") as output:
            command = demo(folder, "--port", str(_PORT))
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
            try:
                yield _printed(process, log)
            finally:
                process.terminate()
                process.wait(timeout=30)


def _printed(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers():
            return log.read_text("utf-8")
        time.sleep(0.5)
    sys.exit(f"the demo city was not served; it said:\n{log.read_text('utf-8')}")


def _answers() -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{_PORT}/index").is_success
    except httpx.TransportError:
        return False


def _address(printed: str, key: str) -> str:
    """Return the path of the page that the demo printed under a phrase."""
    found = re.search(rf"{re.escape(say(key, 'zh'))}\s+http://[^/\s]+(/\S+)", printed)
    if found is None:
        sys.exit(f"the demo named no page for {key}; it said:\n{printed}")
    return found[1]


def shots(printed: str, place: str) -> tuple[Shot, ...]:
    """Return every picture the documents show; `place` is where the cooperative's clerk works."""
    return (
        Shot("sign-in", "/sign-in", SHORT),
        Shot("workbench", "/workbench", PHONE, "clerk.cooperative"),
        Shot("scanner", "/workbench/scan", PHONE, "clerk.slices"),
        Shot("paste", "/workbench/paste", DESKTOP, "clerk.cooperative", block=_SHEET.format(place=place)),
        Shot("account", "/account", DESKTOP, "regulator"),
        Shot("desk", DESK, DESKTOP, "regulator"),
        Shot("coverage", DESK.replace("?", "/coverage?"), DESKTOP, "regulator"),
        Shot("index", "/index", TALL),
        Shot("heat", "/index/bozhou/heat", TALL),
        Shot("forecast", f"/index/{WEEKLY}/forecast", TALL),
        Shot("track-record", f"/track-record?family={WEEKLY}", TALL),
        Shot("warnings", "/warnings", DESKTOP),
        Shot("governance", "/governance", DESKTOP),
        # Last: meanwhile the service states its index, from which follows that no step is hidden.
        Shot("scan", _address(printed, "open.scan"), PHONE),
        Shot("recalled", _address(printed, "open.recalled"), PHONE),
    )


def draw_all(browser: Browser, folder: Path, language: str, locale: str) -> None:
    """Draw every picture in one language, into docs/images.

    Who looks leaves traces (a scan is counted): each language is drawn from a copy of the city of its own.
    """
    service = f"http://127.0.0.1:{_PORT}"
    with tempfile.TemporaryDirectory() as place:
        own = shutil.copytree(folder, Path(place) / "city")
        with served(own) as printed:
            every = shots(printed, _place_of_the_clerk())
            wanted = {shot.visitor for shot in every}
            cookies: dict[str | None, Cookies] = {
                visitor.name: signed_in(browser, service, visitor)
                for visitor in visitors_of(own)
                if visitor.name in wanted
            }
            for shot in every:
                if shot.path.startswith("/s/"):
                    _until_indexed(service)
                target = IMAGES / f"{shot.name}-{language}.png"
                draw(browser, service, shot, target, locale=locale, cookies=cookies.get(shot.visitor))
                print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


def _until_indexed(service: str) -> None:
    """Wait until the service has stated which entries each subject has, as it does once a day."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not httpx.get(f"{service}/v1/log/subjects/lot/none").is_success:
        if time.monotonic() > deadline:
            sys.exit("the service stated no index of subjects")
        time.sleep(1)


def _place_of_the_clerk() -> str:
    from daodi_city.parties import settle

    return settle().cooperatives[0].place


def main() -> None:
    """Draw every picture the documents show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", type=Path, help="folder of a city that is loaded already")
    given = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder: Path = (given.city or Path(made) / "city").absolute()
        subprocess.run(demo(folder, "--no-serve"), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language, locale in LANGUAGES:
            draw_all(browser, folder, language, locale)
        browser.close()


if __name__ == "__main__":
    main()
