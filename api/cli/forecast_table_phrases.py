"""What `daodi forecast table` says, in Chinese and English under one key."""

from typing import Final

FORECAST_TABLE_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.forecast.table": (
        "用各快速模型预测自备的数列表，多核并行；不存档",
        "forecast a table of series of your own by the fast models, on all cores; nothing is stored",
    ),
    "option.forecast.series_file": (
        "CSV：series 数列、period 期（整数或 2026-03）、value 数值",
        "a CSV with series, period (a whole number or 2026-03) and value",
    ),
    "option.forecast.horizon": ("向前预测几期", "periods ahead"),
    "option.forecast.season": ("一年几期；1 为不看季节", "periods a year; 1 looks for no season"),
    "option.forecast.models": (
        "模型，可重复；缺省为全部快速模型",
        "a model, may be given several times; all fast models when left out",
    ),
    "option.forecast.out": ("把全部预测写成 CSV", "write all forecasts to this CSV"),
    "forecast.table_written": ("已写入 {file}：{rows} 行", "wrote {file}: {rows} rows"),
    "forecast.table_more": (
        "只显示前 {shown} 行，共 {rows} 行；用 --out 写成文件",
        "the first {shown} of {rows} rows; --out writes them all",
    ),
    "head.series_name": ("数列", "series"),
}
