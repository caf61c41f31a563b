"""What is refused of documents, in the user's words."""

from trace.errors import TraceError


class DocumentTypeRefused(TraceError):
    """A file whose bytes are not of an accepted type, or not of the type it was said to be."""

    zh = "不接受这个文件：{fault_zh}"
    en = "this file is not accepted: {fault_en}"
    remedy_zh = "可用的类型：{known}；请按真实类型上传"
    remedy_en = "accepted types: {known}; send the file under its real type"


class DocumentTooLarge(TraceError):
    """A file above the limit of its type."""

    zh = "文件超过 {limit} 字节的上限"
    en = "the file is longer than the limit of {limit} bytes"
    remedy_zh = "请压缩或拆分；视频可只登记摘要（sha256）与大小，文件自行保存"
    remedy_en = "make it smaller or split it; of a video the hash and size alone may be stated"


class DocumentStoreFull(TraceError):
    """A party that keeps as many bytes of documents as one party may."""

    zh = "本主体已存 {held} 字节，达到上限 {limit}"
    en = "your party keeps {held} bytes of documents, and may keep {limit}"
    remedy_zh = "请删除不再需要的文件，或请运营方调高 DAODI_MAX_PARTY_DOCUMENT_BYTES"
    remedy_en = "erase what is no longer needed, or ask the operator for DAODI_MAX_PARTY_DOCUMENT_BYTES"


class ImageTooLarge(TraceError):
    """A picture of more pixels than anyone needs, or of a size that cannot be read."""

    zh = "图片 {width}×{height} 像素，超过上限 {limit}"
    en = "the picture has {width} × {height} pixels, above the limit of {limit}"
    remedy_zh = "请缩小图片后上传"
    remedy_en = "make the picture smaller"


class UnknownDocument(TraceError):
    """Nothing was kept under this hash, or not for this caller."""

    zh = "没有文件 {sha256}，或您无权查看"
    en = "there is no document {sha256}, or you may not see it"
    remedy_zh = "请核对摘要；非公开的文件需要有权的访问令牌"
    remedy_en = "check the hash; what is not public needs a token that may see it"


class DocumentErased(TraceError):
    """The bytes of a document were erased for good."""

    zh = "文件 {sha256} 的内容已删除，原因：{reason}"
    en = "the content of document {sha256} was erased for good: {reason}"
    remedy_zh = "登记与摘要仍在账本中；被删除的内容不能重新上传"
    remedy_en = "the statement and the hash stay in the log; erased content is not taken in again"


class DocumentDamaged(TraceError):
    """The bytes on the disk are no longer those of the hash they are kept under."""

    zh = "文件 {sha256} 在存储中已损坏，不予展示"
    en = "document {sha256} is damaged in the store and is not shown"
    remedy_zh = "请运营方从备份恢复该文件"
    remedy_en = "the operator must restore it from a backup"


class DocumentNotStored(TraceError):
    """A document that was stated by its hash alone: its file stays with the party."""

    zh = "文件 {sha256} 只登记了摘要，内容不在本平台"
    en = "document {sha256} was stated by its hash alone; its content is not kept here"
    remedy_zh = "请向登记方索取文件，并核对摘要"
    remedy_en = "ask the party that stated it for the file and compare the hash"


class DocumentRepeated(TraceError):
    """The party stated this document before, with other words."""

    zh = "文件 {sha256} 已登记过，且说法不同"
    en = "document {sha256} was stated before with other words"
    remedy_zh = "已登记的不会改写；如需更正，请撤下原登记后另行登记"
    remedy_en = "what was stated is not changed; withdraw it and state it anew"


class SeriesWrong(TraceError):
    """A file that is not a series of times and values."""

    zh = "第 {row} 行不是有效的读数：{fault_zh}"
    en = "line {row} is not a reading: {fault_en}"
    remedy_zh = "请用 CSV 两列“时间,数值”，或每行一个含 time 与 value 的 JSON 对象；时间带时区并递增"
    remedy_en = (
        "write CSV with the columns time,value or one JSON object with time and value a line; "
        "times carry their offset and increase"
    )
