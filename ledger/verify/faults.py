"""How a check says no: one phrase in both languages."""

from ledger.errors import Said


class Refused(Exception):
    """A check fails; the verdict names it and gives `why`."""

    def __init__(self, why: Said) -> None:
        self.why = why
        super().__init__(why.en)
