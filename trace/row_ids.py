"""Ids for rows that bring none: made from what the row says, so that a file sent twice says it once.

Private values are left out: a step's id stands in the log, and must tell nobody a price by trial. Rows of
one file that are otherwise alike are numbered in their order. A row whose private values were changed since
is therefore answered as a conflict, never recorded a second time.
"""

import hashlib
from collections import Counter

from ledger.canonical import JsonValue, canonical
from trace.profiles import Visibility, profile
from trace.steps import StepNew


class RowIds:
    """Gives ids to the rows of one file."""

    def __init__(self) -> None:
        """Begin with no row seen."""
        self._seen: Counter[str] = Counter()

    def named(self, new: StepNew) -> StepNew:
        """Return `new` with an id: its own, or one made from its content and its party."""
        if new.id is not None:
            return new
        digest = hashlib.sha256(canonical(_public(new))).hexdigest()[:32]
        self._seen[digest] += 1
        count = self._seen[digest]
        return new.model_copy(update={"id": f"row-{digest}" + (f"-{count}" if count > 1 else "")})


def _public(new: StepNew) -> dict[str, JsonValue]:
    fields = profile(new.stage).by_name
    said: dict[str, JsonValue] = new.model_dump(
        mode="json", exclude={"fields", "id"}, exclude_none=True, exclude_defaults=True
    )
    public: dict[str, JsonValue] = {
        name: value
        for name, value in new.fields.items()
        if name in fields and fields[name].visibility is Visibility.PUBLIC
    }
    return said | {"fields": public}
