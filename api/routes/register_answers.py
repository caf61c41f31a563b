"""What the registers answer: parties, places, licences, staff, standing, as anybody may see them."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.routes.vocabulary import Named
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from trace.divisions import division
from trace.parties import Party
from trace.registers.days import day_of
from trace.registers.holdings import Holdings
from trace.registers.licences import Licence
from trace.registers.outlines import Outline
from trace.registers.register_reading import PartyShown, PlaceShown
from trace.registers.staff import Staff
from trace.registers.standing import Standing


class Declared(BaseModel):
    """What was stated."""

    statement_id: str = Field(description="Its receipt stands at /v1/receipts/{statement_id}.")


class StandingAnswer(BaseModel):
    """A time in which a party or place may not work."""

    kind: Named
    reason: str
    by: str | None = Field(description="USCC of who said so; null for the operator.")
    valid_from: datetime
    valid_until: datetime | None
    statement_id: str

    @classmethod
    def of(cls, known: Standing, language: str) -> "StandingAnswer":
        """Return a standing in the answer's language."""
        return cls(
            kind=Named.of(known.kind, language),
            reason=known.reason,
            by=known.said_by,
            valid_from=local(known.valid_from_ms, 0),
            valid_until=moment_or_none(known.valid_until_ms),
            statement_id=known.statement_id,
        )


class LicenceAnswer(BaseModel):
    """A licence 证照."""

    kind: Named
    number: str
    issuer: str
    valid_from: str = Field(description="First day of its validity.")
    valid_until: str | None = Field(description="Last day; null without an end.")
    withdrawn: datetime | None
    holds: bool = Field(description="Whether it holds now.")
    document: str | None
    statement_id: str

    @classmethod
    def of(cls, known: Licence, language: str, now_ms: int) -> "LicenceAnswer":
        """Return a licence in the answer's language."""
        until = known.valid_until_ms
        return cls(
            kind=Named.of(known.kind, language),
            number=known.number,
            issuer=known.issuer,
            valid_from=day_of(known.valid_from_ms).isoformat(),
            valid_until=None if until is None else day_of(until - 1).isoformat(),
            withdrawn=moment_or_none(known.withdrawn_ms),
            holds=known.holds(now_ms),
            document=known.document,
            statement_id=known.statement_id,
        )


class DocumentOf(BaseModel):
    """A document about somebody, by its hash."""

    kind: Named
    document: str


class StaffAnswer(BaseModel):
    """Somebody in a role; the name is a private value of the statement."""

    staff: str
    role: Named
    valid_from: datetime
    valid_until: datetime | None
    documents: list[DocumentOf]
    statement_id: str

    @classmethod
    def of(cls, known: Staff, language: str) -> "StaffAnswer":
        """Return a person in a role in the answer's language."""
        return cls(
            staff=known.staff_id,
            role=Named.of(known.role, language),
            valid_from=local(known.valid_from_ms, 0),
            valid_until=moment_or_none(known.valid_until_ms),
            documents=[
                DocumentOf(kind=Named.of(kind, language), document=document)
                for kind, document in known.documents
            ],
            statement_id=known.statement_id,
        )


class Version(BaseModel):
    """What held from when to when."""

    name: str
    division: str
    node_types: list[str] | None = None
    party: str | None = None
    market: str | None = None
    valid_from: datetime
    valid_until: datetime | None
    statement_id: str


class PartyListed(BaseModel):
    """A party in a list."""

    uscc: str
    name: str
    node_types: list[Named]
    division: str
    division_name: str
    gln: str | None
    frozen: bool

    @classmethod
    def of(cls, known: Party, language: str) -> "PartyListed":
        """Return a party in the answer's language."""
        return cls(
            uscc=known.uscc,
            name=known.name,
            node_types=[Named.of(each, language) for each in known.node_types],
            division=known.division,
            division_name=_place_name(known.division, language),
            gln=known.gln,
            frozen=known.frozen,
        )


class PartyAnswer(PartyListed):
    """A party with all its registers."""

    registered: datetime
    standings: list[StandingAnswer]
    licences: list[LicenceAnswer]
    staff: list[StaffAnswer]
    versions: list[Version] = Field(description="Empty where nothing ever changed.")
    successor: str | None = Field(description="Whom its business went to.")
    places: list[str]

    @classmethod
    def shown(cls, known: PartyShown, language: str, now_ms: int) -> "PartyAnswer":
        """Return a party with its registers in the answer's language."""
        return cls(
            **dict(PartyListed.of(known.party, language)),
            registered=local(known.registered_ms, 0),
            standings=[StandingAnswer.of(each, language) for each in known.standings],
            licences=[LicenceAnswer.of(each, language, now_ms) for each in known.licences],
            staff=[StaffAnswer.of(each, language) for each in known.staff],
            versions=[
                Version(
                    name=each.name,
                    division=each.division,
                    node_types=each.node_types.split(),
                    valid_from=local(each.valid_from_ms, 0),
                    valid_until=moment_or_none(each.valid_until_ms),
                    statement_id=each.statement_id,
                )
                for each in known.versions
            ],
            successor=known.successor,
            places=list(known.places),
        )


class OutlineAnswer(BaseModel):
    """The area of a place; the outline itself only regulators see."""

    area_m2: int
    area_mu: str = Field(description="亩, computed from the outline.")
    declared_mu: str | None
    differs: bool = Field(description="Declared and computed area are more than 10 % apart.")
    statement_id: str

    @classmethod
    def of(cls, known: Outline) -> "OutlineAnswer":
        """Return what everybody may know of an outline."""
        return cls(
            area_m2=known.area_m2,
            area_mu=_mu(known.mu_100),
            declared_mu=None if known.declared_mu_100 is None else _mu(known.declared_mu_100),
            differs=known.differs,
            statement_id=known.statement_id,
        )


class PlaceAnswer(BaseModel):
    """A place with all its registers; never its address."""

    place: str
    name: str
    party: str
    division: str
    division_name: str
    market: str | None
    gln: str | None
    registered: datetime
    outline: OutlineAnswer | None
    standings: list[StandingAnswer]
    versions: list[Version]

    @classmethod
    def shown(cls, known: PlaceShown, language: str) -> "PlaceAnswer":
        """Return a place with its registers in the answer's language."""
        where = known.place
        return cls(
            place=where.place_id,
            name=where.name,
            party=where.party,
            division=where.division,
            division_name=_place_name(where.division, language),
            market=where.market,
            gln=where.gln,
            registered=local(known.registered_ms, 0),
            outline=None if known.outline is None else OutlineAnswer.of(known.outline),
            standings=[StandingAnswer.of(each, language) for each in known.standings],
            versions=[
                Version(
                    name=each.name,
                    division=each.division,
                    party=each.party,
                    market=each.market,
                    valid_from=local(each.valid_from_ms, 0),
                    valid_until=moment_or_none(each.valid_until_ms),
                    statement_id=each.statement_id,
                )
                for each in known.versions
            ],
        )


class HeldLot(BaseModel):
    """A lot with something left of it."""

    lot: str
    herb: str
    grams: int
    in_transit: bool


class HoldingsAnswer(BaseModel):
    """What a party still has."""

    lots: list[HeldLot]
    places: list[str]
    awaited: list[str] = Field(description="Lots shipped to it and not received.")

    @classmethod
    def of(cls, known: Holdings) -> "HoldingsAnswer":
        """Return what is left."""
        return cls(
            lots=[
                HeldLot(lot=each.lot, herb=each.herb, grams=each.grams, in_transit=each.in_transit)
                for each in known.lots
            ],
            places=list(known.places),
            awaited=list(known.awaited),
        )


class ClosedAnswer(Declared):
    """What was stated, and what the closed party still has."""

    holdings: HoldingsAnswer | None = None


def _mu(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _place_name(code: str, language: str) -> str:
    tongue: Language = "en" if language == "en" else "zh"
    return division(code).words(tongue)
