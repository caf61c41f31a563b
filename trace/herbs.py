"""The herbs we know: names, parts, producing areas, lists, and how sure each fact is.

The facts stand in `facts/herbs.csv`. A Latin name that no second list confirmed is carried with
`latin_verified=False` and must be shown as unchecked. Nothing here judges a lot.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from typing import Final

from trace.errors import UnknownHerb
from trace.facts import rows
from trace.vocabulary import Word


class PartClass(Word):
    """The twelve classes by medicinal part that every published herb index shares."""

    ROOT = "root", "根及根茎类", "roots and rhizomes"
    FRUIT_SEED = "fruit_seed", "果实种子类", "fruits and seeds"
    WHOLE_HERB = "whole_herb", "全草类", "whole herbs"
    FLOWER = "flower", "花类", "flowers"
    LEAF = "leaf", "叶类", "leaves"
    BARK = "bark", "皮类", "barks"
    STEM_WOOD = "stem_wood", "藤木类", "stems and woods"
    RESIN = "resin", "树脂类", "resins"
    FUNGUS_ALGA = "fungus_alga", "菌藻类", "fungi and algae"
    ANIMAL = "animal", "动物类", "animal substances"
    MINERAL = "mineral", "矿物类", "minerals"
    OTHER = "other", "其他加工类", "other processed substances"


class Kind(Word):
    """What a herb comes from."""

    PLANT = "plant", "植物药", "plant"
    ANIMAL = "animal", "动物药", "animal"
    MINERAL = "mineral", "矿物药", "mineral"
    FUNGUS = "fungus", "菌类药", "fungus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Herb:
    """One herb 药材 with the facts gathered about it."""

    name_zh: str
    pinyin: str
    latin: str
    """Latin pharmaceutical name; unchecked unless `latin_verified`."""
    latin_verified: bool
    """Whether a second, independent list carries the same Latin name."""
    part_class: PartClass
    part_used: str
    kind: Kind
    producing_areas: tuple[str, ...]
    """Province and place, such as 安徽亳州; empty where no source named any."""
    daodi_areas: tuple[str, ...]
    """Areas of true origin 道地, with the local name of the herb in brackets where it has one."""
    food_medicine_year: int | None
    """Year in which the herb entered the list of substances that are food and medicine 食药物质."""
    so2_limit_mg_per_kg: int | None
    """Sulphur dioxide limit as a drug; None for minerals, which have none."""
    toxic_raw: bool
    """One of the toxic herbs in raw form under special control (毒性中药 28 种)."""


def kind_of(part_class: PartClass, part_used: str) -> Kind:
    """Derive what a herb comes from out of its part class and part.

    Animal and mineral are classes of their own. Fungi and algae share one class: a thallus 藻体 is an
    alga and counts with the plants, everything else there is a fungus. All other classes are plants,
    the processed ones (冰片, 青黛, 五倍子 …) too, for plants are what they are made from or grow on.

    >>> kind_of(PartClass.FUNGUS_ALGA, "菌核").words("zh")
    '菌类药'
    """
    if part_class is PartClass.ANIMAL:
        return Kind.ANIMAL
    if part_class is PartClass.MINERAL:
        return Kind.MINERAL
    if part_class is PartClass.FUNGUS_ALGA and part_used != "藻体":
        return Kind.FUNGUS
    return Kind.PLANT


def herb(name_zh: str) -> Herb:
    """Return the herb of that standard Chinese name.

    Raises `UnknownHerb`, which names the nearest herbs.

    >>> herb("白芍").latin
    'Paeoniae Radix Alba'
    """
    found = _by_name().get(name_zh.strip())
    if found is None:
        raise UnknownHerb(name=name_zh.strip()[:_SHOWN], nearest="、".join(nearest(name_zh)))
    return found


def herb_or_none(name_zh: str) -> Herb | None:
    """Return the herb of that name; None for what is no herb: an excipient, a medicine.

    >>> herb_or_none("黄酒") is None
    True
    """
    return _by_name().get(name_zh)


@cache
def all_herbs() -> tuple[Herb, ...]:
    """Return every herb, in the order of the fact table (by part class)."""
    return tuple(_typed(row) for row in rows("herbs"))


def nearest(name: str, count: int = 3) -> list[str]:
    """Return the `count` herb names whose characters or pinyin look most like `name`.

    >>> nearest("白芍药", 1), nearest("baisao", 1)
    (['白芍'], ['白芍'])
    """
    wanted = name.strip()[:_SHOWN].casefold()
    likeness = difflib.SequenceMatcher(b=wanted)

    def alike(known: Herb) -> float:
        return max(_ratio(likeness, known.name_zh), _ratio(likeness, known.pinyin))

    return [known.name_zh for known in sorted(all_herbs(), key=alike, reverse=True)[:count]]


def _ratio(likeness: difflib.SequenceMatcher[str], text: str) -> float:
    likeness.set_seq1(text)
    return likeness.ratio()


_SHOWN: Final = 20


@cache
def _by_name() -> dict[str, Herb]:
    return {known.name_zh: known for known in all_herbs()}


def _typed(row: dict[str, str]) -> Herb:
    part_class = PartClass(row["part_class"])
    return Herb(
        name_zh=row["name"],
        pinyin=row["pinyin"],
        latin=row["latin"],
        latin_verified=row["latin_checked"] == "yes",
        part_class=part_class,
        part_used=row["part_used"],
        kind=kind_of(part_class, row["part_used"]),
        producing_areas=tuple(filter(None, row["areas"].split(";"))),
        daodi_areas=tuple(filter(None, row["daodi_areas"].split(";"))),
        food_medicine_year=_number(row["food_medicine_list"]),
        so2_limit_mg_per_kg=_number(row["so2_limit"]),
        toxic_raw=row["toxic_raw"] == "yes",
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
