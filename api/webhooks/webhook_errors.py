"""What is refused about webhook endpoints and their deliveries."""

from api.errors import ApiError


class UnknownEndpoint(ApiError):
    """No endpoint of the caller has this id."""

    zh = "没有编号为 {endpoint} 的回调端点"
    en = "there is no webhook endpoint {endpoint}"
    remedy_zh = "用 GET /v1/webhooks 或 daodi webhooks list 查看已登记的端点"
    remedy_en = "GET /v1/webhooks or daodi webhooks list shows the endpoints there are"


class EndpointExists(ApiError):
    """The caller has an endpoint at this address that is sent to already."""

    zh = "该地址已登记为端点 {endpoint}"
    en = "this address is the endpoint {endpoint} already"
    remedy_zh = "密钥只显示一次；若已遗失，请更换密钥（rotations），或先停用该端点"
    remedy_en = "its secret is shown once; if it is lost, rotate it, or disable that endpoint first"


class EndpointRefused(ApiError):
    """An address nothing may be sent to."""

    zh = "不能向 {host} 投递：{why}"
    en = "nothing can be sent to {host}: {why}"
    remedy_zh = "使用公网上的 https 地址，不含用户名；内网地址须由运营方设置 DAODI_WEBHOOKS_PRIVATE_ADDRESSES"
    remedy_en = (
        "use an https address on the public net without a user name; for one inside, the operator sets "
        "DAODI_WEBHOOKS_PRIVATE_ADDRESSES"
    )


class TooManyEndpoints(ApiError):
    """One token has as many endpoints as it may."""

    zh = "每个令牌最多登记 {most} 个端点"
    en = "one token may have {most} endpoints"
    remedy_zh = "先停用不再使用的端点"
    remedy_en = "disable those that are not used any more"


class EndpointDisabled(ApiError):
    """The endpoint is disabled: nothing is sent to it."""

    zh = "端点 {endpoint} 已停用"
    en = "the endpoint {endpoint} is disabled"
    remedy_zh = "先重新启用该端点"
    remedy_en = "enable it first"


class UnknownEvent(ApiError):
    """The endpoint was never to be told of this event."""

    zh = "端点 {endpoint} 没有事件 {event}"
    en = "the endpoint {endpoint} has no event {event}"
    remedy_zh = "用 deliveries 查看该端点的事件编号"
    remedy_en = "its deliveries name the events it has"
