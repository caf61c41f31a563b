"""Each check of the compliance table is broken until what it asks for is there."""

import datetime

import pytest

from priceindex import service
from priceindex.engine.index_run import IndexRun
from priceindex.families import Family, family
from priceindex.governance import declarations as declaring
from priceindex.governance.checks.judged import Judged
from priceindex.governance.compliance import CHECKS, compliance
from priceindex.governance.declarations import DeclarationNew
from priceindex.governance.governance_errors import ChecksFailed
from priceindex.governance.index_complaints import DUE_DAYS, IndexComplaintNew, file_index_complaint
from priceindex.governance.release_checks import judge_release, require_release
from priceindex.governance.stating import Operator
from priceindex.intake.taking_in import take_in
from priceindex.releases.release import ReleaseStatus
from tests.priceindex.small_market import CLASS_OF, KEY, KNOWN, NOW_MS, ORIGIN, SmallMarket, daily, day

OPERATOR = Operator(ORIGIN, KEY)
DAY_MS = 86_400_000
LAST = day("2025-12-31")


def computed(market: SmallMarket) -> IndexRun:
    with market.write() as session:
        told = daily([4000, 4100, 4200], "2025-12-29") + daily([900, 900, 910], "2025-12-29", "川芎")
        take_in(session, told, "fair", NOW_MS, known=KNOWN)
    with market.read() as session:
        return service.compute(session, bozhou(), CLASS_OF, LAST, NOW_MS)


def bozhou() -> Family:
    return family("bozhou", LAST)


def passes(market: SmallMarket, check: str, at_ms: int = NOW_MS, run: IndexRun | None = None) -> bool:
    with market.read() as session:
        return CHECKS[check](session, Judged(family=bozhou(), at_ms=at_ms, run=run)).passed


def declare(market: SmallMarket, kind: str, **parts: object) -> str:
    told = {
        "kind": kind,
        "words": "运营主体公开声明如下，详见所附文件",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        **parts,
    }
    with market.write() as session:
        new = DeclarationNew.model_validate(told)
        chance = bytes([len(declaring.declarations(session))] * 16)
        return declaring.declare(session, OPERATOR, new, NOW_MS, chance).declaration_id


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("independence_declared", "independence"),
        ("review_declared", "review"),
        ("audit_declared", "audit"),
    ],
)
def test_a_declaration_in_force_is_what_the_check_asks_for(
    sqlite_market: SmallMarket, check: str, kind: str
) -> None:
    assert not passes(sqlite_market, check)
    declare(sqlite_market, kind)
    assert passes(sqlite_market, check)
    assert not passes(sqlite_market, check, NOW_MS + 400 * DAY_MS)


def test_an_open_conflict_of_interest_breaks_the_rule_until_it_ends(sqlite_market: SmallMarket) -> None:
    assert passes(sqlite_market, "no_open_conflict")
    named = declare(sqlite_market, "conflict")
    assert not passes(sqlite_market, "no_open_conflict")
    with sqlite_market.write() as session:
        declaring.end_declaration(session, OPERATOR, named, "已退出交易", NOW_MS)
    assert passes(sqlite_market, "no_open_conflict")


def test_the_name_of_a_market_needs_a_proof_of_coverage(sqlite_market: SmallMarket) -> None:
    assert not passes(sqlite_market, "name_within_coverage")
    declare(sqlite_market, "coverage", subject="bozhou", share_bp=7600)
    assert passes(sqlite_market, "name_within_coverage")


def test_every_source_that_enters_must_be_registered(sqlite_market: SmallMarket) -> None:
    run = computed(sqlite_market)
    assert not passes(sqlite_market, "submitters_registered", run=run)
    declare(sqlite_market, "submitter", subject="fair")
    assert passes(sqlite_market, "submitters_registered", run=run)


def test_a_computation_that_rests_on_quotes_says_so(sqlite_market: SmallMarket) -> None:
    run = computed(sqlite_market)
    assert passes(sqlite_market, "disclosure_complete", run=run)
    assert passes(sqlite_market, "enough_inputs", run=run)


def test_a_complaint_that_waits_too_long_breaks_the_rule(sqlite_market: SmallMarket) -> None:
    told = {"category": "value", "subject": "bozhou", "words": "昨日总指数与各类指数不相符"}
    with sqlite_market.write() as session:
        new = IndexComplaintNew.model_validate(told)
        file_index_complaint(session, OPERATOR, new, NOW_MS, bytes(16))
    assert passes(sqlite_market, "complaints_answered", NOW_MS + DUE_DAYS * DAY_MS)
    assert not passes(sqlite_market, "complaints_answered", NOW_MS + (DUE_DAYS + 1) * DAY_MS)


def test_a_year_published_and_not_assessed_is_overdue_after_the_first_quarter(
    sqlite_market: SmallMarket,
) -> None:
    run = computed(sqlite_market)
    with sqlite_market.write() as session:
        service.publish(session, run, ORIGIN, KEY, moment(2025, 12, 31))
    assert passes(sqlite_market, "assessed_in_time", moment(2026, 3, 31))
    assert not passes(sqlite_market, "assessed_in_time", moment(2026, 4, 1))


def test_an_official_release_is_stopped_and_told_everything_that_is_missing(
    sqlite_market: SmallMarket,
) -> None:
    run = computed(sqlite_market)
    with sqlite_market.read() as session, pytest.raises(ChecksFailed) as caught:
        require_release(session, run, ReleaseStatus.OFFICIAL, NOW_MS)
    told = str(caught.value.en).format(**caught.value.parts)
    for word in ("independence", "compliance review", "trial", "proof of coverage", "rules of submission"):
        assert word in told


def test_a_trial_release_needs_less(sqlite_market: SmallMarket) -> None:
    run = computed(sqlite_market)
    with sqlite_market.read() as session:
        assert require_release(session, run, ReleaseStatus.TRIAL, NOW_MS)


def test_each_check_is_judged_once_for_a_release(sqlite_market: SmallMarket) -> None:
    run = computed(sqlite_market)
    with sqlite_market.read() as session:
        codes = [each.code for each in judge_release(session, run, "official", NOW_MS)]
        lines = compliance(session, bozhou(), NOW_MS)
    assert sorted(codes) == sorted(CHECKS)
    unjudged = {line.requirement.check for line in lines if line.outcome is None}
    assert unjudged == {"", "enough_inputs", "disclosure_complete", "submitters_registered"}


def moment(year: int, month: int, on: int) -> int:
    """Noon in China of a day, epoch milliseconds."""
    utc = datetime.datetime(year, month, on, 4, tzinfo=datetime.UTC)
    return int(utc.timestamp() * 1000)
