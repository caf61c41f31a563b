"""Problems: every error has one status, and every status belongs to an error that exists."""

import importlib
import json
import pkgutil
import string

import pytest
from sqlalchemy.exc import OperationalError

import api
import ledger
import priceindex
import trace
from api import errors as service
from api.faults_of import error_of
from api.problems import MEDIA_TYPE, problem_of, problem_response, problems
from api.statuses import STATUS
from ledger.errors import DaodiError, Location, ManyFaults

OUTSIDE_HTTP = ("api.cli", "api.migrations.env")
"""The command line's own errors are printed, never answered; Alembic alone may load its environment."""


def _every_module() -> None:
    for package in (ledger, trace, priceindex, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith((*OUTSIDE_HTTP, "api.migrations.versions", "api.__main__")):
                importlib.import_module(module.name)


def _leaves(kind: type[DaodiError] = DaodiError) -> set[type[DaodiError]]:
    below = [each for each in kind.__subclasses__() if not each.__module__.startswith(OUTSIDE_HTTP)]
    return {kind} if not below else set().union(*map(_leaves, below))


def _answerable() -> set[type[DaodiError]]:
    _every_module()
    packages = ("ledger", "trace", "priceindex", "api")
    return {leaf for leaf in _leaves() if leaf.__module__.startswith(packages)}


def test_every_error_has_a_status() -> None:
    assert {leaf.__qualname__ for leaf in _answerable() - set(STATUS)} == set()


def test_every_status_belongs_to_a_leaf_that_exists() -> None:
    assert {kind.__qualname__ for kind in set(STATUS) - _answerable()} == set()


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_error_speaks_both_languages_and_names_a_remedy() -> None:
    uneven = [
        kind.__qualname__
        for kind in STATUS
        if not (kind.zh and kind.en and kind.remedy_zh and kind.remedy_en)
    ]
    assert uneven == []


@pytest.mark.parametrize("kind", [kind for kind in STATUS if kind.__module__ == "api.errors"])
def test_the_services_own_errors_need_no_parts_a_message_lacks(kind: type[DaodiError]) -> None:
    parts = _names(kind.zh + kind.en + kind.remedy_zh + kind.remedy_en)
    error = kind(**{name: name.upper() for name in parts})
    for language in ("zh", "en"):
        assert error.message(language)
        assert error.remedy(language)
        assert problem_of(error, language).detail == error.message(language)


def test_a_problem_speaks_one_language_and_names_the_place() -> None:
    error = service.FieldWrong(
        reason_zh="缺少该字段", reason_en="this field is missing", at=Location(field="/grams")
    )
    zh, en = problem_of(error, "zh"), problem_of(error, "en")
    assert (zh.detail, en.detail) == ("缺少该字段", "this field is missing")
    assert zh.errors[0].pointer == en.errors[0].pointer == "/grams"
    assert zh.type == "/problems/field-wrong"


def test_many_faults_come_back_with_their_rows() -> None:
    faults = [
        service.FieldWrong(
            reason_zh="缺", reason_en="gone", at=Location(file="s.xlsx", row=row, field="数量")
        )
        for row in (2, 9)
    ]
    problem = problem_of(ManyFaults(faults), "zh")
    assert (problem.status, problem.count) == (422, 2)
    assert [(one.file, one.row, one.field) for one in problem.errors] == [
        ("s.xlsx", 2, "数量"),
        ("s.xlsx", 9, "数量"),
    ]


def test_too_many_requests_say_when_to_come_back() -> None:
    answer = problem_response(service.TooManyRequests(seconds=17), "en")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert json.loads(answer.body)["remedy"] == "try again in 17 seconds"


def test_an_unknown_caller_is_told_how_to_say_who_he_is() -> None:
    assert problem_response(service.TokenMissing(), "zh").headers["www-authenticate"].startswith("Bearer")


def test_an_unavailable_service_says_when_to_try_again() -> None:
    assert problem_response(service.DatabaseUnreachable(), "zh").headers["retry-after"] == "2"


def test_documented_problems_stand_under_their_status() -> None:
    listed = problems(service.TokenMissing, service.TokenRefused, service.ScopeMissing)
    assert list(listed) == [401, 403, 422]
    assert MEDIA_TYPE in listed[401]["content"]


class _Driver(Exception):
    sqlite_errorcode: int


@pytest.mark.parametrize(("code", "known"), [(5, True), (13, True), (10 | (4 << 8), True), (1, False)])
def test_a_busy_or_full_sqlite_is_unavailable_and_a_wrong_statement_a_fault(
    code: int, *, known: bool
) -> None:
    driver = _Driver()
    driver.sqlite_errorcode = code
    found = error_of(OperationalError("SELECT 1", {}, driver))
    assert isinstance(found, service.DatabaseUnreachable) is known
