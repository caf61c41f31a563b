"""Rows of a CSV file of steps, as a clerk would type them."""

from trace.imports import ReadResult, read_steps

from .season import GROWER

HEADINGS = "环节,主体,地点,时间,投入批次,产出批次,药材,采集区域,粗加工方法\n"


def csv_of(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8-sig") -> ReadResult:
    return read_steps((headings + "\n".join(rows)).encode(encoding), "steps.csv")


GOOD = f"野生采集,{GROWER},PLOT,2024-03-02 08:00,,A=10公斤,白芍,大别山,"
DRIED = f"产地初加工,{GROWER},PLOT,2024-03-03 08:00,A,B=3公斤,,,晒干"
OVERDRAWN = f"产地初加工,{GROWER},PLOT,2024-03-03 08:00,A=11公斤,C=3公斤,,,晒干"
