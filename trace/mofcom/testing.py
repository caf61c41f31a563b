"""检验: the tests inside the messages of 药材 and 饮片.

The national system's message names report and verdict but no values; a test here has a value for each
measurand, so 结果 stands beside them, and 报告编号, by which a report is found.
"""

from collections.abc import Iterator

from trace.columns import STEPS
from trace.mofcom.drafts import Draft, Setting
from trace.mofcom.told import Told

_TYPES = {"1": "检验", "2": "产地", "3": "环境检验", "4": "其他"}


def tests_in(told: Told, at: Setting, lot: str, *, first: int) -> Iterator[Draft]:
    """Read every 检验 of a message; `first` is the number of the first row."""
    for number, test in enumerate(told.groups("检验"), start=first):
        kind = test.text("报告类型")
        cells = {
            "环节": "检验",
            "时间": test.need("检验时间", "如 2022-11-05", "such as 2022-11-05"),
            "所涉批次": lot,
            "报告编号": test.need("报告编号", "报告上的编号", "number on the report"),
            "检验方法": test.text("检验方法"),
            "质量级别": test.text("质量级别"),
            "报告类型": _TYPES.get(kind, kind),
            "报告地址": test.text("报告地址"),
            "检验人员": test.text("检验人员"),
            "检验结果": "；".join(_result(each) for each in test.groups("结果")),
        }
        test.done()
        yield Draft(layout=STEPS, row=at.row(STEPS, cells, number, test.node.line))


def _result(told: Told) -> str:
    name, value = told.need("项目", "检测项目", "measurand"), told.need("数值", "数", "a number")
    unit, method = told.text("单位"), told.text("方法")
    told.done()
    return f"{name}={value} {unit}" + (f"（{method}）" if method else "")
