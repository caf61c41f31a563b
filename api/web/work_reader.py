"""Who a page behind a sign-in is drawn for: as `Reader`, and what was asked for stays when it is switched."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from api.web.site import Reader

PARTY = "party"
"""Query parameter that says for which party an operator looks; a person bound to a party needs none."""
_LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class WorkReader(Reader):
    """A reader whose links keep the party that was chosen, and whose switches keep every filter."""

    asked: tuple[tuple[str, str], ...] = ()
    """Everything that was asked for in the address."""

    @classmethod
    def signed_in(cls, request: Request, party: str | None) -> "WorkReader":
        """Read it off a request; `party` (a USCC) is carried along where the address had to name it."""
        plain = Reader.of(request)
        carried = plain.carried if party is None else (*plain.carried, (PARTY, party))
        asked = tuple((name, value[:_LONGEST_VALUE]) for name, value in request.query_params.multi_items())
        return cls(plain.language, plain.elder, plain.path, carried, plain.chosen, asked)

    def switched(self, **changes: str) -> str:
        """Return this same page with every filter, and what is changed; an empty value drops it."""
        kept = [(name, value) for name, value in self.asked if name not in changes]
        query = urlencode([*kept, *((name, value) for name, value in changes.items() if value)])
        return f"{self.path}?{query}" if query else self.path

    def drawing(self, name: str) -> str:
        """Return where a drawing of this same page, with every filter, is to be had as a file."""
        return self.switched(drawing=name)

    def table(self, name: str) -> str:
        """Return where the numbers of a drawing, with every filter, are to be had as CSV."""
        return self.switched(table=name)
