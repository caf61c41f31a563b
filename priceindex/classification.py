"""The twelve classes by medicinal part, and the tree grade 规格 -> herb 药材 -> class -> composite 总指数.

Every published Chinese herb index shares the twelve classes (NDRC Chengdu index, newsId=16158). Which
class a herb belongs to comes in as an argument: this package keeps no list of herbs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from priceindex.errors import UnclassifiedHerb, UnknownClass
from priceindex.quotes import Cell

COMPOSITE = "all"
"""Key of the one node of the composite level."""


class Level(StrEnum):
    """The levels of the tree, from the top down, and the second cuts over the same cells."""

    COMPOSITE = "composite"
    CLASS = "class"
    HERB = "herb"
    GRADE = "grade"
    MARKET = "market"
    ORIGIN = "origin"
    THEME = "theme"


TREE_LEVELS = (Level.COMPOSITE, Level.CLASS, Level.HERB, Level.GRADE)
"""The levels of the tree alone, from the top down."""


THEMES: dict[str, tuple[str, str]] = {
    "food_medicine": ("药食同源", "food and medicine"),
}
"""Key -> Chinese and English name of each theme a family may be about."""


CLASSES: dict[str, tuple[str, str]] = {
    "root": ("根及根茎类", "roots and rhizomes"),
    "fruit_seed": ("果实种子类", "fruits and seeds"),
    "whole_herb": ("全草类", "whole herbs"),
    "flower": ("花类", "flowers"),
    "leaf": ("叶类", "leaves"),
    "bark": ("皮类", "barks"),
    "stem_wood": ("藤木类", "stems and woods"),
    "resin": ("树脂类", "resins"),
    "fungus_alga": ("菌藻类", "fungi and algae"),
    "animal": ("动物类", "animal substances"),
    "mineral": ("矿物类", "minerals"),
    "other": ("其他加工类", "other processed substances"),
}
"""Key -> Chinese and English name of each class."""


def node_words(level: Level, node: str, language: str) -> str:
    """Name a node for people; herbs and grades are named as the market names them.

    >>> node_words(Level.CLASS, "root", "zh"), node_words(Level.COMPOSITE, "all", "en")
    ('根及根茎类', 'composite')
    >>> node_words(Level.GRADE, "白芍|统", "zh")
    '白芍 统'
    """
    if level is Level.COMPOSITE:
        return "总指数" if language == "zh" else "composite"
    if level is Level.CLASS:
        zh, en = CLASSES[node]
        return zh if language == "zh" else en
    if level is Level.THEME and node in THEMES:
        zh, en = THEMES[node]
        return zh if language == "zh" else en
    return node.replace("|", " ")


def grade_key(cell: Cell) -> str:
    """The key of the grade a cell belongs to: the elementary aggregate.

    >>> grade_key(Cell("白芍", "统", "安徽", "亳州"))
    '白芍|统'
    """
    return f"{cell.herb}|{cell.grade}"


@dataclass(frozen=True, slots=True)
class Tree:
    """The classification of a basket, integer-coded level by level in sorted order."""

    cells: tuple[Cell, ...]
    grades: tuple[str, ...]
    herbs: tuple[str, ...]
    classes: tuple[str, ...]
    grade_of_cell: tuple[int, ...]
    herb_of_grade: tuple[int, ...]
    class_of_herb: tuple[int, ...]

    @property
    def grade_at(self) -> dict[str, int]:
        """The place of each grade."""
        return {key: place for place, key in enumerate(self.grades)}

    @property
    def herb_at(self) -> dict[str, int]:
        """The place of each herb."""
        return {key: place for place, key in enumerate(self.herbs)}

    def keys(self, level: Level) -> tuple[str, ...]:
        """The keys of the nodes of `level`, in the order of the arrays."""
        return {
            Level.COMPOSITE: (COMPOSITE,),
            Level.CLASS: self.classes,
            Level.HERB: self.herbs,
            Level.GRADE: self.grades,
        }[level]

    def parent(self, level: Level, index: int) -> str | None:
        """The key of the node above the node `index` of `level`; None above the composite."""
        if level is Level.GRADE:
            return self.herbs[self.herb_of_grade[index]]
        if level is Level.HERB:
            return self.classes[self.class_of_herb[index]]
        return COMPOSITE if level is Level.CLASS else None


def classify(cells: Iterable[Cell], class_of: Mapping[str, str]) -> Tree:
    """Put `cells` into the tree; raises `UnclassifiedHerb` or `UnknownClass`.

    Nodes are sorted by key, so that the same basket always gives the same arrays.

    >>> tree = classify([Cell("白芍", "统", "安徽", "亳州"), Cell("茯苓", "丁", "安徽", "亳州")],
    ...                 {"白芍": "root", "茯苓": "fungus_alga"})
    >>> tree.classes, tree.herbs, tree.parent(Level.HERB, 1)
    (('fungus_alga', 'root'), ('白芍', '茯苓'), 'fungus_alga')
    """
    ordered = tuple(sorted(set(cells)))
    grades = sorted({grade_key(cell) for cell in ordered})
    herbs = sorted({cell.herb for cell in ordered})
    for herb in herbs:
        if herb not in class_of:
            raise UnclassifiedHerb(herb=herb)
        if class_of[herb] not in CLASSES:
            raise UnknownClass(herb=herb, part_class=class_of[herb])
    classes = sorted({str(class_of[herb]) for herb in herbs})
    grade_at = {key: index for index, key in enumerate(grades)}
    herb_at = {key: index for index, key in enumerate(herbs)}
    class_at = {key: index for index, key in enumerate(classes)}
    return Tree(
        cells=ordered,
        grades=tuple(grades),
        herbs=tuple(herbs),
        classes=tuple(classes),
        grade_of_cell=tuple(grade_at[grade_key(cell)] for cell in ordered),
        herb_of_grade=tuple(herb_at[key.split("|", 1)[0]] for key in grades),
        class_of_herb=tuple(class_at[str(class_of[herb])] for herb in herbs),
    )
