"""The scan page in every state, for everybody: phone and desk, old eyes, paper, old web views."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdfium2 import PdfDocument

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.scan_states import ADVICE, LAPSED, REASON, ScanStates, recalled, scan_states

pytestmark = pytest.mark.browser

STATES = {
    "good": ("登记相符", "Matches the record"),
    "doubtful": ("存疑", "Doubtful"),
    "frozen": ("已冻结", "Frozen"),
    "not_activated": ("未激活", "Not activated"),
    "no_code": ("查无此码", "No such code"),
    "pin": ("核对防伪密码", "Check the PIN"),
    "complain": ("投诉举报", "Complain about this pack"),
}
QUERIES = ("?lang=zh", "?lang=en", "?lang=zh&view=elder", "?lang=en&view=elder")
TEXTS = """[...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
  && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"""
"""All elements that show text of their own, drawings included."""
CONTRASTS = (
    """() => {
  const rgb = (said) => said.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const mark = at.tagName === 'svg' && at.querySelector(':scope > rect');
      const said = rgb(mark ? getComputedStyle(mark).fill : getComputedStyle(at).backgroundColor);
      if (said.length === 3 || said[3] > 0) return said;
    }
    return [255, 255, 255];
  };
  return """
    + TEXTS
    + """.map((e) => {
    const style = getComputedStyle(e);
    const [high, low] = [light(rgb(e.closest('svg') ? style.fill : style.color)), light(behind(e))]
      .sort((a, b) => b - a);
    return [(high + 0.05) / (low + 0.05), e.textContent.trim().slice(0, 30)];
  });
}"""
)
"""Contrast of every text with what is behind it (WCAG 2.2, 1.4.3)."""


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScanStates]:
    with scan_states(tmp_path_factory.mktemp("states")) as opened:
        yield opened


@contextmanager
def browsing(chromium: Browser, size: dict[str, int], **chosen: object) -> Iterator[Page]:
    context = chromium.new_context(viewport=size, locale="zh-CN", **chosen)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("size", "queries"), [(PHONE, QUERIES), (DESK, QUERIES[:1])], ids=["phone", "desk"])
def test_every_state_says_itself_in_words_and_fits_the_screen(
    chromium: Browser, states: ScanStates, size: dict[str, int], queries: tuple[str, ...]
) -> None:
    with browsing(chromium, size, java_script_enabled=False) as page:
        for state, words in STATES.items():
            for query in queries:
                page.goto(states.page(state, query))
                said = page.inner_text("h1")
                assert said == words["en" in query], (state, query)
                wide = page.locator("body").evaluate("e => Math.max(e.scrollWidth, e.parentNode.scrollWidth)")
                assert wide <= size["width"], (state, query)


def test_a_recall_stands_above_all_else_and_says_what_to_do(
    phone: BrowserContext, states: ScanStates
) -> None:
    page = phone.new_page()
    with recalled(states) as notice:
        for query in QUERIES[1:3]:
            page.goto(states.page("good", query))
            banner, verdict = page.locator("main > .banner"), page.get_by_role("heading", level=1)
            assert REASON in banner.inner_text()
            assert ADVICE in banner.inner_text()
            above, below = banner.bounding_box(), verdict.bounding_box()
            assert above is not None
            assert below is not None
            assert above["y"] + above["height"] <= below["y"]
            assert banner.inner_text().count(REASON) == page.inner_text("main").count(REASON) == 1
        assert serious(page) == []
        page.locator("main > .banner a").click()
        assert notice in page.url
        expect(page.locator("main")).to_contain_text(REASON)


def serious(page: Page) -> list[str]:
    """What axe finds on a page, all its details open, that is serious or worse."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


def test_axe_finds_no_serious_fault_in_any_state(chromium: Browser, states: ScanStates) -> None:
    with browsing(chromium, PHONE) as page:
        for state in STATES:
            page.goto(states.page(state))
            assert serious(page) == [], state
        page.goto(states.page("doubtful", QUERIES[3]))
        assert serious(page) == []
    with browsing(chromium, DESK) as page:
        page.goto(states.page("good", "?lang=en"))
        assert serious(page) == []


def test_old_eyes_read_and_old_fingers_hit_everything(phone: BrowserContext, states: ScanStates) -> None:
    """长辈版 (MIIT 2021): text of 18 px, lines 1.3 apart, targets of 60 px, contrast of 4.5 to 1."""
    page = phone.new_page()
    for state in STATES:
        for query in QUERIES[2:]:
            page.goto(states.page(state, query))
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            shown = page.evaluate(
                TEXTS
                + """.map(e => { const style = getComputedStyle(e), own = parseFloat(style.fontSize);
                const box = e.closest('svg.lineage'), zoom = box ? Number(getComputedStyle(box).zoom) : 1;
                const apart = e.closest('svg') ? 1.3 : parseFloat(style.lineHeight) / own;
                return [own * zoom, apart, e.textContent]; })"""
            )
            assert [each for each in shown if each[0] < 18 or each[1] < 1.3] == [], (state, query)
            targets = "header a, footer a, summary, button, select, textarea, main input, .actions a, .target"
            for target in page.locator(targets).all():
                box = target.bounding_box()
                if box is not None and target.is_visible():
                    assert box["height"] >= 60, (state, target.inner_text())


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&view=elder"])
def test_every_text_stands_out_from_what_is_behind_it(
    phone: BrowserContext, states: ScanStates, query: str
) -> None:
    page = phone.new_page()
    for state in STATES:
        page.goto(states.page(state, query))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 10
        assert [each for each in contrasts if each[0] < 4.5] == [], state


@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&view=elder"])
def test_on_paper_verdict_and_way_are_whole(chromium: Browser, states: ScanStates, query: str) -> None:
    with browsing(chromium, DESK) as page:
        page.goto(states.page("good", query))
        heads = page.locator("ol.way h3, ol.way time, .firms h3 a, h1, h2").all_inner_texts()
        body = page.pdf(format="A4", prefer_css_page_size=True)
    with PdfDocument(io.BytesIO(body)) as printed:
        whole = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
        for sheet in printed:
            width, height = sheet.get_size()
            letters = sheet.get_textpage()
            for nth in range(letters.count_rects()):
                left, bottom, right, top = letters.get_rect(nth)
                assert left >= 28 and right <= width - 28 and bottom >= 28 and top <= height - 28  # noqa: PT018
    flat = re.sub(r"\s", "", whole)
    assert [each for each in heads if re.sub(r"\s", "", each) not in flat] == []
    assert len(heads) > 36


def _without_new_css(route: Route) -> None:
    """Leave out of the style sheet what engines of 2015 do not know: custom properties, grid, gaps."""
    answer = route.fetch()
    old = re.sub(r"(?<=[;{\s])[a-z-]+:[^;{}]*(?:var\(|grid|clip-path)[^;{}]*;?", "", answer.text())
    old = re.sub(r"(?<=[;{\s])(?:--[a-z-]+|gap|text-wrap|zoom|padding-inline)\s*:[^;{}]*;?", "", old)
    assert "var(" not in old
    route.fulfill(response=answer, body=old)


def test_an_old_web_view_shows_all_of_it_and_loses_only_the_check(
    phone: BrowserContext, states: ScanStates
) -> None:
    page = phone.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(error.message))
    page.route("**/daodi.css*", _without_new_css)
    page.route(
        "**/check.js*", lambda route: route.fulfill(body="var a = 1n ** ?;")
    )  # BigInt is no syntax there
    page.goto(states.page("good"))
    expect(page.locator("#check")).to_contain_text("浏览器版本过旧")
    assert len(broken) == 1, "the script that cannot be read, and nothing after it"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert [each for each in page.evaluate(CONTRASTS) if each[0] < 4.5] == []
    assert page.locator("ol.way > li").count() == 15
    expect(page.get_by_role("heading", level=1)).to_have_text("登记相符")


def test_a_licence_that_lapsed_is_shown_with_the_steps_it_did_not_hold_on(
    phone: BrowserContext, states: ScanStates
) -> None:
    page = phone.new_page()
    page.goto(states.page("good"))
    firm = page.locator(".firms > li").first
    expect(firm).to_contain_text(LAPSED.number)
    expect(firm).to_contain_text("2023-01-01 至 2024-12-31")
    expect(firm).to_contain_text("✓ 第 1–3 步当日有效")
    expect(firm).to_contain_text("第 4–9 步当日没有有效的中药材GAP。")
    expect(page.locator("#marks")).to_contain_text("✓ 本页显示的内容与核验过的条目逐项一致")
    expect(page.locator("#marks li")).to_have_count(11)


def test_the_strip_is_as_wide_as_the_screen_and_its_letters_keep_their_size(
    chromium: Browser, states: ScanStates
) -> None:
    for size, query, letters in ((PHONE, "?lang=zh", 14), (DESK, "?lang=zh", 14), (PHONE, QUERIES[2], 20)):
        with browsing(chromium, size) as page:
            page.goto(states.page("good", query))
            strip = page.locator("svg.strip")
            assert strip.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == letters
            edges = strip.evaluate(
                """e => [e, ...e.querySelectorAll('text, rect')].map(part => part.getBoundingClientRect())
                    .map(box => [box.left, box.right])"""
            )
            assert min(left for left, _ in edges) >= 0
            assert max(right for _, right in edges) <= size["width"]
            marks = strip.locator("svg rect")
            boxes = sorted((box["y"], box["x"], box["width"]) for box in map(_box, marks.all()))
            for (y, x, width), (next_y, next_x, _) in pairwise(boxes):
                assert next_y > y or next_x >= x + width


def _box(mark: object) -> dict[str, float]:
    found = mark.bounding_box()  # type: ignore[attr-defined]
    assert found is not None
    return dict(found)
