"""What can be wrong with a printed proof, told in both languages."""

from ledger.errors import LedgerError


class MalformedPrintedProof(LedgerError):
    """A scanned text is no printed proof, or not in its one form."""

    zh = "不是打印证明，或扫描有误：{reason}"
    en = "this is not a printed proof, or the scan went wrong: {reason}"
    remedy_zh = "重新扫描整个二维码，原样保存文字，不要改动空格"
    remedy_en = "scan the whole QR code again and save its text as it is, spaces included"


class NotPrintable(LedgerError):
    """A receipt has a part that the printed form cannot say."""

    zh = "这份存证回执不能写成打印证明：{reason}"
    en = "this receipt cannot be written as a printed proof: {reason}"
    remedy_zh = "改用存证回执文件本身"
    remedy_en = "use the receipt file itself"


class PrintedProofTooLarge(LedgerError):
    """A printed proof does not fit the largest QR code."""

    zh = "打印证明有 {size} 字节，一个二维码最多容纳 {limit} 字节"
    en = "the printed proof has {size} bytes, one QR code holds at most {limit}"
    remedy_zh = "改用存证回执文件或证据文件"
    remedy_en = "use the receipt file or an evidence file"
