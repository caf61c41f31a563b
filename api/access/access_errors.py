"""What can go wrong with the notes of access."""

from api.errors import ApiError


class AccessNotNoted(ApiError):
    """More notes of access wait than may be lost."""

    zh = "访问记录暂时写不进去，因此不再显示非公开内容"
    en = "notes of access cannot be written at present, so nothing that is not public is shown"
    remedy_zh = "稍后再试；若持续出现，请运营者检查数据库"
    remedy_en = "try again later; if it goes on, the operator should look at the database"


class AccessAltered(ApiError):
    """Notes of access are not those whose digest stands in the log."""

    zh = "第 {first} 至 {last} 条访问记录与账本中的摘要不符"
    en = "notes of access {first} to {last} are not those whose digest stands in the log"
    remedy_zh = "数据库被改动过：与备份对照，查明何人何时改动"
    remedy_en = "the database was changed: compare with a backup and find out who changed it and when"
