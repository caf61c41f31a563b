"""Registering parties and places: a key, a signed statement and a row each, once.

What a scan page says about who and where is thereby in the ledger too; a place's detailed address
enters it only as a salted digest.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlmodel import Session

from ledger.canonical import JsonValue
from ledger.entry import Statement, sign_statement
from ledger.errors import Location
from ledger.keys import SigningKey
from ledger.private.private_vault import Vault
from ledger.registry import register_key
from ledger.writing.outbox import submit
from trace.divisions import division
from trace.errors import AlreadyRegistered, TraceError, UnknownParty
from trace.identifiers import check_gb2260, check_uscc
from trace.markets import market
from trace.parties import Party, PartyNew, party_of
from trace.places import Place, PlaceNew, place_of
from trace.private_values import conceal_all, digests_with_decoys, keep
from trace.profiles import Visibility
from trace.tables import PartyRow, PlaceRow


def register_party(session: Session, new: PartyNew, origin: str, key: SigningKey, at_ms: int) -> Party:
    """Register `new` and its signing key; the same particulars again change nothing.

    Raises `BadIdentifier` for a wrong USCC or division, `AlreadyRegistered` for other particulars.
    """
    with _about("uscc", new.uscc):
        check_uscc(new.uscc)
    with _about("division", new.division):
        check_division(new.division)
    asked = (new.name, " ".join(new.node_types), new.division)
    known = session.get(PartyRow, new.uscc)
    if known is not None:
        if (known.name, known.node_types, known.division) != asked:
            raise AlreadyRegistered(
                kind_zh="主体", kind_en="party", name=new.uscc, at=Location(field="uscc", value=new.uscc)
            )
        return party_of(known)
    register_key(session, key, origin, at_ms, holder=new.uscc)
    public: dict[str, JsonValue] = {
        "uscc": new.uscc,
        "name": new.name,
        "node_types": [each.value for each in new.node_types],
        "division": new.division,
    }
    row = PartyRow(
        uscc=new.uscc,
        name=new.name,
        node_types=asked[1],
        division=new.division,
        key_id=key.public.key_id,
        statement_id=_state(session, "party", new.uscc, public, (), origin, key, at_ms),
        registered_ms=at_ms,
    )
    session.add(row)
    session.flush()
    return party_of(row)


def register_place(
    session: Session, new: PlaceNew, origin: str, key: SigningKey, at_ms: int, vault: Vault
) -> Place:
    """Register `new`, signed by its party; the same particulars again change nothing.

    Raises `UnknownParty`, `UnknownMarket`, `BadIdentifier`, `AlreadyRegistered`.
    """
    with _about("division", new.division):
        check_division(new.division)
    with _about("market", new.market):
        slug = market(new.market).slug if new.market else None
    if session.get(PartyRow, new.party) is None:
        raise UnknownParty(uscc=new.party, at=Location(field="party", value=new.party))
    known = session.get(PlaceRow, new.place_id)
    if known is not None:
        if (known.name, known.party, known.division, known.market) != (
            new.name,
            new.party,
            new.division,
            slug,
        ):
            raise AlreadyRegistered(
                kind_zh="地点",
                kind_en="place",
                name=new.place_id,
                at=Location(field="place_id", value=new.place_id),
            )
        return place_of(known)
    hidden = conceal_all({"address": new.address} if new.address else {}, vault.randomness)
    digests = digests_with_decoys(hidden, vault.randomness)
    public: dict[str, JsonValue] = {
        "place": new.place_id,
        "name": new.name,
        "party": new.party,
        "division": new.division,
        "market": slug,
    }
    statement_id = _state(session, "place", new.place_id, public, digests, origin, key, at_ms)
    keep(session, vault, statement_id, statement_id, hidden, {"address": Visibility.REGULATOR}, at_ms)
    row = PlaceRow(
        place_id=new.place_id,
        name=new.name,
        party=new.party,
        division=new.division,
        market=slug,
        statement_id=statement_id,
        registered_ms=at_ms,
    )
    session.add(row)
    session.flush()
    return place_of(row)


@contextmanager
def _about(field: str, value: str | None) -> Iterator[None]:
    """Say of a fault raised inside which member of the request it is about."""
    try:
        yield
    except TraceError as fault:
        fault.at = replace(fault.at, field=field, value=value)
        raise


def check_division(code: str) -> None:
    """Raise `BadIdentifier` unless `code` has the shape of GB/T 2260 and lies in a known province."""
    check_gb2260(code)
    division(code)


def _state(
    session: Session,
    kind: str,
    name: str,
    public: Mapping[str, JsonValue],
    digests: Sequence[str],
    origin: str,
    key: SigningKey,
    at_ms: int,
) -> str:
    statement = Statement(
        id=f"{kind}/{name}",
        kind=f"{kind}.registered",
        subject=f"{kind}/{name}",
        at_ms=at_ms,
        public=public,
        digests=tuple(digests),
    )
    submit(session, sign_statement(statement, origin, key))
    return statement.id
