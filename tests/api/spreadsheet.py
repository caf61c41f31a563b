"""A workbook as a cooperative would send it: parties, places, and three lots from seed to sale.

白芍 from two plots, one of its lots split and merged with the other; 当归 on its own. Written with
openpyxl alone, so that what the command line reads was not written by the code under test.
"""

from pathlib import Path

from openpyxl import Workbook

from trace.identifiers import make_uscc

GROWER = make_uscc("9", "3", "341602", "MA2N3B4C")
COOP = make_uscc("N", "2", "621126", "MF123456")
MAKER = make_uscc("9", "1", "341602", "MA8Q1234")
PHARMACY = make_uscc("9", "1", "110105", "MA01ABCD")

PARTIES = [
    ("统一社会信用代码", "名称", "主体类型", "行政区划"),
    (GROWER, "谯城白芍种植合作社", "药材种植", "341602"),
    (COOP, "岷县当归合作社", "药材种植", "621126"),
    (MAKER, "亳州饮片厂", "饮片生产", "341602"),
    (PHARMACY, "朝阳大药房", "医院药店", "110105"),
]
PLACES = [
    ("地点编号", "名称", "主体", "行政区划"),
    ("PLOT-1", "十九里镇一号地", GROWER, "341602"),
    ("PLOT-2", "十九里镇二号地", GROWER, "341602"),
    ("PLOT-D", "梅川镇当归地", COOP, "621126"),
    ("WORKS", "饮片车间", MAKER, "341602"),
    ("COUNTER", "药房柜台", PHARMACY, "110105"),
]
COLUMNS = (
    "编号", "环节", "主体", "地点", "时间", "投入批次", "产出批次", "所涉批次", "药材", "规格等级",
    "对方主体", "检验结果", "包数", "每包重量", "种子来源", "种植面积", "农事类型", "粗加工方法",
    "报告编号", "炮制方法", "执行标准",
)  # fmt: skip


def season() -> list[dict[str, str]]:
    """Every step, in the order a clerk would enter them: one lot after the other, not by time."""
    rows = [
        *field("BS1", "白芍", GROWER, "PLOT-1", "2023-10-08", "2025-08-20", "1200公斤", "400公斤", "统"),
        *field("BS2", "白芍", GROWER, "PLOT-2", "2023-10-09", "2025-08-21", "900公斤", "300公斤", "统"),
        *field("DG1", "当归", COOP, "PLOT-D", "2024-03-15", "2025-08-19", "800公斤", "200公斤", "统"),
        row(
            "拆分",
            GROWER,
            "PLOT-1",
            "2025-09-02 08:00",
            投入批次="BS1-H",
            产出批次="BS1-A=250公斤；BS1-B=150公斤",
        ),
        row("合并", GROWER, "PLOT-1", "2025-09-03 08:00", 投入批次="BS1-B；BS2-H", 产出批次="BS-M=450公斤"),
        *to_counter("BS-M", "BSY", GROWER, "PLOT-1", "430公斤", "切薄片", 20, "06"),
        *to_counter("DG1-H", "DGY", COOP, "PLOT-D", "190公斤", "酒炙", 10, "07"),
    ]
    return [{"编号": f"R{number:03}"} | each for number, each in enumerate(rows, 1)]


def field(
    name: str, herb: str, party: str, place: str, sown: str, dug: str, fresh: str, dried: str, grade: str
) -> list[dict[str, str]]:
    """From seed to a tested lot of dried herb."""
    return [
        row("种子种苗", party, place, f"{sown} 07:00", 产出批次=f"{name}-S=50公斤", 药材=herb,
            种子来源="自购"),
        row("种植", party, place, f"{sown} 15:00", 投入批次=f"{name}-S", 产出批次=f"{name}-P",
            种植面积="4.5"),
        row("田间管理", party, place, "2025-05-01 09:00", 所涉批次=f"{name}-P", 农事类型="除草"),
        row("采收", party, place, f"{dug} 06:00", 投入批次=f"{name}-P", 产出批次=f"{name}-F={fresh}"),
        row("产地初加工", party, place, f"{dug} 18:00", 投入批次=f"{name}-F", 产出批次=f"{name}-H={dried}",
            规格等级=grade, 粗加工方法="晒干"),
        row("检验", party, place, "2025-09-01 10:00", 所涉批次=f"{name}-H", 报告编号=f"BG-{name}",
            检验结果="二氧化硫残留量=86.5 mg/kg；水分=11.2 %"),
    ]  # fmt: skip


def to_counter(
    lot: str, slices: str, party: str, place: str, made: str, method: str, packs: int, day: str
) -> list[dict[str, str]]:
    """From a lot of dried herb to the pharmacy's counter."""
    return [
        row("发货", party, place, f"2025-09-{day} 08:00", 所涉批次=lot, 对方主体=MAKER),
        row("收货", MAKER, "WORKS", f"2025-09-{day} 16:00", 所涉批次=lot, 对方主体=party),
        row("饮片炮制", MAKER, "WORKS", "2025-09-10 09:00", 投入批次=lot, 产出批次=f"{slices}={made}",
            炮制方法=method, 执行标准="中国药典2020年版"),
        row("检验", MAKER, "WORKS", "2025-09-11 09:00", 所涉批次=slices, 报告编号=f"BG-{slices}",
            检验结果="二氧化硫残留量=90 mg/kg"),
        row("包装赋码", MAKER, "WORKS", "2025-09-12 09:00", 投入批次=slices, 包数=str(packs),
            每包重量="500克"),
        row("发货", MAKER, "WORKS", "2025-09-13 08:00", 所涉批次=slices, 对方主体=PHARMACY),
        row("收货", PHARMACY, "COUNTER", "2025-09-14 08:00", 所涉批次=slices, 对方主体=MAKER),
        row("销售", PHARMACY, "COUNTER", "2025-09-15 11:00", 所涉批次=f"{slices}=1公斤"),
    ]  # fmt: skip


def row(stage: str, party: str, place: str, time: str, **rest: str) -> dict[str, str]:
    """One row of the sheet of steps."""
    return {"环节": stage, "主体": party, "地点": place, "时间": time} | rest


def write(path: Path, steps: list[dict[str, str]]) -> Path:
    """Write the workbook with its three sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (("主体", PARTIES), ("地点", PLACES)):
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    sheet = book.create_sheet("环节")
    sheet.append(COLUMNS)
    for each in steps:
        sheet.append([each.get(column) for column in COLUMNS])
    book.save(path)
    return path
