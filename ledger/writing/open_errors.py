"""What the open door refuses: statements a party signs itself and hands in from outside."""

from ledger.errors import LedgerError


class KindNotOpen(LedgerError):
    """A kind of statement that has its own way in was handed in at the open door."""

    zh = "{kind} 类陈述不能由外部签名后直接提交"
    en = "a statement of kind {kind} cannot be signed outside and handed in here"
    remedy_zh = "可直接提交的类别：{known}；其他类别请用各自的接口"
    remedy_en = "the kinds taken in here are {known}; every other kind has an address of its own"


class NotYourName(LedgerError):
    """An id or subject outside the names that belong to the signing key's holder."""

    zh = "陈述的 {member} 不在签名密钥持有人的名下"
    en = "the statement's {member} is not among the names of the signing key's holder"
    remedy_zh = "{member} 须以 {prefix} 开头"
    remedy_en = "the {member} has to begin with {prefix}"


class WrongPublicPart(LedgerError):
    """The public part of an open kind lacks a member its kind must have, or has it in a wrong form."""

    zh = "{kind} 类陈述的公开内容缺少 {member}，或其格式不对"
    en = "the public part of a {kind} lacks {member} or has it in a wrong form"
    remedy_zh = "格式要求：{form}"
    remedy_en = "the form is: {form}"
