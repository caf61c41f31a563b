"""docs/stages.md, written from the profiles: every stage with its lots and fields, in both languages."""

from collections.abc import Iterator

from trace.profiles import Field, profile
from trace.stage_words import kind_of_value, seen_by, unit_of
from trace.vocabulary import ORIGIN_STAGES, Stage

_BEGINNING = """# Stages 环节

What a step of each stage must and may say. This page is written by `scripts/write_stages.py` from
`trace/facts/profiles.csv` and `trace/flows.py`; a test keeps it fresh. The same profiles judge every
step, make the spreadsheet template, and are served as JSON Schema at `/v1/stages/{stage}/schema` and
as a form at `/workbench/steps/{stage}`; `/stages/{stage}` shows the same to people.

公开 public fields enter the log as they are. 交易方 fields (for trading partners) and 监管 fields (for
regulators) enter it as salted digests only; their values are kept sealed beside it. Masses are whole
grams, money is whole fen, decimals are text.

| Stage 环节 | Key | Origin 来源环节 | Lots 批次 |
|---|---|---|---|
"""


def stages_markdown() -> str:
    """Return the whole page."""
    return _BEGINNING + "\n".join(_overview()) + "\n\n" + "\n".join(_sections())


def _overview() -> Iterator[str]:
    for stage in Stage:
        flow = profile(stage).flow
        begins = "yes 是" if stage in ORIGIN_STAGES else ""
        name = f"[{stage.zh} {stage.en}](#{_anchor(stage)})"
        yield f"| {name} | `{stage.value}` | {begins} | {flow.wanted_zh}. {flow.wanted_en} |"


def _sections() -> Iterator[str]:
    for stage in Stage:
        yield f"## {stage.zh} {stage.en}"
        yield ""
        yield "| Field 字段 | Name 名称 | Value 值 | Unit 单位 | Seen by 可见 | Meaning 含义 | Source 来源 |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_row(field) for field in profile(stage).fields)
        yield ""


def _row(field: Field) -> str:
    required = " **required 必填**" if field.required else ""
    meaning = ". ".join(filter(None, (field.meaning_zh, field.meaning_en)))
    unit = " ".join(dict.fromkeys(filter(None, (unit_of(field, "zh"), unit_of(field, "en")))))
    return (
        f"| `{field.name}`{required} | {field.zh} {field.en} "
        f"| {kind_of_value(field, 'zh')} {kind_of_value(field, 'en')} | {unit} "
        f"| {seen_by(field, 'zh')} {seen_by(field, 'en')} "
        f"| {meaning} | {field.source} |"
    )


def _anchor(stage: Stage) -> str:
    """What a forge makes of the heading of a stage."""
    return f"{stage.zh} {stage.en}".lower().replace(" ", "-")
