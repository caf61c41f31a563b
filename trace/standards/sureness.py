"""How sure a fact is: read in a source, recalled from one, assumed by us, or a law of nature."""

from trace.vocabulary import Word


class Sureness(Word):
    """Confidence in a fact; whatever is not `SOURCE` or `PHYSICAL` is shown as unchecked 待核."""

    SOURCE = "source", "有出处", "read in its source"
    RECALLED = "recalled", "待核（凭记忆）", "recalled, unchecked"
    ASSUMPTION = "assumption", "假设", "our own assumption"
    PHYSICAL = "physical", "物理规律", "a law of nature"

    @property
    def checked(self) -> bool:
        """Whether the fact may be shown without a remark."""
        return self in (Sureness.SOURCE, Sureness.PHYSICAL)

    def note(self, language: str) -> str:
        """Return the remark a finding carries that rests on such a fact; empty where it is sure.

        >>> Sureness.RECALLED.note("zh"), Sureness.SOURCE.note("en")
        ('（标准待核）', '')
        """
        if self.checked:
            return ""
        return "（标准待核）" if language == "zh" else " (standard unchecked)"
