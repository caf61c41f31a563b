"""The browser's verifier and Python's say the same of evidence that was tampered with.

`scripts/campaign proofs` runs 10,000 cases; here are some hundreds of the same kinds.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ledger import store
from ledger.verify.verdicts import CHECKS
from tests.conformance.hostile_ground import Ground
from tests.conformance.mutated_evidence import KINDS, POLICY, Case, cases
from tests.conformance.two_verifiers import by_browser, by_python, verifying_page
from tests.ledger.evidence_log import rich_log

SEED, COUNT = 20_260_101, 25 * len(KINDS)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return grounds(tmp_path_factory.mktemp("evidence"))


def grounds(folder: Path) -> Ground:
    log = rich_log(folder)
    with log.read() as session:
        leaves = tuple(bytes(leaf) for _, _, leaf in store.leaves_between(session, 0, 10**6))
    raw = log.evidence()
    log.engine.dispose()
    return Ground(raw, leaves)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium as the machine has it, else Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = verifying_page(chromium)
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("fallback", [False, True], ids=["webcrypto", "fallback"])
def test_both_verifiers_agree_on_tampered_evidence(ground: Ground, page: Page, fallback: bool) -> None:
    assert page.evaluate("daodiVerify.parts.hasNative()") is True
    drawn = list(cases(ground, SEED, COUNT))
    expected = [by_python(case) for case in drawn]
    found = by_browser(page, drawn, fallback=fallback)
    assert [
        (case.name, python, browser)
        for case, python, browser in zip(drawn, expected, found, strict=True)
        if python != browser
    ] == []
    failed = Counter(verdict[1] for verdict in expected)
    assert set(failed) == {None, *CHECKS}


@pytest.mark.browser
def test_a_phone_checks_the_good_file_with_either_code(ground: Ground, page: Page) -> None:
    good = Case("good", ground.raw, POLICY)
    assert by_python(good)[:2] == [True, None]
    for fallback in (False, True):
        assert by_browser(page, [good], fallback=fallback) == [by_python(good)]
