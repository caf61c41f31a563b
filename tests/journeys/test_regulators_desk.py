"""A regulator's morning at the desk, in a browser without a script: a figure, a complaint, a recall, its end.

On a phone and on a desktop screen, in Chinese, English and the elder view nothing stands over the edge.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.station import Station
from api.tokens import issue_token, parse_scopes
from tests.api.desk_city import HOUR, WORDS, Clock, begin, load
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.serving import serving
from tests.trace.holding import REGULATOR
from tests.trace.supervised import SEASON

pytestmark = pytest.mark.browser

QUARTER = f"period={SEASON.name}"
PAGES = (
    f"/desk?{QUARTER}", f"/desk/coverage?{QUARTER}", "/desk/inspections/new", "/desk/recalls",
    "/desk/recall?lots=YP-1", "/desk/integrity", f"/desk/codes?{QUARTER}", "/desk/draws", "/desk/complaints",
    f"/desk/oversell?{QUARTER}", f"/desk/late?{QUARTER}", "/desk/scans",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """A running service, its clock, and the browser it is looked at with."""

    station: Station
    clock: Clock
    browser: Browser

    def page(self, name: str, size: dict[str, int], *, script: bool = False) -> Page:
        """Open a browser of one person of the regulator; it runs no script unless it is to be looked into."""
        held = self.station.writer.submit(
            lambda session: issue_token(
                session,
                name=name,
                scopes=parse_scopes(["supervise"]),
                party=REGULATOR,
                created_ms=self.clock(),
                expires_ms=None,
                randomness=self.station.randomness,
            )
        )
        context = self.browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            locale="zh-CN",
            java_script_enabled=script,
            base_url=self.station.settings.base_url,
            extra_http_headers={"Authorization": f"Bearer {held}"},
        )
        return context.new_page()


@pytest.fixture(scope="module")
def office(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = begin()
    with serving(tmp_path_factory.mktemp("office"), clock=clock) as station:
        load(station, clock)
        yield Office(station, clock, chromium)


def serious_faults(page: Page) -> list[str]:
    """What axe finds that keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in {"serious", "critical"}]


def test_a_figure_leads_to_its_area_and_down_to_the_county(office: Office) -> None:
    page = office.page("officer one", DESK)
    page.goto(f"/desk?{QUARTER}")
    page.get_by_role("link", name="企业覆盖率 50.0 %").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("覆盖与使用")
    for area in ("安徽省", "亳州市", "谯城区"):
        page.get_by_role("region", name="各地区的覆盖率").get_by_role("link", name=area).click()
    expect(page.locator(".crumbs")).to_contain_text("安徽省 › 亳州市 › 谯城区")
    expect(page.get_by_role("img", name="各地区的覆盖率").first).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator(".crumbs")).to_contain_text("Anhui › Bozhou › Qiaocheng")


def test_a_complaint_on_a_phone_is_read_and_decided(office: Office) -> None:
    page = office.page("officer one", PHONE)
    page.goto("/desk/complaints")
    page.get_by_role("link", name="质量问题").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_label("成立", exact=True).check()
    page.get_by_label("扣分", exact=True).select_option("3")
    page.get_by_label("理由").fill("抽样复检，霉变属实")
    page.get_by_role("button", name="写入账本").click()
    expect(page.get_by_role("status")).to_contain_text("裁定已写入账本")
    expect(page.get_by_role("heading", name="投诉成立，扣 3 分")).to_be_visible()


def test_a_recall_is_seen_before_it_is_opened_and_closed_by_another(office: Office) -> None:
    page = office.page("officer one", DESK)
    page.goto("/desk/recall?lots=YP-1")
    expect(page.get_by_role("button", name="正式召回，立即冻结")).to_have_count(0)
    page.get_by_label("召回级别").select_option("1")
    page.get_by_label("理由").fill("二氧化硫残留超过限量")
    page.get_by_role("button", name="预览波及范围").click()
    expect(page.get_by_role("heading", name="会冻结 1 个批次，涉及 2 个持有人")).to_be_visible()
    page.get_by_role("button", name="正式召回，立即冻结").click()
    expect(page.get_by_role("status")).to_contain_text("召回已发起")
    office.clock.now_ms += 25 * HOUR
    page.reload()
    expect(page.get_by_text("已超 1 小时").first).to_be_visible()
    page.get_by_label("完成：").check()
    page.get_by_label("最终报告").fill("能收回的已收回")
    page.get_by_role("button", name="提出结束").click()
    page.get_by_role("button", name="同意，以“完成”结束").click()
    expect(page.get_by_role("alert")).to_be_visible()
    other = office.page("officer two", PHONE)
    other.goto(page.url)
    other.get_by_role("button", name="同意，以“完成”结束").click()
    expect(other.get_by_role("status")).to_contain_text("召回已结束")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_stands_over_the_edge_and_elders_read_it(office: Office, size: dict[str, int]) -> None:
    page = office.page("officer three", size, script=True)
    for path in PAGES:
        joint = "&" if "?" in path else "?"
        for query in ("lang=zh", "lang=en", "lang=zh&view=elder"):
            page.goto(f"{path}{joint}{query}")
            wide = page.locator("html").evaluate("node => node.scrollWidth")
            assert wide <= size["width"], (path, query, wide)
        assert serious_faults(page) == [], path
        sizes = page.locator("main *").evaluate_all(
            "all => all.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
            ".filter(e => !e.closest('svg') && e.checkVisibility())"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 18, path
