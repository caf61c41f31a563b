"""What a source's bodies leave unsaid, and how they are to be judged: the settings of a feed."""

import datetime
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, Self, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ledger.canonical import JsonValue, canonical
from ledger.errors import Location, Said
from ledger.keys import PublicKey
from priceindex.calendar import china_day
from priceindex.currency.rates import RATE_DAYS, Rates
from priceindex.feeds.contract import Reading
from priceindex.feeds.feed_errors import MalformedFeed
from priceindex.feeds.wording import unit_factor
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import Name, Tier


def _known_unit(unit: str) -> str:
    unit_factor(unit, Location())
    return unit


class FeedSettings(BaseModel):
    """The settings of a feed; all of them are optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    market: Name = Field(default="", description="Market of rows that name none.")
    grade: Name = Field(default="", description="Grade of rows that name none.")
    day: Literal["stated", "received"] = Field(
        default="stated", description="`received`: rows that state no day hold on the day the body came in."
    )
    tier: Literal["market", "web", "judgement"] | None = Field(
        default=None, description="Tier of rows that state none; the shape's own by default."
    )
    unit: Annotated[str, AfterValidator(_known_unit)] = Field(
        default="", max_length=20, description="Unit of prices that state none; 元/公斤 by default."
    )
    currency: str = Field(
        default="", pattern=r"^([A-Z]{3})?$", description="Currency of prices that state none."
    )
    rate_days: int = Field(default=RATE_DAYS, ge=0, le=31, description="How old an exchange rate may be.")
    changes: Literal["facts", "quotes"] = Field(
        default="facts", description="`quotes`: earlier prices implied by stated changes are taken in."
    )
    unsigned: Literal["refuse", "quarantine"] = Field(
        default="refuse", description="What becomes of a collectors' form without a good signature."
    )
    rows: Literal["checked", "any"] = Field(
        default="checked", description="`any`: no comparison of the number of rows with the last body's."
    )

    @classmethod
    def read(cls, given: str | Mapping[str, object]) -> Self:
        """Read settings out of JSON or members; raises `MalformedFeed`."""
        try:
            return cls.model_validate(json.loads(given) if isinstance(given, str) else given)
        except ValidationError as fault:
            wrong = "、".join(".".join(map(str, each["loc"])) for each in fault.errors())[:100] or "?"
        why = Said(zh=f"设置 {wrong} 无效", en=f"the setting {wrong} is not valid")
        raise MalformedFeed(at=Location(field=wrong), why=why)

    def text(self) -> str:
        """Return the settings that differ from the defaults, as canonical JSON.

        >>> FeedSettings(market="亳州").text()
        '{"market":"亳州"}'
        """
        told = self.model_dump(mode="json", exclude_defaults=True)
        return canonical(cast("JsonValue", told)).decode()

    def reading(
        self,
        source: str,
        received_ms: int,
        *,
        known: KnownNames | None = None,
        rates: Rates | None = None,
        keys: Callable[[str], PublicKey] | None = None,
    ) -> Reading:
        """Return what a shape is told beside a body that came in at `received_ms`."""
        day: datetime.date | None = china_day(received_ms) if self.day == "received" else None
        return Reading(
            source=source,
            known=known,
            day=day,
            market=self.market,
            grade=self.grade,
            tier=None if self.tier is None else Tier(self.tier),
            unit=self.unit,
            currency=self.currency,
            rates=rates,
            rate_days=self.rate_days,
            changes_are_quotes=self.changes == "quotes",
            keys=keys,
            unsigned=self.unsigned,
        )
