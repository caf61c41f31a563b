"""What is refused of a request with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07)."""

from api.errors import ApiError


class RequestKeyMalformed(ApiError):
    """An `Idempotency-Key` is no string of 8 to 128 plain characters."""

    zh = "Idempotency-Key 须为 8 至 128 个可见 ASCII 字符，不含空格"
    en = "an Idempotency-Key has 8 to 128 visible ASCII characters and no space"
    remedy_zh = "每个新请求用一个新的 UUID；重发同一请求时用同一个"
    remedy_en = "use a fresh UUID for every new request, and the same one to send a request again"


class RequestKeyReused(ApiError):
    """An `Idempotency-Key` was used before for another request."""

    zh = "这个 Idempotency-Key 已用于另一个请求"
    en = "this Idempotency-Key was used for another request"
    remedy_zh = "内容不同的请求须用新的 Idempotency-Key；本次未写入任何内容"
    remedy_en = "send another request under a key of its own; nothing was written now"


class RequestUnderWay(ApiError):
    """The same request is still being answered."""

    zh = "同一 Idempotency-Key 的请求仍在处理"
    en = "the request with this Idempotency-Key is still under way"
    remedy_zh = "稍候用同一 Idempotency-Key 重发，即得到它的答复"
    remedy_en = "send it again under the same key in a moment: you will get its answer"


class AnswerNotKept(ApiError):
    """A request was done before, and its answer was not kept: it held a secret, or was too long."""

    zh = "该请求已执行完毕，未再执行；其答复含有密钥或过长，未予保存"
    en = "this request was done before, and not again; its answer held a secret or was too long to keep"
    remedy_zh = "查询相应对象的现状；若密钥未收到，请换发一个新的"
    remedy_en = "read what it changed; where a secret never arrived, have a new one made"
