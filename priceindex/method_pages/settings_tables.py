"""The tables of the families' texts: what may be said, and what each family says."""

import tomllib
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from priceindex.families import Family, all_families
from priceindex.family_text import FamilyText
from priceindex.method_pages.markdown import code, table
from priceindex.method_pages.meanings import meanings

_WORDS: Final = ("zh", "en", "scope_zh", "scope_en", "id", "version")
"""Parts of a text that name a family; a table of their own shows them."""
_IMPLIED: Final = "°"
"""Marks a value the text does not state: the default of the parameter."""


def family_table() -> str:
    """Every family version with its names and its scope."""
    rows = [
        [code(each.method_id), f"{each.zh}<br>{each.en}", f"{each.scope_zh}<br>{each.scope_en}"]
        for each in all_families()
    ]
    return table(["family version", "name", "scope"], rows)


def parameter_table() -> str:
    """Every parameter a text may state: its values, its default, its meaning."""
    rows = [[code(each.path), each.values, each.default, each.meaning] for each in parameters()]
    return table(["parameter", "values", "default", "meaning, where the name does not say it"], rows)


def shared_table() -> str:
    """The parameters in which all families agree."""
    rows = [[code(path), *_plain(said)] for path, said in _said().items() if len(_plain(said)) == 1]
    return table(["parameter", "all family versions"], rows)


def setting_table() -> str:
    """The parameters in which families differ: parameter by family version."""
    rows = [[code(path), *said] for path, said in _said().items() if len(_plain(said)) > 1]
    return table(["parameter", *(code(each.method_id) for each in all_families())], rows)


class Parameter(typing.NamedTuple):
    """One parameter of a family's text."""

    path: str
    values: str
    default: str
    meaning: str


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every parameter of the schema, in its order."""
    return tuple(_parameters(FamilyText, "", None))


def _parameters(of: type[BaseModel], above: str, implied: BaseModel | None) -> Iterator[Parameter]:
    """The parameters of a section; `implied` is what holds where a text does not have the section."""
    told = meanings(of)
    for name, field in of.model_fields.items():
        if name in _WORDS:
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _parameters(kind, f"{name}.", None if field.is_required() else field.default)
            continue
        default = field.default if implied is None else getattr(implied, name)
        said = "must be stated" if field.is_required() else _shown(default, above + name)
        bounds = ", ".join(_bound(each) for each in field.metadata)
        values = "; ".join(filter(None, (_kind(kind), bounds)))
        yield Parameter(above + name, values, said, told.get(name, ""))


def _kind(kind: Any) -> str:  # noqa: ANN401  any annotation of the schema
    """What a parameter's value may be."""
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(code(str(each)) for each in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return f"list of: {_kind(typing.get_args(kind)[0])}"
    parts = [each for each in typing.get_args(kind) if each is not type(None)]
    if parts:
        return _kind(parts[0])
    named = str(kind.__name__)
    return {"str": "text", "int": "whole number", "bool": "`true`, `false`"}.get(named, named)


def _bound(told: Any) -> str:  # noqa: ANN401  pydantic's kinds of bounds share no base
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "pattern": "form"}
    said = [(sign, getattr(told, name, None)) for name, sign in signs.items()]
    return ", ".join(
        f"{sign} {code(str(bound)) if sign == 'form' else bound}" for sign, bound in said if bound is not None
    )


@cache
def _said() -> dict[str, tuple[str, ...]]:
    """What every family version says of every parameter, implied values marked."""
    return {each.path: tuple(_value(family, each.path) for family in all_families()) for each in parameters()}


def _plain(said: tuple[str, ...]) -> set[str]:
    """The different values, whether they are stated or implied."""
    return {each.removesuffix(_IMPLIED) for each in said}


def _value(family: Family, path: str) -> str:
    found: Any = family
    stated: Any = tomllib.loads(family.text.decode())
    for part in path.split("."):
        found = getattr(found, part)
        stated = stated.get(part) if isinstance(stated, dict) else None
    return _shown(found, path) + (_IMPLIED if stated is None else "")


def _shown(value: Any, path: str) -> str:  # noqa: ANN401  any value of a text
    """A value in words; an empty list in a basket takes everything, elsewhere it names nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or ("all" if path.startswith("basket.") else "none")
    return "—" if value is None or value == "" else str(value)
