"""Every address the service answers: the API under /v1 and the pages."""

from fastapi import APIRouter

from api.routes import (
    codes,
    evidence,
    families,
    imports,
    index_pages,
    keys,
    log_keys,
    pages,
    printed_proofs,
    proofs,
    quotes,
    redactions,
    releases,
    sm_tiles,
    statements,
    steps,
    subjects,
    tiles,
    timestamps,
    vocabulary,
)


def all_routers() -> tuple[APIRouter, ...]:
    """Return every router, in the order the API documents list them."""
    modules = (
        codes,
        steps,
        statements,
        redactions,
        imports,
        proofs,
        printed_proofs,
        evidence,
        keys,
        log_keys,
        subjects,
        tiles,
        timestamps,
        sm_tiles,
        releases,
        quotes,
        families,
        vocabulary,
        pages,
        index_pages,
    )
    return tuple(module.router for module in modules)
