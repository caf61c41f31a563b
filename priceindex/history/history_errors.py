"""What may be wrong with a quote history."""

from priceindex.errors import PriceIndexError


class NoHistory(PriceIndexError):
    """A folder that holds no quote history of ours, or not all of one."""

    zh = "文件夹 {folder} 里没有完整的报价历史：{fault}"
    en = "{folder} holds no complete quote history: {fault}"
    remedy_zh = "用 `daodi quotes export 文件夹` 重新导出"
    remedy_en = "export it anew with `daodi quotes export FOLDER`"


class HistoryAhead(PriceIndexError):
    """An export into a folder whose history already knows a later moment."""

    zh = "文件夹 {folder} 的报价历史截至 {there}，晚于要写入的 {asked}"
    en = "the history in {folder} is as of {there}, later than {asked}"
    remedy_zh = "换一个空文件夹，或导出更晚的时刻"
    remedy_en = "choose an empty folder, or export a later moment"
