"""What one description of the API takes away from, or newly demands of, the callers of another."""

from collections.abc import Iterator
from typing import Any, TypeAlias

Description: TypeAlias = dict[str, Any]


def losses(before: Description, now: Description) -> list[str]:
    """Return each way in which a caller written for `before` could fail with `now`; empty: additive only."""
    return sorted({*_losses(before, now)})


def _losses(before: Description, now: Description) -> Iterator[str]:
    for path, methods in before["paths"].items():
        if not path.startswith("/v1"):
            continue
        for method, old in methods.items():
            where = f"{method.upper()} {path}"
            new = now["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{where}: gone"
                continue
            if old.get("operationId") != new.get("operationId"):
                yield f"{where}: its operation id changed"
            yield from _parameters(where, old, new)
            yield from _bodies(where, before, now, old, new)
            yield from _answers(where, before, now, old, new)


def _parameters(where: str, old: Description, new: Description) -> Iterator[str]:
    had = {(each["in"], each["name"]): each for each in old.get("parameters", ())}
    has = {(each["in"], each["name"]): each for each in new.get("parameters", ())}
    for name in had.keys() - has.keys():
        yield f"{where}: the parameter {name[1]} is gone"
    for name, each in has.items():
        if each.get("required") and not had.get(name, {}).get("required"):
            yield f"{where}: the parameter {name[1]} is now required"


def _bodies(
    where: str, before: Description, now: Description, old: Description, new: Description
) -> Iterator[str]:
    for media_type, had in old.get("requestBody", {}).get("content", {}).items():
        has = new.get("requestBody", {}).get("content", {}).get(media_type)
        if has is None:
            yield f"{where}: takes no {media_type} any more"
            continue
        yield from _schema(
            f"{where} body", before, now, had.get("schema", {}), has.get("schema", {}), sent=True
        )


def _answers(
    where: str, before: Description, now: Description, old: Description, new: Description
) -> Iterator[str]:
    for status, had in old["responses"].items():
        if not status.startswith("2"):
            continue
        has = new["responses"].get(status)
        if has is None:
            yield f"{where}: never answers {status} any more"
            continue
        for media_type, content in had.get("content", {}).items():
            there = has.get("content", {}).get(media_type)
            if there is None:
                yield f"{where} {status}: no {media_type} any more"
            else:
                yield from _schema(
                    f"{where} {status}", before, now, content.get("schema", {}), there.get("schema", {})
                )


def _schema(
    where: str,
    before: Description,
    now: Description,
    old: Description,
    new: Description,
    *,
    sent: bool = False,
    above: tuple[str, ...] = (),
) -> Iterator[str]:
    """Compare what `where` holds; `above` are the schemas this one stands in: some hold themselves."""
    name = old.get("$ref", "")
    if name and name in above:
        return
    above = (*above, name) if name else above
    old, new = _resolved(before, old), _resolved(now, new)
    if old.get("type") != new.get("type") and "anyOf" not in new:
        yield f"{where}: is {new.get('type')}, was {old.get('type')}"
    gone_words = set(map(str, old.get("enum", ()))) - set(map(str, new.get("enum", ())))
    if sent and gone_words and "enum" in new:
        yield f"{where}: takes no {', '.join(sorted(gone_words))} any more"
    had, has = old.get("properties", {}), new.get("properties", {})
    for each in had.keys() - has.keys():
        yield f"{where}.{each}: gone"
    demanded = set(new.get("required", ())) - set(old.get("required", ()))
    if sent:
        yield from (f"{where}.{each}: is now required" for each in sorted(demanded))
    else:
        promised = set(old.get("required", ())) - set(new.get("required", ()))
        yield from (f"{where}.{each}: may now be absent" for each in sorted(promised & has.keys()))
    for each in had.keys() & has.keys():
        yield from _schema(f"{where}.{each}", before, now, had[each], has[each], sent=sent, above=above)
    if "items" in old and "items" in new:
        yield from _schema(f"{where}[]", before, now, old["items"], new["items"], sent=sent, above=above)


def _resolved(whole: Description, schema: Description) -> Description:
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
