"""Declarations are public, signed, dated, and end with a reason."""

import pytest
from pydantic import ValidationError
from sqlmodel import select

from ledger.tables import PendingRow
from priceindex.governance import declarations as declaring
from priceindex.governance.declarations import DeclarationKind, DeclarationNew, in_force
from priceindex.governance.governance_errors import DeclarationEnded, DeclarationWrong, UnknownDeclaration
from priceindex.governance.stating import Operator
from tests.priceindex.small_market import KEY, NOW_MS, ORIGIN, SmallMarket, day

OPERATOR = Operator(ORIGIN, KEY)
WORDS = "运营主体不参与中药材交易，与市场各方无利益关系"


def new(kind: str = "independence", **parts: object) -> DeclarationNew:
    told = {"kind": kind, "words": WORDS, "valid_from": "2026-01-01", "valid_until": "2026-12-31", **parts}
    return DeclarationNew.model_validate(told)


def declare(market: SmallMarket, told: DeclarationNew, number: int = 1) -> str:
    with market.write() as session:
        return declaring.declare(session, OPERATOR, told, NOW_MS, bytes([number] * 16)).declaration_id


def test_a_declaration_holds_between_its_days_and_no_longer(market: SmallMarket) -> None:
    declare(market, new())
    with market.read() as session:
        held = [
            bool(in_force(session, DeclarationKind.INDEPENDENCE, day(on), "bozhou"))
            for on in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
        ]
    assert held == [False, True, True, False]


def test_an_ended_declaration_holds_no_more_and_stays_readable(market: SmallMarket) -> None:
    named = declare(market, new())
    with market.write() as session:
        declaring.end_declaration(session, OPERATOR, named, "主体变更", NOW_MS + 1)
    with market.read() as session:
        assert in_force(session, DeclarationKind.INDEPENDENCE, day("2026-06-01")) == []
        kept = declaring.declarations(session)[0]
    assert (kept.words, kept.end_reason) == (WORDS, "主体变更")
    with market.write() as session, pytest.raises(DeclarationEnded):
        declaring.end_declaration(session, OPERATOR, named, "再次", NOW_MS + 2)


def test_what_one_family_declares_does_not_cover_another(market: SmallMarket) -> None:
    declare(market, new("coverage", subject="bozhou", share_bp=7500))
    with market.read() as session:
        assert in_force(session, DeclarationKind.COVERAGE, day("2026-06-01"), "bozhou") != []
        assert in_force(session, DeclarationKind.COVERAGE, day("2026-06-01"), "herbs") == []


@pytest.mark.parametrize(
    "told",
    [
        new("coverage", subject="bozhou"),
        new("independence", share_bp=1),
        new("submitter"),
        new("review", valid_until="2027-06-01"),
    ],
)
def test_a_declaration_that_lacks_what_its_kind_needs_is_refused(
    market: SmallMarket, told: DeclarationNew
) -> None:
    with market.write() as session, pytest.raises(DeclarationWrong):
        declaring.declare(session, OPERATOR, told, NOW_MS, bytes(16))


def test_days_out_of_order_and_unseen_characters_are_refused_at_the_edge() -> None:
    with pytest.raises(ValidationError):
        new(valid_until="2025-12-31")
    with pytest.raises(ValidationError):
        new(words=WORDS + "\u200b")


def test_a_declaration_nobody_made_cannot_end(market: SmallMarket) -> None:
    with market.write() as session, pytest.raises(UnknownDeclaration):
        declaring.end_declaration(session, OPERATOR, "declaration-" + "0" * 32, "没有", NOW_MS)


def test_the_log_gets_what_the_public_reads(market: SmallMarket) -> None:
    declare(market, new("submitter", subject="kmzyw"))
    with market.read() as session:
        kinds = [row.statement_id for row in session.exec(select(PendingRow))]
    assert any(named.startswith("index.declared:declaration-") for named in kinds)
