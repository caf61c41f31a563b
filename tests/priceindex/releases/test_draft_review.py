"""The second person sees what they approve: the values computed again, beside the public ones."""

import pytest
from sqlmodel import select

from priceindex.releases.draft_review import review_of
from priceindex.releases.release_errors import DraftDiffers, UnknownDraft
from priceindex.releases.release_tables import DraftRow
from tests.priceindex.releases.issuing import computed, made_official, make
from tests.priceindex.releases.test_drafts import new_day
from tests.priceindex.small_market import SmallMarket


def test_what_is_reviewed_is_what_is_approved(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    run = computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms))
    made = make(sqlite_market, run, at_ms)
    with sqlite_market.read() as session:
        found = review_of(session, made.release_id, at_ms + 1)
    assert found.values_sha256 == made.values_sha256
    composite = found.nodes[0]
    assert composite.value == format(run.series("composite", "all").last.value or 0, "f")
    assert composite.published is not None
    parts = [node.contribution for node in found.nodes if node.level == "class"]
    assert sum(float(part or 0) for part in parts) == pytest.approx(float(found.change_points), abs=1e-9)
    assert not [check for check in found.checks if check.stops]


def test_a_draft_whose_inputs_were_exchanged_cannot_be_looked_at(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    with sqlite_market.write() as session:
        row = session.exec(select(DraftRow).where(DraftRow.release_id == made.release_id)).one()
        row.values_sha256 = "0" * 64
        session.add(row)
    with sqlite_market.read() as session, pytest.raises(DraftDiffers):
        review_of(session, made.release_id, at_ms)
    with sqlite_market.read() as session, pytest.raises(UnknownDraft):
        review_of(session, "bozhou-1999-01-01", at_ms)
