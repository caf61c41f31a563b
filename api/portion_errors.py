"""What the service says of a large file whose writing was cut off between two portions."""

from api.errors import ApiError


class InterruptedThere(ApiError):
    """The writing of a large file was cut off, by no fault of the file, after portions of it were written."""

    zh = "文件较大，分批写入：已写入 {count} 行（第 {rows} 行），随后写入中断：{cause_zh}"
    en = (
        "the file is large and is written in portions: rows {rows} stand ({count} in all); then the writing "
        "was interrupted: {cause_en}"
    )
    remedy_zh = "请稍后重新上传整个文件：已写入的行不会重复"
    remedy_en = "send the whole file again shortly: what stands is not recorded twice"
