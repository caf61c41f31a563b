"""What a check of the compliance table found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """One check, with what was found, in words."""

    code: str
    """Name of the check, as `compliance.toml` gives it."""
    passed: bool
    must: bool
    """Whether a failure stops the release that is judged."""
    found_zh: str
    found_en: str

    @property
    def stops(self) -> bool:
        """Whether the release may not go out."""
        return self.must and not self.passed

    def words(self, language: str) -> str:
        """Say what was found."""
        return self.found_zh if language == "zh" else self.found_en
