"""What `daodi document` says, in Chinese and English under one key."""

from typing import Final

DOCUMENT_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.document": ("文件：检验报告、照片、传感数据", "documents: reports, photos, series"),
    "help.document.keep": (
        "按摘要保存一份文件并登记入账",
        "keep a file by its hash and state it in the log",
    ),
    "option.document_party": ("登记方的统一社会信用代码", "USCC of who states it"),
    "option.document_kind": (
        "种类：test_report、origin_proof、environment、photo、paozhi_video、series、invoice、other",
        "kind: test_report, origin_proof, environment, photo, paozhi_video, series, invoice, other",
    ),
    "option.document_title": ("名称；不填即文件名", "what people call it; the file's name where left out"),
    "option.document_visibility": (
        "谁可查看：public、partner、regulator",
        "who may read it: public, partner, regulator",
    ),
    "option.document_lot": ("所涉批次，可多次填写", "a lot it speaks of; may be given several times"),
    "option.document_quantity": (
        "传感数据测的是什么：Temperature、RelativeHumidity、Illuminance",
        "what a series measures: Temperature, RelativeHumidity, Illuminance",
    ),
    "document.kept": (
        "已保存并登记：{size} 字节，{media_type}。环节中引用：sha256:{sha256}",
        "kept and stated: {size} bytes, {media_type}. A step names it as sha256:{sha256}",
    ),
    "document.again": (
        "此前已登记过同一文件：sha256:{sha256}",
        "this very file was stated before: sha256:{sha256}",
    ),
    "document.series": (
        "读数 {count} 个：最低 {least}，最高 {most}，平均 {mean}，标准差 {sdev}",
        "{count} readings: lowest {least}, highest {most}, mean {mean}, deviation {sdev}",
    ),
}
