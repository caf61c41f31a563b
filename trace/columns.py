"""The columns of the three import sheets, each with its Chinese and English heading and a note."""

from dataclasses import dataclass
from typing import Final

from trace.quantities import narrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet."""

    key: str
    zh: str
    required: bool
    note_zh: str
    note_en: str

    @property
    def label(self) -> str:
        """Return its heading in the template, by which every message names it, such as "时间 time"."""
        return f"{self.zh} {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One sheet."""

    key: str
    zh: str
    columns: tuple[Column, ...]

    def names(self, heading: str) -> str | None:
        """Return the key of the column a heading stands for; None when it is none of this sheet."""
        wanted = narrow(heading).casefold()
        for column in self.columns:
            if wanted in (column.key, column.zh, column.label):
                return column.key
        return None

    def label(self, key: str) -> str:
        """Return the label of one of its columns."""
        return next(column.label for column in self.columns if column.key == key)


def _column(key: str, zh: str, note_zh: str, note_en: str, *, required: bool = False) -> Column:
    return Column(key=key, zh=zh, required=required, note_zh=note_zh, note_en=note_en)


PARTIES: Final = Layout(
    key="parties",
    zh="主体",
    columns=(
        _column("uscc", "统一社会信用代码", "18 位", "18 characters", required=True),
        _column("name", "名称", "营业执照上的名称", "as on the licence", required=True),
        _column(
            "node_types", "主体类型", "如 药材种植；饮片生产", "such as grower; slice_maker", required=True
        ),
        _column("division", "行政区划", "所在地 6 位代码", "GB/T 2260 code of the seat", required=True),
    ),
)
PLACES: Final = Layout(
    key="places",
    zh="地点",
    columns=(
        _column("place", "地点编号", "字母数字，如 BZ-PLOT-07", "letters and digits", required=True),
        _column("name", "名称", "如 谯城区白芍基地", "such as the plot's name", required=True),
        _column("party", "主体", "经营者的统一社会信用代码", "USCC of who runs it", required=True),
        _column("division", "行政区划", "6 位代码", "GB/T 2260 code", required=True),
        _column("market", "市场", "所在专业市场简称，如 亳州", "the herb market it lies in"),
        _column("address", "详细地址", "不公开", "never shown to the public"),
    ),
)
STEPS: Final = Layout(
    key="steps",
    zh="环节",
    columns=(
        _column("id", "编号", "自编，同一编号重复提交只记一次",
                "your own id: sent twice, it is recorded once"),
        _column("stage", "环节", "如 采收", "such as harvest", required=True),
        _column("party", "主体", "登记者的统一社会信用代码", "USCC of who did it", required=True),
        _column("place", "地点", "地点编号", "id of the place", required=True),
        _column("time", "时间", "如 2026-03-05 08:00，北京时间",
                "Beijing time unless an offset stands", required=True),
        _column("inputs", "投入批次", "批次=重量，分号隔开；不写重量即全部",
                "lot=mass; semicolons; no mass is all of it"),
        _column("outputs", "产出批次", "批次=重量，分号隔开", "lot=mass, with semicolons"),
        _column("lots", "所涉批次", "检验、农事、发货、收货、销售填此列",
                "for tests, field work, shipment, receipt, sale"),
        _column("codes", "追溯码", "按包发货、收货、销售等填此列，分号隔开",
                "packs by their codes, with semicolons"),
        _column("container", "箱码", "装箱、拆箱填", "code of the box that is packed or unpacked"),
        _column("herb", "药材", "产出批次的药材名；辅料、成药填品名",
                "herb of the outputs; name of an excipient or product"),
        _column("form", "形态", "产出批次的形态，与环节通常不同时填",
                "form of the outputs, if not the usual"),
        _column("grade", "规格等级", "产出批次的规格等级", "grade of the outputs"),
        _column("counterparty", "对方主体", "发货、收货、销售的对方", "the other side"),
        _column("results", "检验结果", "检测项目=数值 单位，分号隔开",
                "measurand=value unit, with semicolons"),
        _column("packs", "包数", "包装赋码填", "for packing"),
        _column("pack_mass", "每包重量", "如 500克", "such as 500 g"),
        _column("batch", "码批", "已领追溯码的批号，可不填", "codes issued earlier, if any"),
        _column("other_system", "原追溯系统", "如 商务部、药品追溯码、gs1 或 x-自定名",
                "cpc, drug, gs1, or x- and a name of your own"),
        _column("other_codes", "原追溯码", "产出批次在该系统中的码，分号隔开，与产出批次一一对应",
                "codes the outputs have in that system, one for each, with semicolons"),
    ),
)  # fmt: skip
LAYOUTS: Final = (PARTIES, PLACES, STEPS)
