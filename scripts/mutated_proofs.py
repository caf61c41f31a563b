"""`scripts/campaign proofs`: tampered evidence before both verifiers, in numbers; ends with one table.

Every case goes to Python, to Chromium with WebCrypto and to Chromium with the bundled fallback.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conformance.mutated_evidence import cases
from tests.conformance.test_evidence_verdicts import grounds
from tests.conformance.two_verifiers import by_browser, by_python, verifying_page

FULL = 10_000
_AT_ONCE = 200


def main() -> int:
    """Run the campaign and return its exit code: 1 when two verdicts differ."""
    parser = argparse.ArgumentParser(prog="scripts/campaign proofs", description=__doc__)
    parser.add_argument("--count", type=int, default=FULL)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ground = grounds(Path(folder))
    failed: Counter[object] = Counter()
    differing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = verifying_page(browser)
        native = page.evaluate("daodiVerify.parts.hasNative()")
        drawn = cases(ground, given.seed, given.count)
        while some := list(islice(drawn, _AT_ONCE)):
            expected = [by_python(case) for case in some]
            failed.update(verdict[1] for verdict in expected)
            for fallback in (False, True):
                found = by_browser(page, some, fallback=fallback)
                both = zip(some, expected, found, strict=True)
                differing += [(case.name, fallback, *pair) for case, *pair in both if pair[0] != pair[1]]
        version = browser.version
        browser.close()
    for name, count in failed.most_common():
        print(f"{name or 'holds':12} {count}")
    for each in differing[:20]:
        print("DIFFERS:", *each, file=sys.stderr)
    seconds = time.monotonic() - begun
    print(
        f"{given.count} cases, seed {given.seed}, Chromium {version} (Ed25519 in WebCrypto: {native}): "
        f"{len(differing)} verdicts differ, {seconds:.0f} s"
    )
    return 1 if differing or not native else 0


if __name__ == "__main__":
    sys.exit(main())
