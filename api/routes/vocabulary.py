"""The vocabulary everything else is written in: herbs and markets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone
from api.languages import language_of
from api.problems import problems
from api.web.conditional import conditional_model
from trace.errors import UnknownHerb
from trace.herbs import Herb, all_herbs, herb
from trace.markets import Market, all_markets
from trace.standards.wild import protection
from trace.vocabulary import Word

router = APIRouter(prefix="/v1", tags=["vocabulary"])


class Named(BaseModel):
    """A closed word: its key, and how it is said in the answer's language."""

    key: str = Field(examples=["root"])
    name: str = Field(examples=["根及根茎类"])

    @classmethod
    def of(cls, word: Word, language: str) -> "Named":
        """Return `word` said in `language`."""
        return cls(key=word.value, name=word.zh if language == "zh" else word.en)


class HerbAnswer(BaseModel):
    """One herb 药材 with the facts gathered about it."""

    name: str = Field(examples=["白芍"])
    pinyin: str = Field(examples=["baishao"])
    latin: str = Field(examples=["Paeoniae Radix Alba"])
    latin_verified: bool = Field(description="Whether a second, independent list has the same Latin name.")
    part_class: Named
    part_used: str = Field(examples=["根"])
    kind: Named
    producing_areas: list[str] = Field(examples=[["安徽亳州"]])
    daodi_areas: list[str] = Field(description="Areas of true origin 道地 that a source names.")
    food_medicine_year: int | None = Field(
        description="Year it entered the list of food-medicine substances."
    )
    so2_limit_mg_per_kg: int | None = Field(description="Sulphur dioxide limit as a drug, mg/kg.")
    toxic_raw: bool = Field(description="One of the 28 toxic herbs in raw form (recalled).")
    protected_level: int | None = Field(description="Level of protection of its wild species (recalled).")

    @classmethod
    def of(cls, known: Herb, language: str) -> "HerbAnswer":
        """Return a herb in the answer's language."""
        return cls(
            name=known.name_zh,
            pinyin=known.pinyin,
            latin=known.latin,
            latin_verified=known.latin_verified,
            part_class=Named.of(known.part_class, language),
            part_used=known.part_used,
            kind=Named.of(known.kind, language),
            producing_areas=list(known.producing_areas),
            daodi_areas=list(known.daodi_areas),
            food_medicine_year=known.food_medicine_year,
            so2_limit_mg_per_kg=known.so2_limit_mg_per_kg,
            toxic_raw=known.toxic_raw,
            protected_level=found.level if (found := protection(known.name_zh)) else None,
        )


class HerbList(BaseModel):
    """Every herb, in the order of the twelve part classes."""

    herbs: list[HerbAnswer]


class MarketAnswer(BaseModel):
    """One national herb market 中药材专业市场."""

    slug: str = Field(examples=["bozhou"])
    name: str = Field(examples=["亳州"])
    full_name: str
    seat: str
    division: str = Field(description="GB/T 2260 code of its seat.", examples=["341602"])

    @classmethod
    def of(cls, known: Market, language: str) -> "MarketAnswer":
        """Return a market in the answer's language."""
        return cls(
            slug=known.slug,
            name=known.short_name if language == "zh" else known.english,
            full_name=known.full_name,
            seat=known.seat,
            division=known.gb2260,
        )


class MarketList(BaseModel):
    """The seventeen national herb markets."""

    markets: list[MarketAnswer]


@router.get("/herbs", summary="List the herbs", response_model=HerbList, responses=problems(UnknownHerb))
def list_herbs(
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
    name: Annotated[
        str | None,
        Query(max_length=40, description="Only the herb of this standard Chinese name.", examples=["白芍"]),
    ] = None,
) -> Response:
    """Return every herb the service knows, or the one named; `latin_verified` false means unchecked."""
    language = language_of(request)
    found = all_herbs() if name is None else (herb(name),)
    return conditional_model(request, HerbList(herbs=[HerbAnswer.of(each, language) for each in found]))


@router.get("/markets", summary="List the herb markets", response_model=MarketList, responses=problems())
def list_markets(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return the seventeen national herb markets."""
    language = language_of(request)
    return conditional_model(
        request, MarketList(markets=[MarketAnswer.of(each, language) for each in all_markets()])
    )
