"""Index families 指数系列: the published method, parameter by parameter."""

from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone
from api.languages import language_of
from api.problems import problems
from api.web.conditional import conditional_model
from ledger.errors import Language
from priceindex.families import Family, all_families

router = APIRouter(prefix="/v1", tags=["prices"])


class FamilyAnswer(BaseModel):
    """One version of one family: every parameter that changes a number."""

    family: str = Field(examples=["bozhou"])
    version: int
    method: str = Field(description="Family and version.", examples=["bozhou@1"])
    method_sha256: str = Field(description="Digest of the family's text; every release names it.")
    effective: date
    name: str
    scope: str
    kind: str = Field(description="composite, or what it is about: herb, market, origin, theme.")
    level: int = Field(description="Index points of the base period.")
    base_first: date | None = Field(description="Null: the base is the month of the first quote.")
    base_last: date | None
    herbs: list[str] = Field(description="Empty: every herb quoted.")
    markets: list[str] = Field(description="Empty: every market quoted.")
    origins: list[str] = Field(description="Empty: every origin.")
    theme: str = Field(description="Only herbs of this theme; empty for all.")
    tiers: list[str]
    selection: str = Field(
        description="Which herbs of the basket are in: all, or those that make up a share."
    )
    selection_share: str
    elementary: str
    aggregation_order: int
    weights: str
    weight_unit: str
    weight_reference: str = Field(description="as_given, or price_updated: moved to the prices of the link.")
    weights_renewed: str
    herb_cap: str
    class_cap: str
    price_update: bool
    leaves_after_months: int = Field(description="Months without a quote until a grade leaves; 0: never.")
    frequencies: list[str]
    cuts: list[str] = Field(description="Second cuts over the same cells.")
    carry_days: int
    imputation: str
    imputed_links: int
    outlier_rule: str
    outlier_effect: str
    minimum: dict[str, int] = Field(description="The least a composite value rests on, or it is withheld.")
    suppress_imputed_over: str
    digits_shown: int
    digits_kept: int
    text: str = Field(description="The family's text as it is hashed (TOML).")

    @classmethod
    def of(cls, family: Family, language: Language) -> "FamilyAnswer":
        """Return a family in the answer's language."""
        return cls(
            family=family.id,
            version=family.version,
            method=family.method_id,
            method_sha256=family.method_sha256,
            effective=family.effective,
            name=family.words(language),
            scope=family.scope_zh if language == "zh" else family.scope_en,
            kind=family.kind,
            level=family.level,
            base_first=family.base.first,
            base_last=family.base.last,
            herbs=list(family.basket.herbs),
            markets=list(family.basket.markets),
            origins=list(family.basket.origins),
            theme=family.basket.theme,
            tiers=list(family.basket.tiers),
            selection=family.selection.rule,
            selection_share=family.selection.share,
            elementary=family.elementary,
            aggregation_order=family.aggregation_order,
            weights=family.weights.rule,
            weight_unit=family.weights.unit,
            weight_reference=family.weights.reference,
            weights_renewed=family.weights.renewed,
            herb_cap=family.weights.herb_cap,
            class_cap=family.weights.class_cap,
            price_update=family.chain.price_update,
            leaves_after_months=family.chain.leaves_after_months,
            frequencies=list(family.values.frequencies),
            cuts=list(family.cuts),
            carry_days=family.missing.carry_days,
            imputation=family.missing.imputation,
            imputed_links=family.missing.imputed_links,
            outlier_rule=family.outliers.rule,
            outlier_effect=family.outliers.effect,
            minimum=family.minimum.model_dump(),
            suppress_imputed_over=family.missing.suppress_imputed_over,
            digits_shown=family.digits.shown,
            digits_kept=family.digits.kept,
            text=family.text.decode(),
        )


class FamilyList(BaseModel):
    """Every family version."""

    families: list[FamilyAnswer]


@router.get("/families", summary="List the index families", response_model=FamilyList, responses=problems())
def list_families(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return every version of every family with all its parameters: the method, in full."""
    language = language_of(request)
    return conditional_model(
        request, FamilyList(families=[FamilyAnswer.of(each, language) for each in all_families()])
    )
