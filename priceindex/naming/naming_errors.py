"""What is refused about names, in Chinese and English, with the remedy."""

from priceindex.errors import PriceIndexError


class NameNotOurs(PriceIndexError):
    """Somebody decided that a name means nothing we list."""

    zh = "“{name}”已判定为不属于本库的名称"
    en = "“{name}” was decided to be none of our names"
    remedy_zh = "该行不会入库；若判定有误，请先终止该别名"
    remedy_en = "the row is not taken in; end the alias first if the decision was wrong"


class NameIsKnown(PriceIndexError):
    """An alias would redirect a name that is listed itself."""

    zh = "“{name}”本身就是标准名称，不能作为别名"
    en = "“{name}” is a listed name itself and cannot be an alias"
    remedy_zh = "请检查书写的名称；标准名称永远只表示它自己"
    remedy_en = "check the name as written; a listed name never means another"


class MeaningUnknown(PriceIndexError):
    """An alias would lead to a herb or market that is not listed."""

    zh = "别名指向的“{name}”不在名录中"
    en = "“{name}”, which the alias would mean, is not listed"
    remedy_zh = "请指向名录中的标准名称"
    remedy_en = "let it mean a listed name"


class AliasExists(PriceIndexError):
    """A name has a meaning already."""

    zh = "“{name}”已有判定：{meant}"
    en = "“{name}” was decided already: {meant}"
    remedy_zh = "先终止现有判定，再作新的判定"
    remedy_en = "end the decision in force before making another"


class UnknownAlias(PriceIndexError):
    """No alias in force has this number."""

    zh = "没有编号为 {number} 的有效别名"
    en = "no alias in force has the number {number}"
    remedy_zh = "请查看别名列表"
    remedy_en = "look at the list of aliases"
