"""Small forms of the workbench: boxes from words, what was typed read into a model, faults beside them."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from api.faults_of import error_of
from api.web.step_faults import Wrong, wrong
from api.web.step_form import Box, Filled
from ledger.errors import DaodiError, Language
from trace.read_rows import each_of

Model = TypeVar("Model", bound=BaseModel)

_LONGEST = 2_000


def ask(
    name: str,
    label: str,
    filled: Filled,
    *,
    hint: str = "",
    required: bool = True,
    kind: str = "text",
    options: Sequence[tuple[str, str]] = (),
    suggest: str = "",
) -> Box:
    """Return one box of a small form with what was typed and what is wrong with it.

    `suggest` is the id of a list of suggestions on the page.
    """
    return Box(
        name=name,
        label=label,
        hint=hint,
        required=required,
        type=kind,
        options=tuple(options),
        typed=filled.typed.get(name, ""),
        list=suggest,
        wrongs=filled.of(name),
    )


def typed_in(form: FormData, names: Sequence[str]) -> dict[str, str]:
    """Return what was typed into the boxes `names`; empty ones are left out."""
    values = {name: form.get(name) for name in names}
    return {
        name: text.strip()[:_LONGEST]
        for name, text in values.items()
        if isinstance(text, str) and text.strip()
    }


def read_model(model: type[Model], members: Mapping[str, object]) -> Model:
    """Return the model that was typed in; raises its faults as our own, `FieldWrong` or `ManyFaults`."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        found = error.errors(include_url=False)
        told = error_of(RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]))
        raise told or error from None


def small_wrongs(fault: DaodiError, names: Sequence[str], language: Language) -> list[Wrong]:
    """Return the faults of a small form in words, each named by its box where it has one."""
    found = []
    for each in each_of(fault):
        said = (each.at.field or "").strip("/").partition("/")[0]
        name = said if said in names else ""
        found.append(wrong(each, name, language))
    return found
