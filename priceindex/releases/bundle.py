"""The input bundle 发布包: canonical bytes that hold all a stranger needs to recompute a release.

One JSON object in the ledger's canonical form (docs/methodology.md). Its member `format` says which of
two forms it has: `bundle_form_2` is what is written, `bundle_form_1` is what releases before it have.
"""

import hashlib
from typing import Final

from pydantic import ValidationError

from ledger.canonical import parse
from ledger.errors import DaodiError, Said
from priceindex.engine.inputs import Inputs
from priceindex.errors import MalformedBundle
from priceindex.families import Family, read_family
from priceindex.releases import bundle_form_1 as form_1
from priceindex.releases import bundle_form_2 as form_2

_FORM: Final = {form_1.FORMAT: 1, form_2.FORMAT: 2}
_DIGEST: Final = Said(
    "指数系列文本与包中所记摘要不符", "the family text does not have the digest the bundle names"
)


def encode(inputs: Inputs) -> bytes:
    """The canonical bytes of the inputs; equal inputs have equal bytes."""
    return form_2.encode(inputs)


def digest(raw: bytes) -> str:
    """SHA-256 of a bundle's bytes, hex: what the log holds."""
    return hashlib.sha256(raw).hexdigest()


def form_of(raw: bytes) -> int:
    """Which form a bundle has, 1 or 2; raises `MalformedBundle`."""
    try:
        told = parse(raw)
    except DaodiError as fault:
        raise MalformedBundle(why=fault) from fault
    named = told.get("format") if isinstance(told, dict) else None
    form = _FORM.get(named) if isinstance(named, str) else None
    if form is None:
        raise MalformedBundle(why=Said(f"格式 {named!a}", f"format {named!a}"))
    return form


def decode(raw: bytes) -> Inputs:
    """Read a bundle; raises `MalformedBundle` for anything that is not one, byte for byte."""
    form = form_of(raw)
    try:
        if form == 1:
            first = form_1.Told.model_validate_json(raw)
            return form_1.inputs(first, _family(first.family, first.method, first.method_sha256))
        second = form_2.Told.model_validate_json(raw)
        return form_2.inputs(second, _family(second.family, second.method, second.method_sha256))
    except ValidationError as fault:
        wrong = fault.errors(include_url=False, include_input=False)[0]
        place = "/".join(map(str, wrong["loc"]))
        raise MalformedBundle(why=Said(f"{place} 不合格式", f"{place}: {wrong['msg']}")) from fault


def _family(lines: list[str], method: str, sha256: str) -> Family:
    try:
        family = read_family("\n".join(lines).encode(), f"{method}.toml")
    except DaodiError as fault:
        raise MalformedBundle(why=fault) from fault
    if (method, sha256) != (family.method_id, family.method_sha256):
        raise MalformedBundle(why=_DIGEST)
    return family
