"""The desk where people decide about quotes: release or reject, with a reason, as a further revision.

Who handed a quote in may not let it into the index (IOSCO PRA principles on submissions: judgement and
submission apart). Each decision is stated in the log by digests: what was decided cannot be denied later.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from ledger.canonical import JsonValue, canonical
from ledger.entry import Statement, sign_statement
from ledger.keys import SigningKey
from ledger.writing.outbox import submit
from priceindex import book
from priceindex.calendar import day_number
from priceindex.errors import UnknownQuote
from priceindex.intake.desk_errors import NothingToDecide, OwnQuote, ReasonTooShort, TooManyToDecide
from priceindex.quotes import DOMESTIC, Cell, Status, StoredQuote, Tier
from priceindex.releases.persons import plain_name

STATEMENT_KIND: Final = "quote.decided"
LEAST_REASON: Final = 5
"""Characters a reason needs."""
MOST: Final = 1_000
"""Quotes one decision may cover."""


class Verdict(StrEnum):
    """What a person decides about a quote."""

    RELEASE = "release"
    REJECT = "reject"

    @property
    def status(self) -> Status:
        """What the quote becomes."""
        return Status.ACCEPTED if self is Verdict.RELEASE else Status.REJECTED

    def changes(self, status: Status) -> bool:
        """Whether it makes a difference to a quote of this status.

        >>> Verdict.RELEASE.changes(Status.FLAGGED), Verdict.REJECT.changes(Status.FLAGGED)
        (False, True)
        """
        return not status.usable if self is Verdict.RELEASE else status is not Status.REJECTED


@dataclass(frozen=True, slots=True)
class QuoteKey:
    """Names one quote: its cell, its day and who told it."""

    cell: Cell
    day: datetime.date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that was written."""

    verdict: Verdict
    quotes: int
    rules: tuple[tuple[str, int], ...]
    """Rules the quotes had met, with how many, the commonest first."""
    statement_id: str


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two submitters or deciders are one: the same token, or the same name however it is written.

    Each is `<token prefix> <name>`, either part of which may be missing.

    >>> same_person("1a2b3c4d Wang", "5e6f7a8b ＷＡＮＧ"), same_person("1a2b3c4d Wang", "5e6f7a8b Li")
    (True, False)
    >>> same_person("Li Wei", "5e6f7a8b Li Wei")
    True
    """
    if not one or not other:
        return False
    token, second_token = one.partition(" ")[0], other.partition(" ")[0]
    return (token == second_token and bool(token)) or bool(_names(one) & _names(other))


def _names(person: str) -> set[str]:
    """What a person may be called: without the token, or all of it where a form names no token."""
    return {plain_name(person), plain_name(person.partition(" ")[2])} - {""}


def decide(
    session: Session,
    chosen: Sequence[QuoteKey],
    verdict: Verdict,
    *,
    reason: str,
    decided_by: str,
    origin: str,
    key: SigningKey,
    recorded_ms: int,
) -> Decided:
    """Decide about quotes, all of them or none, and state it in the log named `origin` under `key`.

    Raises `ReasonTooShort`, `TooManyToDecide`, `UnknownQuote`, `NothingToDecide` when one of them is in a
    state the verdict does not change, `OwnQuote` when whoever handed one in would release it.
    """
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(least=LEAST_REASON)
    if len(chosen) > MOST:
        raise TooManyToDecide(limit=MOST)
    told = [_revisions(session, each) for each in dict.fromkeys(chosen)]
    before = [revisions[-1] for revisions in told]
    if not before or not all(verdict.changes(quote.status) for quote in before):
        raise NothingToDecide
    if verdict is Verdict.RELEASE:
        own = sum(_handed_in_by(decided_by, revisions) for revisions in told)
        if own:
            raise OwnQuote(quotes=own)
    ids = book.cell_ids(session, [quote.cell for quote in before])
    rows = [
        _row(quote, ids[quote.cell], verdict, reason.strip(), decided_by, recorded_ms) for quote in before
    ]
    book.append(session, rows)
    statement = statement_of(before, verdict, reason.strip(), decided_by, recorded_ms)
    submit(session, sign_statement(statement, origin, key))
    rules = Counter(rule for quote in before for rule in quote.rules)
    return Decided(
        verdict=verdict,
        quotes=len(before),
        rules=tuple(rules.most_common()),
        statement_id=statement.id,
    )


def _revisions(session: Session, named: QuoteKey) -> list[StoredQuote]:
    revisions = book.history(session, named.cell, named.day, named.source)
    if not revisions:
        raise UnknownQuote(cell=" ".join(named.cell), day=named.day, source=named.source)
    return revisions


def _handed_in_by(decided_by: str, revisions: Sequence[StoredQuote]) -> bool:
    """Whether the decider handed in, or collected, any revision of a quote."""
    return any(
        same_person(each.submitter, decided_by) or same_person(each.collector, decided_by)
        for each in revisions
    )


def _row(
    quote: StoredQuote, cell_id: int, verdict: Verdict, reason: str, decided_by: str, recorded_ms: int
) -> dict[str, object]:
    return {
        "cell_id": cell_id,
        "day": day_number(quote.day),
        "source": quote.source,
        "revision": quote.revision + 1,
        "fen_per_kg": quote.fen_per_kg,
        "low_fen_per_kg": quote.low_fen_per_kg,
        "high_fen_per_kg": quote.high_fen_per_kg,
        "tier": quote.tier.value,
        "status": verdict.status.value,
        "rules": " ".join(quote.rules),
        "reason": reason,
        "recorded_ms": recorded_ms,
        "archive_sha256": quote.archive_sha256,
        "deals": None if quote.deals == 1 else quote.deals,
        "currency": None if quote.currency == DOMESTIC else quote.currency,
        "amount": quote.amount,
        "rate": quote.rate,
        "rate_day": None if quote.rate_day is None else day_number(quote.rate_day),
        "collection_point": quote.collection_point,
        "collector": quote.collector,
        "trend": quote.trend,
        "submitter": quote.submitter,
        "decided_by": decided_by,
    }


def statement_of(
    quotes: Sequence[StoredQuote], verdict: Verdict, reason: str, decided_by: str, at_ms: int
) -> Statement:
    """What the log keeps of a decision: its digest, and of how many quotes of which source; no price.

    The digest is SHA-256 of the canonical JSON of every quote decided, the reason and who decided. The
    price of a trade is left out of it: guessed prices could otherwise be tried against the digest.
    """
    lines: list[JsonValue] = [
        [*quote.cell, quote.day.isoformat(), quote.source, quote.revision, _public_fen(quote)]
        for quote in sorted(quotes, key=lambda each: (each.cell, each.day, each.source))
    ]
    told: JsonValue = {"quotes": lines, "verdict": verdict.value, "reason": reason, "by": decided_by}
    digest = hashlib.sha256(canonical(told)).hexdigest()
    sources = Counter(quote.source for quote in quotes)
    return Statement(
        id=f"{STATEMENT_KIND}/{digest[:32]}",
        kind=STATEMENT_KIND,
        subject="quotes",
        at_ms=at_ms,
        public={
            "verdict": verdict.value,
            "quotes": len(quotes),
            "sources": [[source, count] for source, count in sorted(sources.items())],
            "decision_sha256": digest,
        },
    )


def _public_fen(quote: StoredQuote) -> int | None:
    return None if quote.tier is Tier.TRADE else quote.fen_per_kg
