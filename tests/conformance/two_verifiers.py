"""The verdicts of Python and of a browser on the same evidence."""

import base64
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

import api.web
from ledger.verify import evidence
from ledger.verify.checks import check
from ledger.verify.faults import Refused
from ledger.verify.policies import Policy
from ledger.verify.verdicts import Mark
from tests.conformance.mutated_evidence import Case

SCRIPT = Path(api.web.__file__).parent / "static" / "verify.js"
_ASK = """async ([cases, fallback]) => {
  const out = [];
  for (const [raw, policy] of cases) {
    const found = await daodiVerify(Uint8Array.from(atob(raw), c => c.charCodeAt(0)), policy, {fallback});
    out.push([found.ok, found.failed, found.complete_to, found.lot && found.ok ? found.lot : null]);
  }
  return out;
}"""


def by_python(case: Case) -> list[object]:
    """Whether it holds, the check that failed, how far it is complete, the lot."""
    try:
        policy = Policy.from_text(case.policy)
    except Refused:  # the browser reads the policy when it comes to the checkpoint
        try:
            evidence.parse(case.raw)
        except Refused:
            return [False, "form", None, None]
        return [False, "checkpoint", None, None]
    found = check(case.raw, policy)
    failed = next((each.name for each in found.checks if each.mark is Mark.FAILS), None)
    return [found.ok, failed, found.complete_to, found.subject if found.ok else None]


def verifying_page(browser: Browser) -> Page:
    """An empty page of a secure origin with the verifier in it."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("https://verifier.example/")
    page.add_script_tag(path=SCRIPT)
    return page


def by_browser(page: Page, cases: Sequence[Case], *, fallback: bool) -> list[list[object]]:
    sent = [[base64.b64encode(case.raw).decode(), case.policy] for case in cases]
    answer: list[list[object]] = page.evaluate(_ASK, [sent, fallback])
    return answer
