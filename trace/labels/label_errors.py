"""Why labels cannot be made."""

from trace.errors import TraceError


class BadLabelRange(TraceError):
    """Labels that a batch does not have."""

    zh = "批次码 {batch} 共 {count} 个，没有第 {first} 至 {last} 个"
    en = "the batch {batch} has {count} codes, not those from {first} to {last}"
    remedy_zh = "序号从 1 开始；请减少数量"
    remedy_en = "places begin at 1; ask for fewer"


class FontMissing(TraceError):
    """No font with Chinese characters is on this machine, so that no PDF can be made."""

    zh = "本机没有含中文的字体，无法生成 PDF"
    en = "this machine has no font with Chinese characters, so no PDF can be made"
    remedy_zh = "请安装 fonts-noto-cjk，或用 DAODI_LABEL_FONT 指明字体文件；SVG 与 CSV 不需要字体"
    remedy_en = "install fonts-noto-cjk, or name a font file in DAODI_LABEL_FONT; SVG and CSV need none"


class GlyphsMissing(TraceError):
    """Characters the font does not have: a label would show boxes instead."""

    zh = "字体 {font} 缺少以下字符：{missing}"
    en = "the font {font} lacks these characters: {missing}"
    remedy_zh = "请用 DAODI_LABEL_FONT 换一种字体，或改用 SVG"
    remedy_en = "name another font in DAODI_LABEL_FONT, or take the SVG"


class LabelTooSmall(TraceError):
    """Words that do not fit the chosen label at any legible size."""

    zh = "文字放不进 {form} 标签"
    en = "the words do not fit a {form} label"
    remedy_zh = "请选用更大的标签，或缩短规格与标准的写法"
    remedy_en = "choose a larger label, or shorten the specification and the standard"


class TooManyLabels(TraceError):
    """More labels than one file holds."""

    zh = "一个文件最多 {most} 个标签"
    en = "one file holds {most} labels at most"
    remedy_zh = "请用 first 与 count 分批取；命令 daodi labels 会自动分成几个文件"
    remedy_en = "ask in parts with first and count; the command daodi labels writes several files by itself"
