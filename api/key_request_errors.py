"""What can go wrong with key changes by two persons."""

from api.errors import ApiError


class SecondPersonFirst(ApiError):
    """A change of keys was wanted by one person alone."""

    zh = "更换密钥须两人办理"
    en = "a change of keys takes two persons"
    remedy_zh = "先 POST /v1/key-requests 提出申请，再由另一人执行；或在运行本服务的机器上用 daodi keys 办理"
    remedy_en = (
        "ask for it by POST /v1/key-requests and have another person carry it out, or use daodi keys on the "
        "machine the service runs on"
    )


class KeyRequestUnknown(ApiError):
    """There is no such request."""

    zh = "没有密钥变更申请 {request}"
    en = "there is no request for a change of keys {request}"
    remedy_zh = "用 GET /v1/key-requests 查看全部申请"
    remedy_en = "GET /v1/key-requests lists all of them"


class KeyRequestDecided(ApiError):
    """It was carried out already, or is being carried out."""

    zh = "密钥变更申请 {request} 已经执行"
    en = "the request {request} was carried out already"
    remedy_zh = "查看 GET /v1/key-requests；需要再次变更时另提申请"
    remedy_en = "see GET /v1/key-requests; make another request for another change"


class SamePersonAgain(ApiError):
    """Whoever asked wanted to carry it out too."""

    zh = "申请人与执行人不能是同一人"
    en = "whoever asked cannot carry it out"
    remedy_zh = "请另一位运营员用自己的账号执行"
    remedy_en = "let another operator carry it out under an account of his own"
