"""The stages 环节: what each must say, as JSON, as JSON Schema, as a spreadsheet and as a form to read."""

from typing import Final

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.callers import Anyone
from api.languages import language_of
from api.problems import problems
from api.routes.pages import PAGE
from api.routes.vocabulary import Named
from api.web.conditional import conditional, conditional_model
from api.web.site import page
from ledger.errors import Language
from trace.profiles import Field as ProfileField
from trace.profiles import profile
from trace.stage_schema import step_schema
from trace.stage_words import kind_of_value, seen_by, unit_of
from trace.vocabulary import ORIGIN_STAGES, Stage
from trace.workbook import template_xlsx

router = APIRouter()

SCHEMA_TYPE: Final = "application/schema+json"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FieldAnswer(BaseModel):
    """One field of a stage."""

    name: str = Field(examples=["method"])
    label: str = Field(examples=["粗加工方法"])
    meaning: str
    kind: str = Field(description="Kind of value, as docs/stages.md names them.", examples=["text"])
    value: str = Field(description="The kind of value in words, with its choices.")
    unit: str = Field(description="Empty where there is none.")
    required: bool
    visibility: str = Field(description="public, partner or regulator.", examples=["public"])
    seen_by: str
    choices: list[Named]
    source: str = Field(description="Which published list asks for it.")

    @classmethod
    def of(cls, known: ProfileField, language: Language) -> "FieldAnswer":
        """Return a field in the answer's language."""
        return cls(
            name=known.name,
            label=known.label(language),
            meaning=known.meaning(language),
            kind=known.kind.value,
            value=kind_of_value(known, language),
            unit=unit_of(known, language),
            required=known.required,
            visibility=known.visibility.value,
            seen_by=seen_by(known, language),
            choices=[
                Named(key=each.key, name=each.zh if language == "zh" else each.en) for each in known.choices
            ],
            source=known.source,
        )


class StageAnswer(BaseModel):
    """One stage with everything a step of it may say."""

    stage: Named
    origin: bool = Field(description="Whether a lot can come into the world by it.")
    lots: str = Field(description="Which lots it takes and makes, in words.")
    fields: list[FieldAnswer]

    @classmethod
    def of(cls, stage: Stage, language: Language) -> "StageAnswer":
        """Return a stage in the answer's language."""
        known = profile(stage)
        return cls(
            stage=Named.of(stage, language),
            origin=stage in ORIGIN_STAGES,
            lots=known.flow.wanted_zh if language == "zh" else known.flow.wanted_en,
            fields=[FieldAnswer.of(each, language) for each in known.fields],
        )


class StageList(BaseModel):
    """Every stage, in the order they usually come."""

    stages: list[StageAnswer]


@router.get(
    "/v1/stages", tags=["vocabulary"], summary="List the stages", response_model=StageList,
    responses=problems(),
)  # fmt: skip
def list_stages(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return every stage with its lots and fields: what forms, templates and schemas are made from."""
    language = language_of(request)
    return conditional_model(request, StageList(stages=[StageAnswer.of(each, language) for each in Stage]))


@router.get(
    "/v1/stages/{stage}/schema",
    tags=["vocabulary"],
    summary="JSON Schema of a stage",
    response_class=JSONResponse,
    responses={
        **problems(),
        200: {"description": "JSON Schema, draft 2020-12.", "content": {SCHEMA_TYPE: {}}},
    },
)
def stage_schema(stage: Stage, request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return the JSON Schema of what `POST /v1/steps` takes for this stage."""
    return conditional(request, orjson.dumps(step_schema(stage, language_of(request))), SCHEMA_TYPE)


@router.get(
    "/v1/stages/{stage}/template",
    tags=["vocabulary"],
    summary="Spreadsheet template of a stage",
    response_class=Response,
    responses={
        **problems(),
        200: {"description": "A blank workbook with notes.", "content": {XLSX_TYPE: {}}},
    },
)
def stage_template(stage: Stage, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return a blank workbook with the columns of this stage, to fill in and send to `/v1/imports`."""
    named = {"Content-Disposition": f'attachment; filename="daodi-{stage.value}.xlsx"'}
    return Response(template_xlsx((stage,)), media_type=XLSX_TYPE, headers=named)


@router.api_route("/stages", methods=PAGE, include_in_schema=False)
def stages_page(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Show every stage."""
    language = language_of(request)
    return page(request, "stages.html", parts={"stages": [StageAnswer.of(each, language) for each in Stage]})


@router.api_route("/stages/{name}", methods=PAGE, include_in_schema=False)
def stage_page(name: str, request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Show the form of one stage: its lots, and its fields with what belongs in them."""
    stage = next((each for each in Stage if each.value == name), None)
    if stage is None:
        return page(request, "not_found.html", status=404)
    return page(request, "stage.html", wide=True, parts={"told": StageAnswer.of(stage, language_of(request))})
