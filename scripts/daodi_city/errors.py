"""What can go wrong with a demo city, in words for people."""

from ledger.errors import DaodiError


class DemoError(DaodiError):
    """A demo city cannot be loaded, or does not pass its checks."""


class FolderNotOurs(DemoError):
    """The folder holds something that no demo put there."""

    zh = "文件夹 {folder} 里已有别的内容，演示城市不会动它"
    en = "the folder {folder} already holds something else; the demo leaves it alone"
    remedy_zh = "用 --folder 指定一个空文件夹"
    remedy_en = "name an empty folder with --folder"


class DemoRunning(DemoError):
    """A demo already runs on the folder."""

    zh = "文件夹 {folder} 里的演示城市正在运行（进程 {pid}，{url}）"
    en = "the demo city in {folder} is running already (process {pid}, {url})"
    remedy_zh = "直接打开该地址；或先用 Ctrl-C 结束它；或用 --folder 指定另一个文件夹"
    remedy_en = "open that address, or end it with Ctrl-C first, or name another folder with --folder"


class ChecksFailed(DemoError):
    """At least one check of the loaded city failed."""

    zh = "演示城市有 {count} 项检查未通过：{names}"
    en = "{count} checks of the demo city failed: {names}"
    remedy_zh = "请加 --fresh 重新载入后再查；若仍不通过，请把上表报告给维护者"
    remedy_en = "load it again with --fresh; if they fail again, report the table above to the maintainers"
