"""What is refused of a change that is bound to what was read (RFC 9110, section 13.1.1)."""

from api.errors import ApiError


class ChangedMeanwhile(ApiError):
    """What was to be changed is not what the caller read: `If-Match` names another state."""

    zh = "对象已被改动：If-Match 与现状不符"
    en = "it was changed meanwhile: If-Match does not name its present state"
    remedy_zh = "重新读取，确认后带上新的 ETag 再提交"
    remedy_en = "read it again, look at it, and send the change with its new ETag"
