"""What each index family is called as it stands: on trial its text's name, official without the trial."""

from sqlmodel import Session

from priceindex.families import all_families
from priceindex.releases.standing import official_families


def family_names(session: Session, language: str, at_ms: int) -> dict[str, str]:
    """Return the name of the newest version of every family at a moment, by the family's id."""
    official = official_families(session, at_ms)
    return {each.id: each.words(language, official=each.id in official) for each in all_families()}
