"""A consumer's phone checks the pack itself, and catches a page that says what the log does not."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.journeys.conftest import Service

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

DONE = re.compile("[✓✗]|过旧|取不到|请刷新")


def checked(page: Page) -> tuple[str, str]:
    """What the check says in the end, and its colour."""
    place = page.locator("#check", has_text=DONE)
    place.wait_for()
    return place.inner_text(), (place.get_attribute("class") or "").removeprefix("check tone ")


def lying(page: Page, old: str, new: str) -> None:
    """Have the page arrive with something in it changed."""

    def altered(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        assert old in body
        route.fulfill(response=answer, body=body.replace(old, new))

    page.route("**/s/*", altered)


@pytest.mark.parametrize(
    ("query", "said"),
    [("?lang=zh", "✓ 已在您的设备上核验：15 个环节"), ("?lang=en", "✓ Checked on your device. Steps: 15")],
)
def test_the_phone_says_what_it_checked(
    phone: BrowserContext, service: Service, query: str, said: str
) -> None:
    page = phone.new_page()
    page.goto(service.scan_page() + query)
    words, _ = checked(page)
    assert words.startswith(said)
    page.goto(service.scan_page() + query + "&view=elder")
    assert checked(page)[0].startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('data-fact="herb">', 'data-fact="herb">生', ("品名", "herb")),
        ('data-fact="mass">500', 'data-fact="mass">250', ("净重", "net mass")),
        ('data-fact="lot">YP-1', 'data-fact="lot">YP-2', ("批次", "lot")),
        ("BS-HERB（1", "BS-HERB（9", ("数量", "amount")),
        ('data-stage="harvest"', 'data-stage="planting"', ("环节", "step")),
        ("data-value>120.5", "data-value>12.5", ("检验结果", "test result")),
        ("白芍种植合作社", "有机种植合作社", ("主体", "party")),
        ('data-measurand="二氧化硫', 'data-measurand="重金属', ("检验结果", "test result")),
        ('去皮水煮后晒干"', '晒干"', ("环节内容", "particulars")),
        ('<td class="mono">BS-SEED</td>', '<td class="mono">BS-FRESH</td>', ("数量", "amount")),
        ("亳州饮片厂 → 朝阳大药房", "朝阳大药房 → 亳州饮片厂", ("主体", "party")),
        (" · 饮片车间", " · 车间", ("地点", "place")),
        ('class="number">皖20200001', 'class="number">皖20210001', ("证照", "licence")),
        ("2020-01-01 起", "2022-01-01 起", ("证照", "licence")),
    ],
)
def test_a_page_that_lies_is_caught(
    phone: BrowserContext, service: Service, old: str, new: str, named: tuple[str, str]
) -> None:
    page = phone.new_page()
    lying(page, old, new)
    page.goto(service.scan_page() + ("?lang=en" if "mass" in old else "?lang=zh"))
    words, tone = checked(page)
    assert tone == "bad"
    assert words.startswith("✗")
    assert named["mass" in old] in words


def test_no_green_word_stands_above_a_check_that_failed(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    lying(page, 'data-fact="lot">YP-1', 'data-fact="lot">YP-2')
    page.goto(service.scan_page() + "?lang=zh")
    checked(page)
    card = page.locator("#verdict")
    assert card.get_attribute("class") == "verdict bad"
    assert card.locator("h1").inner_text() == "请勿采信"
    assert "登记相符" not in card.inner_text()
    assert card.locator("h1 + #check").is_visible()


def test_a_long_lot_never_widens_the_page(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    for view in ("standard", "elder"):
        page.goto(service.scan_page() + f"?lang=zh&view={view}")
        checked(page)
        spans = page.locator("li bdi").all()
        spans[0].evaluate(
            "span => { span.textContent = 'DANGGUI-25B-PARCEL-0000000000001（1,781.479 公斤）' }"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_date_that_is_not_the_logged_one_is_caught(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(service.scan_page() + "?lang=zh")
    shown = page.locator("li time").first.inner_text()
    lying(page, f">{shown}<", f">{shown.replace(':', ':1', 1)[:-1]}<")
    page.goto(service.scan_page() + "?lang=zh")
    assert "日期" in checked(page)[0]


def test_masses_are_written_alike_by_page_and_script(phone: BrowserContext, service: Service) -> None:
    """An honest page is not called a liar: the season has a harvest of 3,000.9 kilograms."""
    page = phone.new_page()
    page.goto(service.scan_page() + "?lang=zh")
    assert "3,000.9 公斤" in page.locator("ol.way").inner_text()
    assert "✓" in checked(page)[0]


def test_a_step_taken_off_the_page_is_missed(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.route("**/s/*", without_the_test)
    page.goto(service.scan_page() + "?lang=zh")
    assert "未显示的环节" in checked(page)[0]


def without_the_test(route: Route) -> None:
    """The page without the step that tells of the laboratory's test."""
    answer = route.fetch()
    body = answer.text()
    route.fulfill(response=answer, body=cut(body, "li", 'data-stage="test"'))


def cut(body: str, name: str, mark: str) -> str:
    """Take the last element `name` that begins before `mark` out of a page."""
    begin = body.rindex(f"<{name}", 0, body.index(mark))
    return body[:begin] + body[end_of(body, name, begin) :]


def end_of(body: str, name: str, begin: int) -> int:
    """Where an element ends; the steps of the way have no end tags, so the next begins there."""
    if name == "li":
        return min(place for place in (body.find("<li", begin + 1), body.find("</ol>", begin)) if place > 0)
    return body.index(f"</{name}>", begin) + len(f"</{name}>")


@pytest.mark.parametrize(
    ("name", "mark", "named"),
    [
        ("tr", "data-value>120.5", "未显示的环节 二氧化硫残留量"),
        ("li", 'data-stage="planting"', "未显示的环节"),
        ("bdi", "BS-B（", "数量"),
        ("dd", 'data-fact="mass"', "净重"),
    ],
)
def test_what_is_left_off_the_page_is_missed(
    phone: BrowserContext, service: Service, name: str, mark: str, named: str
) -> None:
    """A result of a shown test, a step of a lot ours came from, a lot of a merge, the net mass."""
    page = phone.new_page()

    def shortened(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        route.fulfill(response=answer, body=cut(body, name, mark if name != "dd" else mark + ">500"))

    page.route("**/s/*", shortened)
    page.goto(service.scan_page() + "?lang=zh")
    words, tone = checked(page)
    assert (tone, named in words) == ("bad", True), words


def test_a_result_of_a_test_that_never_was_is_caught(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()

    def embellished(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        begin = body.index("<tr data-result=")
        row = body[begin : body.index("</tr>", begin) + len("</tr>")]
        other = row.replace('data-result="urn:uuid:', 'data-result="urn:uuid:0').replace("120.5", "0.5")
        route.fulfill(response=answer, body=body.replace(row, row + other))

    page.route("**/s/*", embellished)
    page.goto(service.scan_page() + "?lang=zh")
    assert "检验结果 0.5" in checked(page)[0]


def test_a_step_cannot_stand_on_the_page_twice(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()

    def doubled(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        begin = body.index("<li", body.index('<ol class="way">'))
        first = body[begin : end_of(body, "li", begin)]
        route.fulfill(response=answer, body=body.replace(first, first + first))

    page.route("**/s/*", doubled)
    page.goto(service.scan_page() + "?lang=zh")
    assert "环节" in checked(page)[0]
    assert "✗" in checked(page)[0]


def test_an_operator_who_stops_indexing_hides_no_recall(phone: BrowserContext, service: Service) -> None:
    """An old index proves that nothing was hidden as of then: three days on, the page says so in amber."""
    service.station.subject_indexing.run()
    service.station.settle()
    page = phone.new_page()
    page.goto(service.scan_page() + "?lang=zh")
    words, tone = checked(page)
    assert (tone, "没有隐瞒任何环节" in words) == ("good", True), words
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3, hours=1))
    page.goto(service.scan_page() + "?lang=zh")
    words, tone = checked(page)
    assert (tone, "3 天前的情况" in words) == ("doubt", True), words


def test_the_evidence_of_another_pack_is_refused(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    other = f"{service.base}/v1/evidence/{service.city.codes[1]}"
    page.route(
        f"**/v1/evidence/{service.city.codes[0]}",
        lambda route: route.fulfill(response=route.fetch(url=other)),
    )
    page.goto(service.scan_page() + "?lang=zh")
    words, tone = checked(page)
    assert (tone, "追溯码" in words) == ("bad", True)


def test_tampered_evidence_is_named_by_its_check(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()

    def tampered(route: Route) -> None:
        answer = route.fetch()
        file = answer.json()
        file["entries"].pop()
        body = json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        route.fulfill(response=answer, body=body)

    page.route("**/v1/evidence/*", tampered)
    page.goto(service.scan_page() + "?lang=zh")
    words, tone = checked(page)
    assert (tone, "每条记录都在账本中" in words) == ("bad", True)


def test_a_phone_without_the_needed_functions_is_told_so(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.add_init_script("delete window.fetch")
    page.goto(service.scan_page() + "?lang=zh")
    assert "过旧" in checked(page)[0]


def test_without_a_script_the_page_says_how_to_check(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(service.scan_page() + "?lang=zh")
    assert "没有运行脚本" in page.locator("#check").inner_text()
    context.close()


def test_the_evidence_can_be_saved_and_is_small(phone: BrowserContext, service: Service) -> None:
    page = phone.new_page()
    page.goto(service.scan_page() + "?lang=zh")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载证据文件").click()
    assert saved.value.suggested_filename == f"evidence-{service.city.codes[0]}.json"
    assert saved.value.path().stat().st_size < 60_000
