"""The page of a run is found by each of its serials, and by none that it has no more."""

from hypothesis import given
from hypothesis import strategies as st

from api.pages_of_runs import PagesOfRuns, RunPages
from api.web.cut_page import CutPage
from api.web.scan_body import SharedPage

PAGE = SharedPage(CutPage(b"page", (b"\x01",)), b"digest", "zh", gzipped=False)
RUNS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.integers(0, 3), st.integers(0, 9)), max_size=40
)


def page(first: int, last: int, commits: int = 0, until: float = 10.0) -> RunPages:
    return RunPages((first, last), 0, ("state", "stamp"), commits, until, {"zh": PAGE})


def test_a_page_is_shown_until_its_time_or_a_commit() -> None:
    pages = PagesOfRuns()
    pages.put(page(100, 199, commits=4))
    assert pages.get(100, 4, 10.0) == pages.get(199, 4, 0.0) == page(100, 199, commits=4)
    for serial, commits, now in ((99, 4, 0.0), (200, 4, 0.0), (150, 5, 0.0), (150, 4, 10.1)):
        assert pages.get(serial, commits, now) is None


def test_a_run_that_was_split_is_not_found_by_the_serials_it_gave_away() -> None:
    pages = PagesOfRuns()
    pages.put(page(0, 99))
    pages.put(page(40, 40, until=11.0))
    assert [pages.get(serial, 0, 5.0) for serial in (39, 40, 41)] == [None, page(40, 40, until=11.0), None]


def test_pages_drawn_from_the_same_stand_beside_each_other_and_others_do_not() -> None:
    pages = PagesOfRuns()
    zh, english = page(0, 99), page(0, 99, until=11.0)._replace(of_manner={"en": PAGE})
    pages.put(zh)
    pages.put(english)
    found = pages.get(7, 0, 10.5)
    assert found is not None
    assert set(found.of_manner) == {"zh", "en"}
    changed = english._replace(drawn_from=("held", "stamp"), until=12.0)
    pages.put(changed)
    assert pages.get(7, 0, 10.5) == changed


def test_a_page_read_earlier_takes_the_place_of_none_read_later() -> None:
    pages = PagesOfRuns()
    pages.put(page(0, 99, until=11.0))
    pages.put(page(0, 49, until=10.5))
    assert pages.get(7, 0, 5.0) == page(0, 99, until=11.0)


@given(RUNS)
def test_what_is_found_was_put_for_that_serial(made: list[tuple[int, int, int, int]]) -> None:
    pages, put = PagesOfRuns(), list[RunPages]()
    for first, more, commits, until in made:
        put.append(page(first, first + more, commits, float(until)))
        pages.put(put[-1])
    for serial in range(90):
        for commits in range(4):
            found = pages.get(serial, commits, 5.0)
            if found is not None:
                assert found in put
                assert found.serials[0] <= serial <= found.serials[1]
                assert (found.commits, found.until >= 5.0) == (commits, True)


@given(RUNS)
def test_the_page_read_last_is_always_found(made: list[tuple[int, int, int, int]]) -> None:
    pages = PagesOfRuns()
    for place, (first, more, commits, _) in enumerate(made):
        pages.put(page(first, first + more, commits, float(place)))
        assert pages.get(first, commits, 0.0) == pages.get(first + more, commits, 0.0)
        assert pages.get(first, commits, 0.0) == page(first, first + more, commits, float(place))


def test_too_many_runs_are_forgotten_together() -> None:
    pages = PagesOfRuns()
    for run in range(5000):
        pages.put(page(run * 10, run * 10 + 9))
    kept = sum(pages.get(run * 10, 0, 5.0) is not None for run in range(5000))
    assert 0 < kept <= 4096
    assert pages.get(49_990, 0, 5.0) is not None
