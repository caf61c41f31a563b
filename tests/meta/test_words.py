"""One word for one thing: docs/glossary.md decides, and its rivals are said nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RIVALS = {
    "账本": "日志(?! 是|文件)",
    "条目": "账本序号",
    "存证回执": "凭据",
    "陈述": "存证编号|发布声明|声明 \\{",
    "指数系列": "指数族",
    "总指数": "综合指数|综合 \\{",
    "发现": "系统发现的问题|有标记",
    "报价单元": "品规",
    "权数": "权重",
    "发布包": "输入包|投入数据",
    "发布编号": "发布号",
    "见证方": "见证人|见证单位",
    "信任策略": "见证策略",
    "法定数": "见证定额",
    "哈希块": "数据块",
    "超标": '检验超限|"超限"',
}
"""The glossary's word, and what was said for the same thing elsewhere."""
ELSEWHERE = {
    "docs/glossary.md": "日志",  # says what the word is left for
    "docs/operations.md": "日志",  # what a program writes about itself
}
FOLDERS = ("ledger", "trace", "priceindex", "api", "scripts")
SHOWN = {".py", ".toml", ".html", ".md", ".csv"}


def pages() -> list[Path]:
    """Every file whose words people read, decisions of the past aside."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in SHOWN]
    guides = sorted((ROOT / "docs" / "guides").rglob("*.md"))
    return [*sorted(found), *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *guides]


@pytest.mark.parametrize(("word", "rival"), RIVALS.items())
def test_a_thing_has_one_name(word: str, rival: str) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert word in glossary, f"{word} is not in the glossary"
    found = []
    for path in pages():
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            said = re.search(rival, line)
            if said and ELSEWHERE.get(name) != said[0]:
                found.append(f"{name}:{number}: {said[0]}")
    assert found == [], f"the glossary says {word}"
