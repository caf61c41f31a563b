"""Print the path of the Chromium that Playwright's own installer made; exit 1 when there is none."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

if __name__ == "__main__":
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    print(path)
    sys.exit(not Path(path).exists())
