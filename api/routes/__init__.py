"""Every address the service answers: the API under /v1 and the pages."""

from fastapi import APIRouter

from api.routes import (
    codes,
    families,
    imports,
    index_pages,
    pages,
    proofs,
    quotes,
    releases,
    steps,
    vocabulary,
)


def all_routers() -> tuple[APIRouter, ...]:
    """Return every router, in the order the API documents list them."""
    modules = (codes, steps, imports, proofs, releases, quotes, families, vocabulary, pages, index_pages)
    return tuple(module.router for module in modules)
