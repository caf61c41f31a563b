"""Which operations are answered how when their requests are sent again; all others in one transaction."""

from typing import Final

RECOGNISED: Final = {
    "/v1/steps": "the step's id, derived from the request's key where it has none",
    "/v1/codes": "the order's id, derived likewise",
    "/v1/statements": "the statement's own id, which is signed",
    "/v1/statements/batch": "the statements' own ids",
    "/v1/imports/steps": "rows taken in before are found by their content",
    "/v1/imports/mofcom": "rows taken in before are found by their content",
    "/v1/imports/quotes": "the same file adds nothing",
    "/v1/documents": "the same words for the same bytes are stated once",
    "/v1/documents/erasures": "a document is erased once: 410",
    "/v1/statements/{statement_id:path}/redactions": "a value is erased once: 404",
    "/v1/forecasts": "a release is forecast once",
    "/v1/releases": "a release is published once",
    "/v1/quotes/from-trades": "a week's quotes replace those of the same week",
    "/v1/warning-watches": "a watch opens nothing twice",
    "/v1/feeds/{feed}/polls": "a source is asked again, and brings nothing twice",
    "/v1/webhooks": "an address is registered once; its name is looked up on the way",
    "/v1/webhooks/{endpoint}/tests": "a trial event says nothing",
}
"""Operations that work outside any transaction too (files, other machines, minutes of computing), and by what
they tell themselves that a request was done before. Their answers are kept right after the commit."""

DERIVED_IDS: Final = {"/v1/steps": "new", "/v1/codes": "wanted"}
"""Those of them whose request gets an id from its key where it has none, and the parameter that has it."""

SECRET: Final = frozenset(
    {
        "/v1/webhooks",
        "/v1/webhooks/{endpoint}/rotations",
        "/v1/accounts",
        "/v1/accounts/{account}/resets",
        "/v1/accounts/{account}/unlocks",
        "/v1/api-keys",
        "/v1/tokens",
    }
)
"""Operations whose answers show a secret once: it is kept nowhere, and so neither is the answer."""
