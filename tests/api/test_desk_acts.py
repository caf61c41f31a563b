"""What a regulator does on the desk: each act is in the log, is led on from, and cannot be done twice."""

from collections.abc import Iterator
from functools import partial
from html import unescape
from re import findall, search
from typing import Any

import pytest

from ledger import log
from tests.api.desk_city import HOUR, WORDS, DeskCity, desk_city
from tests.trace.season import MAKER
from trace.integrity.drawing import commitment
from trace.places import PlaceNew
from trace.recalls.hold_listing import drills, recalls

Headers = dict[str, str]
FIRST, SECOND = "officer one", "officer two"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCity]:
    with desk_city(tmp_path_factory.mktemp("acts")) as made:
        yield made


@pytest.fixture(scope="module")
def one(city: DeskCity) -> Headers:
    return city.as_regulator(FIRST)


@pytest.fixture(scope="module")
def two(city: DeskCity) -> Headers:
    return city.as_regulator(SECOND)


def sent(city: DeskCity, headers: Headers, path: str, **form: Any) -> Any:
    answer = city.client.post(f"{path}?lang=zh", data=form, headers=headers, follow_redirects=False)
    city.station.settle()
    return answer


def led(city: DeskCity, headers: Headers, answer: Any) -> str:
    """Follow where an act led; returns the page."""
    assert answer.status_code == 303, answer.text
    page = city.client.get(answer.headers["location"], headers=headers)
    assert page.status_code == 200
    return unescape(page.text)


def read(city: DeskCity, headers: Headers, path: str) -> str:
    return unescape(city.client.get(f"{path}?lang=zh", headers=headers).text)


def open_recalls(city: DeskCity) -> int:
    with city.station.database.read() as session:
        return len(recalls(session, only_open=True, after=None, limit=9))


def test_a_complaint_is_read_decided_once_and_the_second_decision_is_refused(
    city: DeskCity, one: Headers, two: Headers
) -> None:
    path = f"/desk/complaints/{city.complaint}"
    assert WORDS in read(city, one, path)
    assert sent(city, one, path, outcome="upheld", reason="查实").status_code == 422  # no points
    page = led(city, one, sent(city, one, path, outcome="upheld", points="3", reason="查实属霉变"))
    assert "投诉成立，扣 3 分" in page
    again = sent(city, two, path, outcome="rejected", reason="另有看法")
    assert again.status_code == 422
    assert "未能办理" in unescape(again.text)
    assert "投诉成立，扣 3 分" in read(city, two, path)
    assert "没有待裁定的投诉" in read(city, one, "/desk/complaints")


def test_an_inspection_follows_another_up_and_is_no_longer_overdue(city: DeskCity, one: Headers) -> None:
    [address] = set(
        findall(r'href="(/desk/inspections/new\?[^"]*follows=[^"]+)"', read(city, one, "/desk/inspections"))
    )
    follows = address.partition("follows=")[2]
    path = "/desk/inspections/new"
    assert "亳州饮片厂" in city.client.get(address, headers=one).text
    form = {"firm": MAKER, "role": "药品科", "follows": follows, "outcome_quality": "passed"}
    wrong = sent(city, one, path, **form, points="2")
    assert wrong.status_code == 422
    assert "全部合格却扣了分" in unescape(wrong.text)
    assert f'value="{follows}"' in wrong.text
    page = led(city, one, sent(city, one, path, **form))
    assert "没有逾期未复查的检查" in page


def test_every_box_that_is_wrong_is_named(city: DeskCity, one: Headers) -> None:
    told = unescape(sent(city, one, "/desk/inspections/new", firm="1", document="x").text)
    for box in ("被检查主体：", "检查内容与结果：", "执行单位：", "文件摘要（SHA-256）："):
        assert box in told


def test_a_draw_is_announced_made_when_the_log_has_grown_and_checked(city: DeskCity, one: Headers) -> None:
    seed = bytes(range(32))
    form = {"scores": "2026Q3", "parties": "1", "inspectors": "J-1\nJ-2", "commitment": commitment(seed)}
    page = led(city, one, sent(city, one, "/desk/draws", **form, margin="8"))
    found = search(r"draw-[0-9a-f]{32}", page)
    assert found is not None
    path = f"/desk/draws/{found[0]}"
    early = sent(city, one, path, seed=seed.hex())
    assert early.status_code == 422
    for number in range(9):  # others than the regulator state something
        city.station.writer.submit(
            partial(
                city.station.recorder.register_place, new=place(f"NEW-{number}"), recorded_ms=city.clock()
            )
        )
    assert sent(city, one, path, seed="00" * 32).status_code == 422
    assert "复核无误" in led(city, one, sent(city, one, path, seed=seed.hex()))
    assert sent(city, one, path, seed=seed.hex()).status_code == 422


def place(place_id: str) -> PlaceNew:
    return PlaceNew(place_id=place_id, name=place_id, party=MAKER, division="341602")


def test_a_mock_recall_freezes_nothing_and_stands_in_the_log(city: DeskCity, one: Headers) -> None:
    page = led(city, one, sent(city, one, "/desk/recall", lots="YP-1", act="drill"))
    assert "没有冻结任何货" in page
    with city.station.database.read() as session:
        [held] = drills(session, 9)
        assert log.history(session, f"drill/{held.drill_id}")
    assert open_recalls(city) == 0


def test_a_recall_is_shown_opened_reminded_and_closed_by_another(
    city: DeskCity, one: Headers, two: Headers
) -> None:
    form = {"lots": "YP-1", "class": "1", "reason": "二氧化硫超限"}
    assert sent(city, one, "/desk/recall", **form, act="open").status_code == 422  # not seen what it reaches
    assert open_recalls(city) == 0
    shown = sent(city, one, "/desk/recall", **form, act="preview")
    assert shown.status_code == 200
    root = search(r'name="root" value="([0-9a-f]{64})"', shown.text)
    assert root is not None
    opened = sent(city, one, "/desk/recall", **form, act="open", root=root[1])
    assert "召回已发起" in led(city, one, opened)
    path = opened.headers["location"].partition("?")[0]
    assert sent(city, two, "/desk/recall", **form, act="open", root=root[1]).status_code == 422
    assert "不需要催促" in led(city, one, sent(city, one, path, act="remind"))
    city.clock.now_ms += 25 * HOUR
    assert "已超 1 小时" in read(city, one, path)
    assert "已催促" in led(city, one, sent(city, one, path, act="remind"))
    asked = sent(city, one, path, act="ask", state="completed", report="已收回九成")
    assert "等另一人同意" in led(city, one, asked)
    assert sent(city, one, path, act="close", state="completed").status_code == 422
    assert sent(city, two, path, act="close", state="lifted").status_code == 422
    assert "召回已结束" in led(city, two, sent(city, two, path, act="close", state="completed"))
    assert sent(city, two, path, act="close", state="completed").status_code == 422
    assert open_recalls(city) == 0


def test_who_may_not_supervise_changes_nothing_by_a_form(city: DeskCity) -> None:
    clerk = {"Authorization": f"Bearer {city.token('clerk', 'steps:write', party=MAKER)}"}
    for path in (
        "/desk/recall",
        "/desk/inspections/new",
        "/desk/draws",
        f"/desk/complaints/{city.complaint}",
    ):
        assert sent(city, clerk, path, lots="YP-1", act="open").status_code == 403, path
