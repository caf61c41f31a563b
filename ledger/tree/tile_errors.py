"""What can be wrong with a tile that somebody asks for, or with a copy of the tree in a folder."""

from ledger.errors import LedgerError


class NoSuchTile(LedgerError):
    """No published tile or entry bundle has this path, or its spelling is not the one there is."""

    zh = "没有哈希块 {path}，或尚未发布"
    en = "there is no tile {path}, or it is not published yet"
    remedy_zh = "先取最新检查点；路径写法见 c2sp.org/tlog-tiles"
    remedy_en = "fetch the newest checkpoint first; c2sp.org/tlog-tiles fixes the paths"


class TileAltered(LedgerError):
    """The database holds fewer entries or hashes than a published checkpoint covers, or others."""

    zh = "数据库中 {path} 的内容与已发布的检查点不符"
    en = "what the database holds of {path} is not what the published checkpoint covers"
    remedy_zh = "停止写入，保留现场，运行 daodi fsck"
    remedy_en = "stop writing, keep everything as it is, and run `daodi fsck`"


class ExportDiffers(LedgerError):
    """A file of an earlier export holds other bytes: one of the two trees was changed."""

    zh = "{file} 已存在且内容不同：同一账本的哈希块从不改变"
    en = "{file} exists with other content: the tiles of one log never change"
    remedy_zh = "不要覆盖；保留两份，用 daodi fsck 分别检查该文件夹与数据库"
    remedy_en = "do not overwrite it; keep both, and check the folder and the database with `daodi fsck`"


class ExportForeign(LedgerError):
    """The folder holds something else than an earlier state of this log."""

    zh = "文件夹 {folder} 中的检查点不属于本账本，或比本账本更长：{reason}"
    en = "the checkpoint in {folder} is another log's, or reaches further than this one: {reason}"
    remedy_zh = "换一个空文件夹；若该文件夹确是本账本的导出，数据库可能被回退，请勿继续写入"
    remedy_en = (
        "choose an empty folder; if it is an export of this log, the database was rolled back: stop writing"
    )


class ExportUnwritable(LedgerError):
    """The system refused to write or read a file of the export."""

    zh = "无法读写 {file}：{reason}"
    en = "cannot read or write {file}: {reason}"
    remedy_zh = "检查权限与剩余空间后再次执行；已写好的部分会被保留"
    remedy_en = "check permissions and free space and run it again; what is written already is kept"
