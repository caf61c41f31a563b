"""Why published values cannot be given in the way they were asked for."""

from api.errors import ApiError


class UnknownFormat(ApiError):
    """A format the values are not given in."""

    zh = "没有格式 {format}；可用：{known}"
    en = "there is no format {format}; known are: {known}"
    remedy_zh = "请改用上列格式之一，或不写 format"
    remedy_en = "name one of these, or leave format out"


class TooManyValues(ApiError):
    """More values than one answer holds."""

    zh = "所要的数值超过一次最多给出的 {most} 个"
    en = "these are more values than the {most} one answer holds"
    remedy_zh = "请用 first 与 last 缩短时段，或少要几个序列"
    remedy_en = "shorten the period with first and last, or ask for fewer series"


class UnknownStructure(ApiError):
    """An SDMX structure this service does not have."""

    zh = "没有 SDMX 结构 {structure}"
    en = "there is no SDMX structure {structure}"
    remedy_zh = "全部结构见 /v1/sdmx/structure/dataflow/DAODI/TCM_PI/1.0?references=all"
    remedy_en = "/v1/sdmx/structure/dataflow/DAODI/TCM_PI/1.0?references=all gives every one"
